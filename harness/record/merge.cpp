#include "record/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "record/record_json.h"

namespace exportgate::record {
namespace {

using Values = Ordered;

/// A shard that was parsed: the records are kept in the order of their numbers.
struct Part {
    matrix::Shard shard;
    const Record* record = nullptr;

    std::string name() const {
        return fmt::format("{}/{}", shard.index, shard.count);
    }
};

tl::unexpected<Error> refuse(const Record& record, std::string what, std::string remedy) {
    return tl::unexpected(Error{record.file, 0, std::move(what), std::move(remedy)});
}

std::string again(const std::string& shard) {
    return fmt::format("record it again: exportgate run --shard {}", shard);
}

Result<Part> part_of(const Record& record) {
    const std::string& name = record.header.shard;
    if (name.empty()) {
        return refuse(record, "is the record of a whole run, not of a shard",
                      "only what `exportgate run --shard i/n` recorded needs merging");
    }
    const Result<matrix::Shard> shard = matrix::parse_shard(name);
    if (!shard) return refuse(record, shard.error().what, shard.error().remedy);
    if (!record.footer.complete) {
        return refuse(record, fmt::format("shard {} is incomplete: {}", name, record.footer.reason),
                      again(name));
    }
    return Part{*shard, &record};
}

/// Every shard of one count, once, in order.
Result<std::vector<Part>> parts_of(std::span<const Record> records) {
    std::vector<Part> parts;
    for (const Record& record : records) {
        const Result<Part> part = part_of(record);
        if (!part) return tl::unexpected(part.error());
        parts.push_back(*part);
    }
    if (parts.empty()) {
        return tl::unexpected(
            Error{"", 0, "there is no shard to merge", "name the records of the shards"});
    }
    for (const Part& part : parts) {
        if (part.shard.count == parts.front().shard.count) continue;
        return refuse(*part.record,
                      fmt::format("is shard {}, and {} is shard {}", part.name(),
                                  parts.front().record->file, parts.front().name()),
                      "merge shards of one run only");
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Part& a, const Part& b) { return a.shard.index < b.shard.index; });
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i].shard.index != parts[i - 1].shard.index) continue;
        return refuse(
            *parts[i].record,
            fmt::format("is shard {}, and so is {}", parts[i].name(), parts[i - 1].record->file),
            "leave one of them away");
    }
    const std::size_t missing = parts.front().shard.count - parts.size();
    if (missing > 0) {
        // A count may be any number: the first few missing ones tell enough.
        const std::size_t shown = std::min<std::size_t>(missing, 8);
        std::vector<std::string> names;
        for (std::size_t i = 1, next = 0; names.size() < shown; ++i) {
            const bool there = next < parts.size() && parts[next].shard.index == i;
            if (there) ++next;
            if (!there) names.push_back(fmt::format("{}/{}", i, parts.front().shard.count));
        }
        std::string told = join(names, ", ");
        if (shown < missing) told += fmt::format(" and {} more", missing - shown);
        return tl::unexpected(Error{"", 0,
                                    fmt::format("shard{} {} {} missing", missing == 1 ? "" : "s",
                                                told, missing == 1 ? "is" : "are"),
                                    fmt::format("record {}: exportgate run --shard {}",
                                                missing == 1 ? "it" : "them", names.front())});
    }
    return parts;
}

/// The first key, in their order, in which two JSON objects differ, with both values as text;
/// "none" for a value that is not there.
struct Difference {
    std::string key;
    std::string a;
    std::string b;
};

std::optional<Difference> difference(const Values& a, const Values& b) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : a.items())
        keys.push_back(key);
    for (const auto& [key, value] : b.items()) {
        if (!a.contains(key)) keys.push_back(key);
    }
    const auto text = [](const Values& values, const std::string& key) {
        if (!values.contains(key)) return std::string("none");
        const Values& value = values.at(key);
        return value.is_string() ? value.get<std::string>() : value.dump();
    };
    for (const std::string& key : keys) {
        if (!a.contains(key) || !b.contains(key) || a.at(key) != b.at(key))
            return Difference{key, text(a, key), text(b, key)};
    }
    return std::nullopt;
}

/// Of environments, package by package; torch and Python come before what they brought along.
std::optional<Difference> difference(const Environment& a, const Environment& b) {
    const auto flat = [](const Environment& environment) {
        Values values = record::json_of(environment);
        values.erase("packages");
        for (const auto& [name, version] : environment.packages)
            values["package " + name] = version;
        return values;
    };
    return difference(flat(a), flat(b));
}

