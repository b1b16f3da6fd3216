#include "upgrade_side.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "base/text.h"
#include "base/torch_version.h"
#include "environment/installed.h"
#include "taking.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view extension = ".jsonl";

/// The releases that are recorded, oldest first, with their files.
std::vector<std::pair<TorchVersion, fs::path>> recorded_releases(const fs::path& folder) {
    std::vector<std::pair<TorchVersion, fs::path>> releases;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() != extension) continue;
        if (const auto release = TorchVersion::parse(entry.path().stem().string()))
            releases.emplace_back(*release, entry.path());
    }
    std::sort(releases.begin(), releases.end());
    return releases;
}

Error nothing_named(const std::string& side, const SideOptions& options) {
    const std::vector<std::string> environments = environment::names(options.how.environments);
    std::vector<std::string> releases;
    for (const auto& [release, file] : recorded_releases(options.recordings))
        releases.push_back(file.stem().string());
    std::vector<std::string> remedies;
    if (TorchVersion::parse(side)) {
        remedies.push_back("`exportgate env add " + side + "` installs it");
    } else if (const std::string near = closest(side, environments); !near.empty()) {
        remedies.push_back("did you mean \"" + near + "\"?");
    }
    remedies.emplace_back("a record is a file that `exportgate run --record FILE` wrote");
    return {"", 0,
            "\"" + side + "\" is no file, no environment (" +
                (environments.empty() ? "there is none" : join(environments, ", ")) +
                ") and no release in " + options.recordings.string() + " (" +
                (releases.empty() ? "there is none" : join(releases, ", ")) + ")",
            join(remedies, "; ")};
}

/// A record that is filed under a release that it does not hold would judge the wrong torch.
std::optional<Error> misfiled(const std::string& release, const record::Record& record) {
    const auto& [torch, torch_build] =
        std::tie(record.header.environment.torch, record.header.environment.torch_build);
    if (is_torch(release, torch_build)) return std::nullopt;
    const std::string what = is_torch(torch, release)
                                 ? "holds torch " + torch_build + ", another build than " + release
                                 : "is filed under torch " + release + " and holds torch " + torch;
    return Error{record.file, 0, what, "name the record by its path if that is the one you mean"};
}

/// The record of a release: filed under just these words, or else under the release without a
/// build.
std::optional<fs::path> recorded(const std::string& side, const fs::path& folder) {
    std::error_code ignored;
    const fs::path same_words = folder / (side + std::string(extension));
    if (fs::exists(same_words, ignored)) return same_words;
    for (const auto& [release, file] : recorded_releases(folder)) {
        if (is_torch(release.text(), side) && release.text() == file.stem()) return file;
    }
    return std::nullopt;
}

/// The environment that `side` means; nullopt where there is none. One that cannot be read might be
/// the one that is meant: that is said. Of several with that torch it is `preferred`, the one that
/// `run` takes where no other is named.
Result<std::optional<std::string>> environment_of(const std::string& side, const fs::path& root,
                                                  const std::string& preferred) {
    const std::vector<std::string> all = environment::names(root);
    if (std::find(all.begin(), all.end(), side) != all.end()) return side;
    if (!TorchVersion::parse(side)) return std::nullopt;
    std::vector<std::string> with;
    for (const std::string& name : all) {
        const Result<environment::Installed> installed = environment::load(root, name);
        if (!installed) {
            print_error(installed.error());
            continue;
        }
        if (is_torch(side, installed->facts.torch_build)) with.push_back(name);
    }
    if (with.empty()) return std::nullopt;
    if (with.size() == 1) return with.front();
    if (std::find(with.begin(), with.end(), preferred) != with.end()) return preferred;
    return tl::unexpected(Error{"", 0,
                                "the environments " + join(with, ", ") + " all have torch " + side,
                                "name one of them"});
}

Observing observing_in(const std::string& environment, const SideOptions& options) {
    Observing how = options.how;
    how.environment = environment;
    how.record = record_of(how.project, environment);
    how.reuse = true;
    return how;
}

/// What the record of the environment has of `cells`; nullopt where nothing can be taken.
std::optional<Taken> takeable(const std::string& environment, const SideOptions& options,
                              const Workspace& workspace, const std::vector<matrix::Cell>& cells) {
    Observing how = observing_in(environment, options);
    const Results<fs::path> worker = worker_of(how, workspace.cases);
    if (!worker) return std::nullopt;
    how.worker = *worker;
    Taken taken = take(how, options_of(how), workspace, cells);
    if (!taken.earlier) return std::nullopt;
    return taken;
}

bool was_saved(const record::Observation& observation) {
    const auto* exported = std::get_if<record::Exported>(&observation.result);
    return exported != nullptr &&
           std::any_of(exported->checks.begin(), exported->checks.end(), [](const auto& check) {
               return check.name == "save_load" && check.status == record::CheckStatus::pass;
           });
}

