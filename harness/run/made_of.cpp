#include "run/made_of.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "run/digest.h"
#include "run/environment_digest.h"

namespace exportgate::run {

Result<std::map<std::string, std::string>> digests_of_cases(std::span<const matrix::Cell> cells,
                                                            std::span<const matrix::Case> cases,
                                                            const std::filesystem::path& worker) {
    std::set<std::string> names;
    for (const matrix::Cell& cell : cells)
        names.insert(cell.folder());
    std::map<std::string, std::string> digests;
    for (const matrix::Case& case_ : cases) {
        const std::string folder = matrix::folder_of(case_.name);
        if (!names.contains(folder) || digests.contains(folder)) continue;
        Result<std::string> digest = case_digest(case_, worker);
        if (!digest) return tl::unexpected(digest.error());
        digests.emplace(folder, std::move(*digest));
    }
    return digests;
}

Result<MadeOfBefore> look_before(std::span<const matrix::Cell> cells,
                                 std::span<const matrix::Case> cases, const Options& options) {
    MadeOfBefore before;
    before.since = file_time_now();
    Result<std::string> worker = worker_digest(options.worker);
    if (!worker) return tl::unexpected(worker.error());
    before.worker = std::move(*worker);
    Result<std::map<std::string, std::string>> digests =
        digests_of_cases(cells, cases, options.worker);
    if (!digests) return tl::unexpected(digests.error());
    before.cases = std::move(*digests);
    return before;
}

void keep_made_of(record::Record& made, const MadeOfBefore& before,
                  const std::vector<std::string>& python_path, std::span<const matrix::Case> cases,
                  const Options& options) {
    record::MadeOf made_of{before.worker, "", before.cases, options.timeout.count(),
                           options.check_budget.count()};
    const Result<std::string> worker = worker_digest(options.worker);
    if (!python_path.empty() && worker && *worker == before.worker) {
        keep_python_path(options.worker, python_path);
        made_of.environment = environment_digest(options.worker, before.since);
    }
    IngredientsNow now(cases, options.worker);
    std::set<std::string> looked_at;
    for (const matrix::Case& case_ : cases) {
        const std::string folder = matrix::folder_of(case_.name);
        const auto kept = made_of.cases.find(folder);
        if (kept == made_of.cases.end() || !looked_at.insert(folder).second) continue;
        const Result<std::string> digest = case_digest(case_, options.worker);
        if (!digest || *digest != kept->second) made_of.cases.erase(kept);
    }
    for (record::Observation& observation : made.observations) {
        if (!observation.made_of) continue;
        record::Ingredients kept;
        for (const record::Ingredient& seen : *observation.made_of)
            kept.push_back(now.kept(seen, before.since));
        std::sort(kept.begin(), kept.end());
        kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
        observation.made_of = std::move(kept);
    }
    made.header.made_of = std::move(made_of);
}

std::string time_now() {
    const auto now =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

}  // namespace exportgate::run
