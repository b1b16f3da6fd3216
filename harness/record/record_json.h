// The lines of a record file as JSON: the header, an observation, the footer.
#pragma once

#include <optional>

#include "record/declaration_json.h"
#include "record/made_of_json.h"
#include "record/observation_json.h"
#include "record/record_file.h"

namespace exportgate::record {

/// An observation as a record has it. What it was made of is a row of the header's table.
template <class Its>
struct RecordLine {
    Its& observation;
    std::optional<std::int64_t> row = {};
};

void find_strange_torch(const Environment& environment, Mistake& mistake);
void find_strange_header(const Header& header, Mistake& mistake);
void find_strange_end(const Footer& footer, Mistake& mistake);

template <>
inline constexpr auto described<Environment> = Fields("\"environment\"", [](auto& of, auto& it) {
    of.required("torch", it.torch);
    of.required("torch_build", it.torch_build);
    of.required("python", it.python);
    of.required("platform", it.platform);
    of.required("cxx11_abi", it.cxx11_abi);
    of.required("packages", it.packages);
    // A worker does not know what its environment is called.
    of.may_be_missing("name", it.name);
    of.check(it, find_strange_torch);
});

template <>
inline constexpr auto described<Header> = Fields("the record header", [](auto& of, auto& it,
                                                                         auto& table) {
    int format = format_version;  // the reader of a record looks at it before all else
    of.required("format", format);
    of.required("made_by", it.made_by);
    of.optional("shard", it.shard);
    of.optional("note", it.note);
    of.required("environment", it.environment);
    of.required("inputs_digest", it.inputs_digest);
    of.optional("observed_at", it.observed_at);
    of.optional("seed", it.seed);
    of.required("cases", it.cases);
    of.required("checks", it.checks, EachRevision());
    of.optional("checks_left_out", it.checks_left_out);
    of.required("cells", it.cells);
    of.optional("made_of", it.made_of, table);
    of.check(it, find_strange_header);
});

template <class Its>
inline constexpr auto described<RecordLine<Its>> =
    Fields(described<Observation>.name, [](auto& of, auto& it) {
        described<Observation>.describe(of, it.observation);
        of.optional("made_of", it.row);
        of.optional("taken_from", it.observation.taken_from);
    });

template <>
inline constexpr auto described<Footer> = Fields("the footer", [](auto& of, auto& it) {
    of.required("complete", it.complete);
    of.required("reason", it.reason);
    of.required("wall_s", it.wall_s);
    of.required("timings_s", it.timings_s);
    of.check(it, find_strange_end);
});

}  // namespace exportgate::record
