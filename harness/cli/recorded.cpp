#include "recorded.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "verdict/evidence.h"

namespace exportgate::cli {

namespace {

bool earlier(const Recorded& a, const Recorded& b) {
    if (a.torch != b.torch) return a.torch < b.torch;
    const auto& mine = a.record.header.environment;
    const auto& yours = b.record.header.environment;
    return std::tie(mine.torch_build, mine.python) < std::tie(yours.torch_build, yours.python);
}

}  // namespace

Results<std::vector<Recorded>> read_records(const std::vector<std::string>& files,
                                            const Workspace& workspace) {
    std::vector<Recorded> records;
    Errors errors;
    for (const std::string& file : files) {
        Result<record::Record> record = read_record(file, workspace);
        if (!record) {
            errors.push_back(record.error());
            continue;
        }
        const Result<TorchVersion> torch = TorchVersion::parse(record->header.environment.torch);
        if (!torch) {
            errors.push_back({file, 1, torch.error().what, "record it again"});
            continue;
        }
        records.push_back({std::move(*record), *torch});
    }
    std::stable_sort(records.begin(), records.end(), earlier);
    for (std::size_t i = 1; i < records.size(); ++i) {
        const auto& before = records[i - 1];
        const auto& after = records[i];
        if (earlier(before, after)) continue;
        errors.push_back({after.record.file, 0,
                          fmt::format("is of torch {}, Python {}, as {} is",
                                      after.record.header.environment.torch_build,
                                      after.record.header.environment.python, before.record.file),
                          "leave one of them away"});
    }
    if (!errors.empty()) return tl::unexpected(errors);
    return records;
}

std::string column_name(const std::vector<Recorded>& records, std::size_t at) {
    const auto& environment = records[at].record.header.environment;
    bool other_build = false;
    bool other_python = false;
    for (const auto& each : records) {
        if (each.torch != records[at].torch) continue;
        const auto& other = each.record.header.environment;
        other_build = other_build || other.torch_build != environment.torch_build;
        other_python = other_python || other.python != environment.python;
    }
    return (other_build ? environment.torch_build : environment.torch) +
           (other_python ? " Python " + environment.python : "");
}

verdict::Release read_release(const record::Record& record, const Workspace& workspace,
                              const std::vector<matrix::Cell>& selected, std::string name,
                              Errors& problems) {
    const verdict::Evidence evidence(record, workspace.cases);
    problems.insert(problems.end(), evidence.problems().begin(), evidence.problems().end());
    verdict::Release release{std::move(name), {}};
    for (const matrix::Cell& cell : selected) {
        verdict::CellEvidence seen = evidence.of(cell);
        if (seen.observation == nullptr && !evidence.is_declared(cell)) {
            release.cells.push_back({});
        } else if (!record.footer.complete) {
            release.cells.push_back({std::nullopt, "the record is incomplete"});
        } else {
            release.cells.push_back({std::move(seen.outcome), std::move(seen.obstacle)});
        }
    }
    return release;
}

}  // namespace exportgate::cli
