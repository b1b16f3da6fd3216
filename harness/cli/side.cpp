#include "side.h"

#include <algorithm>
#include <optional>
#include <tuple>

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

/// "cu130" of "2.13.0+cu130"; "" where no build is named.
std::string_view build_of(std::string_view torch) {
    const auto plus = torch.find('+');
    return plus == std::string_view::npos ? "" : torch.substr(plus + 1);
}

/// A release without a build is any build of it; one build is no other.
bool is_of_build(std::string_view side, std::string_view torch_build) {
    return build_of(side).empty() || build_of(side) == build_of(torch_build);
}

/// A record that is filed under a release that it does not hold would judge the wrong torch.
Results<FoundSide> filed_under(const TorchVersion& release, const std::string& side,
                               const fs::path& file) {
    Result<record::Record> record = record::read_record(file);
    if (!record) return tl::unexpected(Errors{record.error()});
    const auto& [torch, torch_build] =
        std::tie(record->header.environment.torch, record->header.environment.torch_build);
    const Result<TorchVersion> held = TorchVersion::parse(torch);
    const bool is_release = held && *held == release;
    if (is_release && is_of_build(side, torch_build))
        return FoundSide{std::move(*record), file.string(), false};
    const std::string what =
        is_release ? "holds torch " + torch_build + ", another build than " + side
                   : "is filed under torch " + release.text() + " and holds torch " + torch;
    return tl::unexpected(Errors{
        {file.string(), 0, what, "name the record by its path if that is the one you mean"}});
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
        if (torch && *torch == *release && is_of_build(side, installed->facts.torch_build))
            with.push_back(name);
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
        for (const std::string& name : {side, release->text()}) {
            const fs::path file = options.recordings / (name + std::string(extension));
            if (fs::exists(file, ignored)) return filed_under(*release, side, file);
        }
    }
    return tl::unexpected(Errors{nothing_named(side, options)});
}

}  // namespace exportgate::cli
