#include "side.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/torch_version.h"
#include "environment/installed.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view extension = ".jsonl";

/// The releases that are recorded, oldest first.
std::vector<std::string> recorded_releases(const fs::path& folder) {
    std::vector<TorchVersion> releases;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() != extension) continue;
        if (auto release = TorchVersion::parse(entry.path().stem().string()))
            releases.push_back(std::move(*release));
    }
    std::sort(releases.begin(), releases.end());
    std::vector<std::string> names;
    for (const TorchVersion& release : releases)
        names.push_back(release.text());
    return names;
}

Error nothing_named(const std::string& side, const SideOptions& options) {
    const std::string folder = options.recordings.string();
    const std::vector<std::string> releases = recorded_releases(options.recordings);
    const std::vector<std::string> environments = environment::names(options.how.environments);
    const std::string recorded = releases.empty() ? "no release is recorded in " + folder
                                                  : folder + " has " + join(releases, ", ");
    const std::string there =
        environments.empty() ? "there is no environment in " + options.how.environments.string()
                             : "there are the environments " + join(environments, ", ");
    return {"", 0,
            "\"" + side + "\" is no file, no environment and no recorded release: " + there + "; " +
                recorded,
            "`exportgate env add " + side +
                "`, or name a record that `exportgate run --record "
                "FILE` wrote"};
}

/// A record that is filed under a release that it does not hold would judge the wrong torch.
Results<FoundSide> filed_under(const TorchVersion& release, const fs::path& file) {
    Result<record::Record> record = record::read_record(file);
    if (!record) return tl::unexpected(Errors{record.error()});
    const std::string& torch = record->header.environment.torch;
    const Result<TorchVersion> held = TorchVersion::parse(torch);
    if (held && *held == release) return FoundSide{std::move(*record), file.string(), false};
    return tl::unexpected(Errors{
        {file.string(), 0, "is filed under torch " + release.text() + " and holds torch " + torch,
         "name the record by its path if that is the one you mean"}});
}

/// The environment that `side` means; nullopt where there is none. One that cannot be read might be
/// the one that is meant: that is said.
Results<std::optional<std::string>> environment_of(const std::string& side, const fs::path& root) {
    const std::vector<std::string> all = environment::names(root);
    if (std::find(all.begin(), all.end(), side) != all.end()) return side;
    const Result<TorchVersion> release = TorchVersion::parse(side);
    if (!release) return std::nullopt;
    std::vector<std::string> with;
    for (const std::string& name : all) {
        const Result<environment::Installed> installed = environment::load(root, name);
        if (!installed) {
            print_error(installed.error());
            continue;
        }
        const Result<TorchVersion> torch = TorchVersion::parse(installed->facts.torch);
        if (torch && *torch == *release) with.push_back(name);
    }
    if (with.empty()) return std::nullopt;
    if (with.size() == 1) return with.front();
    return tl::unexpected(
        Errors{{"", 0, "the environments " + join(with, ", ") + " all have torch " + side,
                "name one of them"}});
}

Results<FoundSide> observed_in(const std::string& environment, const SideOptions& options,
                               const Workspace& workspace, const std::vector<matrix::Cell>& cells) {
    Observing how = options.how;
    how.environment = environment;
    how.record = record_of(environment);
    how.reuse = true;
    Results<record::Record> record = observe(how, workspace, cells);
    if (!record) return tl::unexpected(record.error());
    record->file = how.record.string();
    return FoundSide{std::move(*record),
                     "environment " + environment + ", kept in " + how.record.string(), true};
}

}  // namespace

Results<FoundSide> find_side(const std::string& side, const SideOptions& options,
                             const Workspace& workspace, const std::vector<matrix::Cell>& cells) {
    std::error_code ignored;
    if (side.ends_with(extension) || fs::is_regular_file(side, ignored)) {
        Result<record::Record> record = record::read_record(side);
        if (!record) return tl::unexpected(Errors{record.error()});
        return FoundSide{std::move(*record), side, false};
    }
    const Results<std::optional<std::string>> environment =
        environment_of(side, options.how.environments);
    if (!environment) return tl::unexpected(environment.error());
    if (*environment) return observed_in(**environment, options, workspace, cells);
    if (const Result<TorchVersion> release = TorchVersion::parse(side)) {
        const fs::path file = options.recordings / (release->text() + std::string(extension));
        if (fs::exists(file, ignored)) return filed_under(*release, file);
    }
    return tl::unexpected(Errors{nothing_named(side, options)});
}

}  // namespace exportgate::cli
