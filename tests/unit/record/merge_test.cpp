#include "record/merge.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>

namespace exportgate::record {
namespace {

/// A record of 14 cells of two cases, as one run would write it.
Record whole_run() {
    Record whole;
    whole.file = "whole.jsonl";
    whole.header.environment = {"default",      "2.13.0", "2.13.0+cpu",          "3.11.2",
                                "linux-x86_64", 1,        {{"optree", "0.17.0"}}};
    for (const char* name : {"filelock", "fsspec", "jinja2", "mpmath", "networkx", "numpy", "pip",
                             "setuptools", "sympy", "torch", "typing_extensions"})
        whole.header.environment.packages[name] = "1.0";
    whole.header.made_by = "exportgate 0.1.0";
    whole.header.inputs_digest = "cbf29ce484222325";
    whole.header.note = "by a test";
    whole.header.seed = 7;
    for (const char* name : {"a_cache", "b_cache"}) {
        matrix::Case one;
        one.name = name;
        one.class_name = "Cache";
        one.kinds = {matrix::Kind::plain};
        one.modes = {matrix::Mode::nonstrict};
        one.dims_styles = {matrix::DimsStyle::fixed};
        for (const char* pair : {"p1", "p2", "p3", "p4", "p5", "p6", "p7"})
            one.pairs.push_back({pair, {}});
        whole.header.cases.push_back(one);
    }
    for (const matrix::Cell& cell : matrix::cells_of(whole.header.cases)) {
        whole.header.cells.push_back(cell.name());
        whole.observations.push_back(
            {cell.name(), Rejected{"export", "E", "of " + cell.name()}, {}, "printed"});
        whole.observations.back().earlier = {"2.8.0", CheckStatus::pass, {"of " + cell.name()}};
    }
    whole.footer = {true, "", 9, {{"import", 1}, {"warm_up_strict", 2}}};
    return whole;
}

/// The same as the shards of `count` runs.
std::vector<Record> shards_of(const Record& whole, std::size_t count) {
    const std::vector<matrix::Cell> cells = matrix::cells_of(whole.header.cases);
    std::vector<Record> shards;
    for (std::size_t index = 1; index <= count; ++index) {
        Record shard = whole;
        shard.file = "s" + std::to_string(index) + ".jsonl";
        shard.header.shard = std::to_string(index) + "/" + std::to_string(count);
        shard.header.cells.clear();
        shard.observations.clear();
        for (const matrix::Cell& cell : matrix::cells_of_shard(cells, {index, count})) {
            shard.header.cells.push_back(cell.name());
            shard.observations.push_back(*whole.find(cell.name()));
        }
        shards.push_back(std::move(shard));
    }
    return shards;
}

std::string why_not(const std::vector<Record>& shards) {
    const Result<Record> merged = merge(shards);
    return merged ? "merged" : to_string(merged.error());
}

TEST(Merge, OfTheShardsIsTheRecordOfTheWholeRun) {
    const Record whole = whole_run();
    for (std::size_t count = 1; count <= whole.header.cells.size(); ++count) {
        std::vector<Record> shards = shards_of(whole, count);
        std::rotate(shards.begin(), shards.begin() + static_cast<std::ptrdiff_t>(count / 2),
                    shards.end());
        const Result<Record> merged = merge(shards);
        ASSERT_TRUE(merged) << to_string(merged.error());
        EXPECT_EQ(to_text(*merged), to_text(whole)) << count;
    }
}

TEST(Merge, KeepsTheLongestTimes) {
    std::vector<Record> shards = shards_of(whole_run(), 3);
    shards[0].footer = {true, "", 3, {{"import", 4}, {"warm_up_strict", 1}}};
    shards[1].footer = {true, "", 7, {{"import", 2}}};
    shards[2].footer = {true, "", 5, {{"import", 3}, {"warm_up_strict", 6}}};
    const Record merged = merge(shards).value();
    EXPECT_EQ(merged.footer.wall_s, 7);
    EXPECT_EQ(merged.footer.timings_s,
              (std::map<std::string, double>{{"import", 4}, {"warm_up_strict", 6}}));
}

TEST(Merge, ObservationsInAnotherOrderAreFoundByName) {
    std::vector<Record> shards = shards_of(whole_run(), 3);
    std::reverse(shards[1].observations.begin(), shards[1].observations.end());
    EXPECT_EQ(to_text(merge(shards).value()), to_text(whole_run()));
}

TEST(Merge, AnUnobservedCellIsAnObservation) {
    std::vector<Record> shards = shards_of(whole_run(), 2);
    shards[0].observations[0].result = Unobserved{"the worker died"};
    EXPECT_EQ(merge(shards).value().observations[0], shards[0].observations[0]);
}

TEST(Merge, NamesWhatIsMissing) {
    std::vector<Record> shards = shards_of(whole_run(), 4);
    shards.erase(shards.begin() + 1);
    EXPECT_EQ(why_not(shards), "shard 2/4 is missing (record it: exportgate run --shard 2/4)");
    shards.erase(shards.begin() + 1, shards.end());
    EXPECT_EQ(why_not(shards),
              "shards 2/4, 3/4, 4/4 are missing (record them: exportgate run --shard 2/4)");
    shards[0].header.shard = "1/20";
    EXPECT_THAT(why_not(shards), testing::HasSubstr("8/20, 9/20 and 11 more are missing"));
    EXPECT_THAT(why_not({}), testing::HasSubstr("there is no shard"));
}

struct Misfit {
    std::string name;
    std::function<void(std::vector<Record>&)> make;
    std::string message;
};

void PrintTo(const Misfit& misfit, std::ostream* out) {
    *out << misfit.name;
}

class MisfittingShards : public testing::TestWithParam<Misfit> {};

TEST_P(MisfittingShards, AreRefused) {
    std::vector<Record> shards = shards_of(whole_run(), 3);
    GetParam().make(shards);
    EXPECT_EQ(why_not(shards), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Every, MisfittingShards,
    testing::Values(
        Misfit{"whole", [](auto& s) { s[1].header.shard = ""; },
               "s2.jsonl: is the record of a whole run, not of a shard (only what `exportgate run "
               "--shard i/n` recorded needs merging)"},
        Misfit{"incomplete",
               [](auto& s) {
                   s[1].footer = {false, "interrupted", 1, {}};
               },
               "s2.jsonl: shard 2/3 is incomplete: interrupted (record it again: exportgate run "
               "--shard 2/3)"},
        Misfit{"count", [](auto& s) { s[1].header.shard = "2/4"; },
               "s2.jsonl: is shard 2/4, and s1.jsonl is shard 1/3 (merge shards of one run only)"},
        Misfit{"twice", [](auto& s) { s[1].header.shard = "3/3"; },
               "s3.jsonl: is shard 3/3, and so is s2.jsonl (leave one of them away)"},
        Misfit{"count_beyond_all_memory",
               [](auto& s) {
                   for (std::size_t i = 0; i < s.size(); ++i)
                       s[i].header.shard = std::to_string(2 * i + 1) + "/18446744073709551615";
               },
               "shards 2/18446744073709551615, 4/18446744073709551615, 6/18446744073709551615, "
               "7/18446744073709551615, 8/18446744073709551615, 9/18446744073709551615, "
               "10/18446744073709551615, 11/18446744073709551615 and 18446744073709551604 more are "
               "missing (record them: exportgate run --shard 2/18446744073709551615)"},
        Misfit{"made_by", [](auto& s) { s[1].header.made_by = "exportgate 0.2.0"; },
               "s2.jsonl: what it was made by is exportgate 0.2.0, and in s1.jsonl it is "
               "exportgate 0.1.0 (record all shards with the same exportgate)"},
        Misfit{"torch", [](auto& s) { s[2].header.environment.torch_build = "2.13.0+cu126"; },
               "s3.jsonl: torch_build of its environment is 2.13.0+cu126, and in s1.jsonl it is "
               "2.13.0+cpu (record all shards in equal environments)"},
        Misfit{"torch_and_its_package",
               [](auto& s) {
                   s[2].header.environment.torch = "2.14.1";
                   s[2].header.environment.packages["torch"] = "2.14.1";
               },
               "s3.jsonl: torch of its environment is 2.14.1, and in s1.jsonl it is 2.13.0 (record "
               "all shards in equal environments)"},
        Misfit{"abi", [](auto& s) { s[2].header.environment.cxx11_abi = 0; },
               "s3.jsonl: cxx11_abi of its environment is 0, and in s1.jsonl it is 1 (record all "
               "shards in equal environments)"},
        Misfit{"package", [](auto& s) { s[1].header.environment.packages.erase("optree"); },
               "s2.jsonl: package optree of its environment is none, and in s1.jsonl it is 0.17.0 "
               "(record all shards in equal environments)"},
        Misfit{"case", [](auto& s) { s[1].header.cases[1].class_name = "Other"; },
               "s2.jsonl: class of case b_cache is Other, and in s1.jsonl it is Cache (record all "
               "shards from the same checkout)"},
        Misfit{"case_name", [](auto& s) { s[1].header.cases[1].name = "c_cache"; },
               "s2.jsonl: its case 2 is c_cache, and in s1.jsonl it is b_cache (record all shards "
               "from the same checkout)"},
        Misfit{"case_gone", [](auto& s) { s[1].header.cases.pop_back(); },
               "s2.jsonl: its case 2 is none, and in s1.jsonl it is b_cache (record all shards "
               "from the same checkout)"},
        Misfit{"digest", [](auto& s) { s[1].header.inputs_digest = "0"; },
               "s2.jsonl: the digest of its inputs (cases and worker) is 0, and in s1.jsonl it is "
               "cbf29ce484222325 (record all shards from the same checkout, with workers built "
               "from it)"},
        Misfit{"seed", [](auto& s) { s[2].header.seed = 0; },
               "s3.jsonl: its seed is 0, and in s1.jsonl it is 7 (give all shards the same "
               "--seed)"},
        Misfit{"note", [](auto& s) { s[2].header.note = ""; },
               "s3.jsonl: its note is \"\", and in s1.jsonl it is \"by a test\" (give all shards "
               "the same --note)"},
        Misfit{"hole", [](auto& s) { s[1].observations.erase(s[1].observations.begin() + 2); },
               "s2.jsonl: shard 2/3 was to observe b_cache/plain/nonstrict/static/p1 and does not "
               "hold it (record it again: exportgate run --shard 2/3)"},
        Misfit{"too_few",
               [](auto& s) {
                   s[0].header.cells.pop_back();
                   s[0].header.cells.pop_back();
               },
               "s1.jsonl: shard 1/3 holds 3 cells, and of 12 cells in 3 shards it would be 4 "
               "(record all shards with the same patterns)"},
        Misfit{"other_cells",
               [](auto& s) {
                   s[1].header.cells = s[0].header.cells;
                   s[1].observations = s[0].observations;
               },
               "s2.jsonl: shard 2/3 holds a_cache/plain/nonstrict/static/p1 where a cell after "
               "a_cache/plain/nonstrict/static/p1 is due (record all shards with the same "
               "patterns)"},
        Misfit{"swapped", [](auto& s) { std::swap(s[1].header.shard, s[0].header.shard); },
               "s1.jsonl: shard 2/3 holds a_cache/plain/nonstrict/static/p1 where a cell after "
               "a_cache/plain/nonstrict/static/p2 is due (record all shards with the same "
               "patterns)"}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace exportgate::record
