#include "record/merge.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "commands.h"
#include "ended.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

struct MergeOptions {
    std::vector<std::string> records;
    std::filesystem::path output;
};

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code ignored;
    return std::filesystem::equivalent(a, b, ignored);
}

Ended merge(const MergeOptions& options) {
    std::vector<record::Record> shards;
    Errors errors;
    for (const std::string& file : options.records) {
        Result<record::Record> read = record::read_record(file);
        if (read) shards.push_back(std::move(*read));
        if (!read) errors.push_back(read.error());
        if (is_same_file(file, options.output)) {
            errors.push_back({file, 0, "is one of the shards, and would be overwritten",
                              "name another file with -o"});
        }
    }
    if (!errors.empty()) return errors;
    const Result<record::Record> merged = record::merge(shards);
    if (!merged) return merged.error();
    if (Result<void> kept = write_file(options.output, record::to_text(*merged)); !kept)
        return kept.error();
    const std::string told =
        fmt::format("{}: {} shard{}, {} cells on torch {}\n", options.output.string(),
                    shards.size(), shards.size() == 1 ? "" : "s", merged->header.cells.size(),
                    merged->header.environment.torch);
    return print(told) ? good : cannot_judge;
}

}  // namespace

void add_merge(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<MergeOptions>();
    CLI::App* command =
        app.add_subcommand("merge", "Put the records of all shards of a run together");
    command->add_option("records", options->records, "One record for every shard i/n, in any order")
        ->type_name("FILE")
        ->required();
    command->add_option("-o,--output", options->output, "The record of the whole run")
        ->type_name("FILE")
        ->required();
    command->footer(
        "Examples:\n"
        "  exportgate run --shard 1/2 --record one.jsonl   # here\n"
        "  exportgate run --shard 2/2 --record two.jsonl   # on another machine\n"
        "  exportgate merge one.jsonl two.jsonl -o all.jsonl\n"
        "  exportgate check all.jsonl");
    command->callback([options, &exit_code] { exit_code = finish(merge(*options)); });
}

}  // namespace exportgate::cli