Result<void> have_same_header(const Record& first, const Record& other) {
    const auto clash = [&](const std::string& what, const Difference& values,
                           const std::string& remedy) -> tl::unexpected<Error> {
        return refuse(
            other,
            fmt::format("{} is {}, and in {} it is {}", what, values.b, first.file, values.a),
            remedy);
    };
    const Header& a = first.header;
    const Header& b = other.header;
    if (a.made_by != b.made_by) {
        return clash("what it was made by", {"", a.made_by, b.made_by},
                     "record all shards with the same exportgate");
    }
    if (const auto found = difference(a.environment, b.environment)) {
        return clash(fmt::format("{} of its environment", found->key), *found,
                     "record all shards in equal environments");
    }
    for (std::size_t i = 0; i < std::max(a.cases.size(), b.cases.size()); ++i) {
        if (i < a.cases.size() && i < b.cases.size() && a.cases[i].name == b.cases[i].name) {
            const auto found = difference(record::json_of(a.cases[i]), record::json_of(b.cases[i]));
            if (!found) continue;
            return clash(fmt::format("{} of case {}", found->key, a.cases[i].name), *found,
                         "record all shards from the same checkout");
        }
        const auto name = [i](const Header& header) {
            return i < header.cases.size() ? header.cases[i].name : std::string("none");
        };
        return clash(fmt::format("its case {}", i + 1), {"", name(a), name(b)},
                     "record all shards from the same checkout");
    }
    if (a.inputs_digest != b.inputs_digest) {
        return clash("the digest of its inputs (cases and worker)",
                     {"", a.inputs_digest, b.inputs_digest},
                     "record all shards from the same checkout, with workers built from it");
    }
    if (const auto found = difference(Values(a.checks), Values(b.checks))) {
        return clash(fmt::format("the revision of its check {}", found->key), *found,
                     "record all shards with the same --checks and the same worker");
    }
    if (a.seed != b.seed) {
        return clash("its seed", {"", std::to_string(a.seed), std::to_string(b.seed)},
                     "give all shards the same --seed");
    }
    if (a.note != b.note) {
        return clash("its note", {"", "\"" + a.note + "\"", "\"" + b.note + "\""},
                     "give all shards the same --note");
    }
    return {};
}

Result<void> is_without_holes(const Part& part) {
    for (const std::string& cell : part.record->header.cells) {
        if (part.record->find(cell) != nullptr) continue;
        return refuse(
            *part.record,
            fmt::format("shard {} was to observe {} and does not hold it", part.name(), cell),
            again(part.name()));
    }
    return {};
}

/// The cells in the order of the selection from which they were dealt.
Result<std::vector<std::string>> dealt_back(const std::vector<Part>& parts) {
    std::size_t total = 0;
    for (const Part& part : parts)
        total += part.record->header.cells.size();
    for (const Part& part : parts) {
        const std::size_t due = (total + part.shard.count - part.shard.index) / part.shard.count;
        const std::size_t has = part.record->header.cells.size();
        if (has == due) continue;
        return refuse(
            *part.record,
            fmt::format("shard {} holds {} cells, and of {} cells in {} shards it would be {}",
                        part.name(), has, total, part.shard.count, due),
            "record all shards with the same patterns");
    }
    std::unordered_map<std::string, std::size_t> places;
    for (const matrix::Cell& cell : matrix::cells_of(parts.front().record->header.cases))
        places.emplace(cell.name(), places.size());
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < total; ++i) {
        const Part& part = parts[i % parts.size()];
        const std::string& cell = part.record->header.cells[i / parts.size()];
        if (!cells.empty() && places.at(cell) <= places.at(cells.back())) {
            return refuse(*part.record,
                          fmt::format("shard {} holds {} where a cell after {} is due", part.name(),
                                      cell, cells.back()),
                          "record all shards with the same patterns");
        }
        cells.push_back(cell);
    }
    return cells;
}

void keep_longest(Footer& footer, const Footer& other) {
    footer.wall_s = std::max(footer.wall_s, other.wall_s);
    for (const auto& [name, seconds] : other.timings_s) {
        const auto [kept, inserted] = footer.timings_s.emplace(name, seconds);
        kept->second = std::max(kept->second, seconds);
    }
}

/// What the shards were made of as one. Where they differ, and where one does not say, nothing of
/// the merged record can be taken by a later run.
void merge_made_of(Record& merged, const std::vector<Part>& parts) {
    merged.header.made_of = parts.front().record->header.made_of;
    merged.header.observed_at = parts.front().record->header.observed_at;
    for (const Part& part : parts) {
        const Header& header = part.record->header;
        merged.header.observed_at = std::min(merged.header.observed_at, header.observed_at);
        if (!merged.header.made_of || !header.made_of) {
            merged.header.made_of.reset();
            continue;
        }
        MadeOf all = *merged.header.made_of;
        all.cases.insert(header.made_of->cases.begin(), header.made_of->cases.end());
        MadeOf its_own = *header.made_of;
        its_own.cases.insert(all.cases.begin(), all.cases.end());
        if (its_own == all) {
            merged.header.made_of = all;
        } else {
            merged.header.made_of.reset();
        }
    }
}

}  // namespace

Result<Record> merge(std::span<const Record> shards) {
    const Result<std::vector<Part>> parts = parts_of(shards);
    if (!parts) return tl::unexpected(parts.error());
    const Record& first = *parts->front().record;
    for (const Part& part : *parts) {
        if (Result<void> same = have_same_header(first, *part.record); !same)
            return tl::unexpected(same.error());
        if (Result<void> whole = is_without_holes(part); !whole)
            return tl::unexpected(whole.error());
    }
    Result<std::vector<std::string>> cells = dealt_back(*parts);
    if (!cells) return tl::unexpected(cells.error());

    Record merged;
    merged.header = first.header;
    merged.header.shard.clear();
    merged.header.cells = std::move(*cells);
    for (std::size_t i = 0; i < merged.header.cells.size(); ++i) {
        const Record& from = *(*parts)[i % parts->size()].record;
        merged.observations.push_back(*from.find(merged.header.cells[i]));
    }
    merge_made_of(merged, *parts);
    merged.footer.complete = true;
    for (const Part& part : *parts)
        keep_longest(merged.footer, part.record->footer);
    return merged;
}

}  // namespace exportgate::record
