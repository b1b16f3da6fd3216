#include "side.h"

#include <algorithm>

#include "base/text.h"
#include "base/torch_version.h"

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
    const std::vector<std::string> releases = recorded_releases(options.recordings);
    const std::string folder = options.recordings.string();
    const std::string recorded = releases.empty() ? "no release is recorded in " + folder
                                                  : folder + " has " + join(releases, ", ");
    return {"", 0, "there is no record and no recorded torch release \"" + side + "\"; " + recorded,
            "name a record, as `exportgate run --record FILE` writes it, or the folder of records "
            "with --recordings"};
}

/// A record that is filed under a release it does not hold would judge the wrong torch.
Result<record::Record> filed_under(const TorchVersion& release, const fs::path& file) {
    Result<record::Record> record = record::read_record(file);
    if (!record) return record;
    const std::string& torch = record->header.environment.torch;
    const Result<TorchVersion> held = TorchVersion::parse(torch);
    if (held && *held == release) return record;
    return tl::unexpected(Error{
        file.string(), 0, "is filed under torch " + release.text() + " and holds torch " + torch,
        "name the record by its path if that is the one you mean"});
}

}  // namespace

Result<record::Record> record_of_side(const std::string& side, const SideOptions& options) {
    std::error_code ignored;
    if (side.ends_with(extension) || fs::is_regular_file(side, ignored))
        return record::read_record(side);
    if (const Result<TorchVersion> release = TorchVersion::parse(side)) {
        const fs::path file = options.recordings / (release->text() + std::string(extension));
        if (fs::exists(file, ignored)) return filed_under(*release, file);
    }
    return tl::unexpected(nothing_named(side, options));
}

}  // namespace exportgate::cli
