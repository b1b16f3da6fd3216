// What the cells of a run were made of, kept in its record when they were observed.
#pragma once

#include <map>
#include <span>
#include <string>

#include "base/error.h"
#include "record/record_file.h"
#include "run/ingredients.h"
#include "run/run.h"

namespace exportgate::run {

/// The digests of the folders of the cases that `cells` are of. Errors: as case_digest.
Result<std::map<std::string, std::string>> digests_of_cases(std::span<const matrix::Cell> cells,
                                                            std::span<const matrix::Case> cases,
                                                            const std::filesystem::path& worker);

/// Before anything is observed: what would be missed if it changed while the cells run.
struct MadeOfBefore {
    FileTime since = 0;
    std::string worker;
    std::map<std::string, std::string> cases;
};
Result<MadeOfBefore> look_before(std::span<const matrix::Cell> cells,
                                 std::span<const matrix::Case> cases, const Options& options);

/// Completes the header and the observations of `made`, whose ingredients are named as workers name
/// them. A case, a file or a worker that changed since `before` makes its cells unknown: they are
/// observed again. `python_path`: of the worker.
void keep_made_of(record::Record& made, const MadeOfBefore& before,
                  const std::vector<std::string>& python_path, std::span<const matrix::Case> cases,
                  const Options& options);

/// "2026-11-29T13:55:02Z", now.
std::string time_now();

}  // namespace exportgate::run