Results<ObservedSide> observed_in(const std::string& environment, const SideOptions& options,
                                  const Workspace& workspace,
                                  const std::vector<matrix::Cell>& cells) {
    const Observing how = observing_in(environment, options);
    Results<record::Record> record = observe(how, workspace, cells);
    if (!record) return tl::unexpected(record.error());
    record->file = how.record.string();
    return ObservedSide{std::move(*record),
                        "environment " + environment + ", kept in " + how.record.string(), true};
}

}  // namespace

Result<UpgradeSide> find_side(const std::string& side, const SideOptions& options) {
    std::error_code ignored;
    if (side.ends_with(extension) || fs::is_regular_file(side, ignored))
        return UpgradeSide{"", side, ""};
    const Result<std::optional<std::string>> environment =
        environment_of(side, options.how.environments, options.how.project.environment);
    if (!environment) return tl::unexpected(environment.error());
    if (*environment) return UpgradeSide{**environment, "", ""};
    if (TorchVersion::parse(side)) {
        if (const auto file = recorded(side, options.recordings))
            return UpgradeSide{"", *file, side};
    }
    return tl::unexpected(nothing_named(side, options));
}

Result<UpgradeSide> find_recorded_side(const std::string& side, const SideOptions& options) {
    std::error_code ignored;
    if (TorchVersion::parse(side) && !fs::is_regular_file(side, ignored)) {
        if (const auto file = recorded(side, options.recordings))
            return UpgradeSide{"", *file, side};
    }
    return find_side(side, options);
}

std::vector<std::string> releases_between(const TorchVersion& oldest, const TorchVersion& newest,
                                          const SideOptions& options) {
    std::set<TorchVersion> found;
    const auto add = [&](const TorchVersion& release) {
        if (oldest < release && release < newest) found.insert(release);
    };
    for (const auto& [release, file] : recorded_releases(options.recordings))
        add(release);
    for (const std::string& name : environment::names(options.how.environments)) {
        const Result<environment::Installed> installed =
            environment::load(options.how.environments, name);
        if (!installed) continue;
        if (const auto release = TorchVersion::parse(installed->facts.torch)) add(*release);
    }
    std::vector<std::string> names;
    for (const TorchVersion& release : found)
        names.push_back(release.text());
    return names;
}

bool can_hand_programs(const UpgradeSide& before, const UpgradeSide& after) {
    return !before.environment.empty() && !after.environment.empty() &&
           before.environment != after.environment;
}

std::set<std::string> cells_to_hand(const UpgradeSide& before, const UpgradeSide& after,
                                    const SideOptions& options, const Workspace& workspace,
                                    const std::vector<matrix::Cell>& cells) {
    const std::optional<Taken> a = takeable(before.environment, options, workspace, cells);
    const std::optional<Taken> b = takeable(after.environment, options, workspace, cells);
    std::set<std::string> needed;
    if (!a || !b) {
        for (const matrix::Cell& cell : cells)
            needed.insert(cell.name());
        return needed;
    }
    for (const Taken* side : {&*a, &*b}) {
        for (const matrix::Cell& cell : side->again)
            needed.insert(cell.name());
    }
    const std::string& build = a->earlier->header.environment.torch_build;
    const auto& seen = b->earlier->observations;
    const bool tells_of_some = std::any_of(seen.begin(), seen.end(), [&](const auto& each) {
        return each.earlier && each.earlier->torch_build == build;
    });
    for (const matrix::Cell& cell : cells) {
        if (needed.contains(cell.name())) continue;
        const record::Observation& from = *a->earlier->find(cell.name());
        const record::Observation& to = *b->earlier->find(cell.name());
        const bool tells = to.earlier && to.earlier->torch_build == build &&
                           time_of(*a->earlier, from) <= time_of(*b->earlier, to);
        // A program that could not be saved is nothing that B could tell of.
        const bool is_missing = to.earlier || !tells_of_some || was_saved(from);
        if (!tells && is_missing && std::holds_alternative<record::Exported>(from.result))
            needed.insert(cell.name());
    }
    return needed;
}

Results<ObservedSide> observe_side(const UpgradeSide& side, const SideOptions& options,
                                   const Workspace& workspace,
                                   const std::vector<matrix::Cell>& cells) {
    if (!side.environment.empty()) return observed_in(side.environment, options, workspace, cells);
    Result<record::Record> record = read_record(side.file, workspace);
    if (!record) return tl::unexpected(Errors{record.error()});
    if (!side.release.empty()) {
        if (const std::optional<Error> error = misfiled(side.release, *record))
            return tl::unexpected(Errors{*error});
    }
    return ObservedSide{std::move(*record), side.file.string(), false};
}

}  // namespace exportgate::cli
