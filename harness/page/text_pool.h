// Long texts that many cells share, each kept once and named by its number.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace exportgate::page {

class TextPool {
  public:
    std::size_t number_of(const std::string& text) {
        const auto [at, is_new] = numbers_.try_emplace(text, texts_.size());
        if (is_new) texts_.push_back(&at->first);
        return at->second;
    }

    /// In the order of their numbers. Valid until the pool is gone.
    const std::vector<const std::string*>& texts() const {
        return texts_;
    }

  private:
    std::map<std::string, std::size_t> numbers_;
    std::vector<const std::string*> texts_;
};

}  // namespace exportgate::page
