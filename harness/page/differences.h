// The two sides of a difference as data that a page can show beside each other: values of the
// second text are renumbered, so that what is the same in both reads the same.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "page/text_pool.h"
#include "report/json_parts.h"

namespace exportgate::page {

class Differences {
  public:
    explicit Differences(TextPool& pool) : pool_(pool) {}

    /// The number of the difference of two unequal texts.
    std::size_t number_of(const std::string& before, const std::string& after);

    /// [{before, after: numbers of the texts, edits: [n: n lines are kept, -n: n lines of `before`
    /// are gone, [line]: lines that are new, renumbered]}]
    const report::Json& json() const {
        return json_;
    }

  private:
    TextPool& pool_;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> numbers_;
    report::Json json_ = report::Json::array();
};

}  // namespace exportgate::page
