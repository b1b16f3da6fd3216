// What a worker saw of one cell, raw: torch's words, nothing normalised. Also the header and footer
// of a record file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "matrix/case.h"
#include "record/check_table.h"
#include "record/made_of.h"

namespace exportgate::record {

/// Node of a pytree TreeSpec, as in_spec and out_spec of the ExportedProgram's call spec.
struct SpecNode {
    std::string type;     // class name; "*" for a leaf
    std::string context;  // repr() of the context; empty for None
    std::vector<SpecNode> children;

    bool operator==(const SpecNode&) const = default;
};

/// A tensor that the program carries besides the model's own parameters and buffers (constants of
/// the ExportedProgram).
struct Constant {
    std::string name;  // its key in ep.constants
    std::string dtype;
    std::vector<std::int64_t> shape;
    std::string
        values;  // repr of the flattened values, or "sha256:<hex> of <n> values" above 64 values
    std::string same_as;  // the input leaf whose values it holds ("dc.key_cache[0]"): baked in;
                          // empty otherwise

    bool operator==(const Constant&) const = default;
};

enum class CheckStatus { pass, fail, not_applicable };

struct CheckObservation {
    std::string name;  // "run", "registry"
    CheckStatus status{};
    std::vector<std::string> reasons;     // why it fails or does not apply; one line each
    std::vector<std::string> notes = {};  // what was seen and is no failure, or was not tried
    int revision = 1;                     // of the check: what two revisions say is not comparable

    bool operator==(const CheckObservation&) const = default;
};

struct Exported {
    std::string print;  // str(ExportedProgram)
    SpecNode in_spec;
    SpecNode out_spec;
    std::vector<Constant> constants;
    std::vector<CheckObservation> checks;
    // What else was made of it, printed; "" where there is no such program. A record spells a text
    // that is verbatim `print` as "=".
    std::string loaded = {};      // torch.export.load of the file that torch.export.save wrote
    std::string decomposed = {};  // ep.run_decompositions()
    std::string retraced = {};    // torch.export.export(ep.module())
    std::string facts = {};  // what the print does not say, as JSON (parse_facts()); "" where not
                             // observed

    bool operator==(const Exported&) const = default;
};

/// Python raised. `stage` is one of: import, construct, register, eager, export, observe.
struct Rejected {
    std::string stage;
    std::string exception;   // qualified class name: "torch._dynamo.exc.UserError"
    std::string message;     // str(exception), raw
    std::string place = {};  // where in the user's code a person looks first, in words
                             // ("my_cache/case.py:31"); "" elsewhere. Not part of the outcome

    bool operator==(const Rejected&) const = default;
};

/// The child ended without an answer.
struct Crashed {
    std::string stage;  // the last stage it announced
    int signal = 0;     // 0: it exited by itself
    int exit_code = 0;

    bool operator==(const Crashed&) const = default;
};

struct TimedOut {
    std::string stage;
    double limit_s = 0;

    bool operator==(const TimedOut&) const = default;
};

/// Nothing was seen of the cell itself: the worker was lost, the run was interrupted.
struct Unobserved {
    std::string reason;

    bool operator==(const Unobserved&) const = default;
};

/// What became here of the program of this cell that another torch had saved. Not part of the
/// outcome.
struct Earlier {
    std::string torch_build;  // of the torch that saved it: "2.8.0+cu128"
    CheckStatus status{};
    std::vector<std::string> reasons;  // as of a check
    std::string print = {};            // of the loaded program; "" where there is none

    bool operator==(const Earlier&) const = default;
};

struct Observation {
    std::string cell;
    std::variant<Unobserved, Exported, Rejected, Crashed, TimedOut> result;
    std::map<std::string, double> timings_s;  // stage -> seconds; not part of the outcome
    std::string output;  // the last 4 KiB the child printed; not part of the outcome
    std::optional<Earlier> earlier = {};      // whatever the result; none where nothing was to be
                                              // loaded
    std::optional<Ingredients> made_of = {};  // nullopt: not known, so that it is observed again
    std::string taken_from = {};  // when it was observed ("2026-11-29T13:55:02Z"), if by an
                                  // earlier run than the record's; empty: by the record's

    bool operator==(const Observation&) const = default;
};

struct Environment {
    std::string name;         // "default"
    std::string torch;        // "2.13.0"
    std::string torch_build;  // torch.__version__ with its local part: "2.13.0+cpu"
    std::string python;       // "3.11.2"
    std::string platform;     // "linux-x86_64"
    int cxx11_abi = 1;
    std::map<std::string, std::string> packages;  // distribution name -> version

    bool operator==(const Environment&) const = default;
};

struct Header {
    Environment environment;
    std::string made_by;  // "exportgate 0.1.0"
    std::string shard;    // "1/3": the part of the selected cells that was asked for; empty: all
    std::string note;     // how it was made, in a person's words; one line, may be empty
    std::string inputs_digest;     // of the contents of the case folders and of what the worker was
                                   // built from: the same digest and the same environment, the same
                                   // observations, on whatever machine
    std::string observed_at = {};  // "2026-11-29T13:55:02Z", when the run began; may be empty
    std::optional<MadeOf> made_of = {};  // nullopt: made before this was kept
    std::vector<matrix::Case> cases;     // what was asked
    std::vector<std::string> cells;      // what was to be observed, in matrix order
    Revisions checks;  // that the worker was to carry out of each exported program
    std::vector<std::string> checks_left_out;  // of those that it could, on somebody's request
    std::int64_t seed = 0;                     // what the random values of the checks derive from
};

struct Footer {
    bool complete = false;
    std::string reason;  // why not, where it is not: "interrupted"
    double wall_s = 0;
    std::map<std::string, double> timings_s;  // import, warm_up, ...
};

}  // namespace exportgate::record
