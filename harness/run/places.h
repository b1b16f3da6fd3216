// Keeps the machine out of records: folders become the words of record/place_words.h.
//
// Outcomes do not change by this: of a path in a message they keep the file's name only, and in a
// print only comments are rewritten. Literals of a graph and contexts of a pytree belong to the
// outcome and stay as they are, even where they are paths.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "matrix/case.h"
#include "record/observation.h"

namespace exportgate::run {

class Places {
  public:
    /// `folder`, as it is given, normalised, and with symbolic links resolved, becomes `word`. A
    /// relative one, an empty one and "/" are left out.
    void add(const std::filesystem::path& folder, std::string_view word);

    /// `text` with each of the folders replaced, the longest first, where a path begins with it.
    std::string neutral(std::string_view text) const;

    /// The texts of an observation, in place; what was printed also without the times and process
    /// numbers of torch's log lines, and only the last lines of it, up to 4 KiB.
    void neutralise(record::Observation& observation) const;

  private:
    std::string neutral_comments(std::string_view print) const;
    void neutralise(std::vector<std::string>& lines) const;

    std::vector<std::pair<std::string, std::string>> places_;  // folder, word; longest folder first
};

/// The folders of a run: of the cases, the worker, the ones that its hello names, the user's home,
/// and temporary files.
Places places_of(std::span<const matrix::Case> cases, const std::filesystem::path& worker,
                 const std::map<std::string, std::vector<std::string>>& folders);

}  // namespace exportgate::run
