// An observation as JSON: one line of a record file, and one message of a child.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "record/check_table.h"
#include "record/described.h"
#include "record/observation.h"

namespace exportgate::record {

// The first six, and one "check:<name>" after the other, are announced by children, in this order;
// "start" (before the first) and "exit" (after the last) are the harness's words for where a child
// ended.
inline constexpr std::array<std::string_view, 8> stages{"import", "construct", "register", "eager",
                                                        "export", "observe",   "start",    "exit"};
inline constexpr std::string_view check_stage = "check:";
inline constexpr std::array<std::string_view, 3> statuses{"pass", "fail",
                                                          "n/a"};  // in the order of CheckStatus

inline constexpr int most_revisions = 1'000'000;

// Of a program that was printed as the exported one was: its text is not said again.
inline constexpr std::string_view same_print = "=";

inline bool is_stage(std::string_view word) {
    if (word.starts_with(check_stage)) {
        const std::string_view name = word.substr(check_stage.size());
        // What becomes of the program that another torch saved is no check, but timed as one.
        return name == "earlier" || is_of_worker(name);
    }
    return std::find(stages.begin(), stages.end(), word) != stages.end();
}

/// A stage that a child announces, or where the harness says that it ended.
struct Stage : Plain {
    static void read(Reader& reader, const char* key, std::string& stage) {
        reader.get(key, stage);
        if (!is_stage(stage)) reader.note("unknown stage \"{}\"", stage);
    }
};

/// "pass", "fail" or "n/a" of the check, or of what else messages call `whose`.
struct Status {
    const std::string whose;

    void read(Reader& reader, const char* key, CheckStatus& status) const {
        const auto word = reader.string(key);
        const auto found = std::find(statuses.begin(), statuses.end(), word);
        status = CheckStatus::fail;
        if (found == statuses.end())
            return reader.note("status \"{}\" of {} is none of pass, fail, n/a", word, whose);
        status = static_cast<CheckStatus>(found - statuses.begin());
    }
    static Ordered write(CheckStatus status) {
        return statuses.at(static_cast<std::size_t>(status));
    }
};

/// Of a check: 1 or more.
struct Revision : Plain {
    static void read(Reader& reader, const char* key, int& revision) {
        reader.get(key, revision);
        if (revision < 1 || revision > most_revisions)
            reader.note("\"{}\" is {}, expected 1 or more", key, revision);
    }
};

/// The print of another program than the one that was printed as `print`. "=" says that it is the
/// same text.
struct FurtherPrint {
    const std::string& print;

    void read(Reader& reader, const char* key, std::string& text) const {
        reader.get(key, text);
        if (text != same_print) return;
        if (print.empty())
            reader.note("\"{}\" is \"=\", as the print of the cell, which has none", key);
        text = print;
    }
    Ordered write(const std::string& text) const {
        return text == print ? std::string(same_print) : text;
    }
};

/// JSON that parse_facts() reads: what another revision says is kept as it is.
struct FactsText {
    static void read(Reader& reader, const char* key, std::string& facts) {
        const Json& json = reader.value(key);
        if (!json.is_object()) reader.note("\"{}\" is no object", key);
        facts = json.dump();
    }
    static Ordered write(const std::string& facts) {
        return Ordered::parse(facts);
    }
};

/// Notes a mistake where a check is none that a worker carries out, or a revision is less than 1.
Revisions revisions_from(const Json& json, Mistake& mistake);

struct EachRevision : Plain {
    static void read(Reader& reader, const char* key, Revisions& revisions) {
        revisions = revisions_from(reader.value(key), reader.mistake());
    }
};

void find_check_twice(const Exported& exported, Mistake& mistake);
void find_strange_build(const Earlier& earlier, Mistake& mistake);

template <>
inline constexpr auto described<SpecNode> = Fields("a spec", [](auto& of, auto& it) {
    of.required("type", it.type);
    of.optional("context", it.context);
    of.optional("children", it.children);
});

template <>
inline constexpr auto described<Constant> = Fields("a constant", [](auto& of, auto& it) {
    of.required("name", it.name);
    of.required("dtype", it.dtype);
    of.required("shape", it.shape);
    of.required("values", it.values);
    of.required("same_as", it.same_as);
});

template <>
inline constexpr auto described<CheckObservation> = Fields("a check", [](auto& of, auto& it) {
    of.required("name", it.name);
    of.required("status", it.status, Status{"check \"" + it.name + "\""});
    of.required("reasons", it.reasons);
    of.required("notes", it.notes);
    of.required("revision", it.revision, Revision());
});

template <>
inline constexpr auto described<Exported> = Fields("\"exported\"", [](auto& of, auto& it) {
    of.required("print", it.print);
    of.optional("loaded", it.loaded, FurtherPrint{it.print});
    of.optional("decomposed", it.decomposed, FurtherPrint{it.print});
    of.optional("retraced", it.retraced, FurtherPrint{it.print});
    of.required("in_spec", it.in_spec);
    of.required("out_spec", it.out_spec);
    of.required("constants", it.constants);
    of.required("checks", it.checks);
    of.optional("facts", it.facts, FactsText());
    of.check(it, find_check_twice);
});

template <>
inline constexpr auto described<Rejected> = Fields("\"rejected\"", [](auto& of, auto& it) {
    of.required("stage", it.stage, Stage());
    of.required("exception", it.exception);
    of.required("message", it.message);
    of.optional("place", it.place);
});

template <>
inline constexpr auto described<Crashed> = Fields("\"crashed\"", [](auto& of, auto& it) {
    of.required("stage", it.stage, Stage());
    of.required("signal", it.signal);
    of.required("exit_code", it.exit_code);
});

template <>
inline constexpr auto described<TimedOut> = Fields("\"timeout\"", [](auto& of, auto& it) {
    of.required("stage", it.stage, Stage());
    of.required("limit_s", it.limit_s);
});

template <>
inline constexpr auto described<Unobserved> = Fields("\"unobserved\"", [](auto& of, auto& it) {
    of.required("reason", it.reason);
});

/// `print` is of the cell's own program, "" where it did not export.
template <>
inline constexpr auto described<Earlier> = Fields("\"earlier\"", [](auto& of, auto& it,
                                                                    auto& print) {
    of.required("torch_build", it.torch_build);
    of.required("status", it.status, Status{"\"earlier\""});
    of.required("reasons", it.reasons);
    of.optional("print", it.print, FurtherPrint{print});
    of.check(it, find_strange_build);
});

/// Without what only a line of a record says of it (RecordLine).
template <>
inline constexpr auto described<Observation> = Fields("an observation", [](auto& of, auto& it) {
    of.required("cell", it.cell);
    of.one_of(it.result, Alternative<Exported>{"exported"}, Alternative<Rejected>{"rejected"},
              Alternative<Crashed>{"crashed"}, Alternative<TimedOut>{"timeout"},
              Alternative<Unobserved>{"unobserved"});
    static const std::string no_print;
    const auto* exported = std::get_if<Exported>(&it.result);
    of.optional("earlier", it.earlier, exported ? exported->print : no_print);
    of.may_be_missing("timings_s", it.timings_s);
    of.may_be_missing("output", it.output);
});

}  // namespace exportgate::record
