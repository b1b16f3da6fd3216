// A case as its case.toml declares it: the leaves of the model's inputs with symbolic shapes, the
// dims with their ranges, the pairs, and which kinds, modes and dims styles are exported. Nothing
// here needs Python.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/requirement.h"
#include "base/torch_range.h"
#include "base/torch_version.h"
#include "matrix/leaf.h"
#include "matrix/parameters.h"
#include "matrix/relation.h"
#include "matrix/steps.h"

namespace exportgate::matrix {

enum class Kind { plain, module, rebased, native, as_is };
enum class Mode { strict, nonstrict };
enum class DimsStyle { named, automatic, dynamic, fixed };  // spelt named, auto, dynamic, static

const std::string& to_string(Kind);
const std::string& to_string(Mode);
const std::string& to_string(DimsStyle);

/// All spellings in declaration order, for messages and for parsing.
const std::vector<std::string>& kind_names();
const std::vector<std::string>& mode_names();
const std::vector<std::string>& dims_style_names();

struct Dim {
    std::string name;
    std::int64_t min = 0;
    std::int64_t max = 0;

    bool operator==(const Dim&) const = default;
};

struct Pair {
    std::string name;
    std::map<std::string, std::int64_t> extents;  // one for every dim of the case

    bool operator==(const Pair&) const = default;
};

/// A switch, or names of modules.
using ExportOption = std::variant<bool, std::vector<std::string>>;

/// All names in declaration order: options that some release's torch.export.export() takes, and
/// rounds that a case may switch off.
const std::vector<std::string>& export_option_names();
const std::vector<std::string>& round_names();

/// What can take exported programs (docs/consumers.md), each the name of its check.
const std::vector<std::string>& consumer_names();

/// `names` and `others`, each once, in the order of consumer_names().
std::vector<std::string> all_consumers(const std::vector<std::string>& names,
                                       const std::vector<std::string>& others);

/// The stages of a cell before torch is asked to export, in their order.
const std::vector<std::string>& stages_before_export();

/// Outputs are equal within it: |one - other| <= absolute + relative * |other|.
struct Tolerance {
    double relative = 0;
    double absolute = 0;

    bool operator==(const Tolerance&) const = default;
};

/// A difference that is known and not accepted: for these cells on these releases, until that day.
struct Waiver {
    std::string cells;  // a pattern on "kind/mode/dims/pair", with "[arch=llama]/" before it
    TorchRange torch;
    std::string reason;  // one line
    std::string url;
    Date expires{};    // the last day on which it holds
    std::string file;  // where it stands, for messages
    int line = 0;
    /// The differences that it was written for, by kind and place ("rejected in export", "check run
    /// fails"): a cell that differs in anything else is not waived.
    std::vector<std::string> differs = {};
};

/// What `exportgate bench` times of a case, and what it counts as slower.
struct Bench {
    /// Numbers of layers at which a cache is made, rising: the leaves of layer 0 are repeated.
    /// Empty: as it is declared.
    std::vector<int> layers;
    std::vector<int> gate;    // those of them at which two environments are compared
    double threshold = 1.05;  // a ratio of times above it is slower
    /// In place of `threshold` for the names without their case that a glob matches: "call/*". The
    /// last one that matches counts.
    std::vector<std::pair<std::string, double>> thresholds;
};

struct Case {
    std::string name;  // the folder's, and the values of the parameters: "hf_decode[arch=llama]"
    std::vector<Parameter> parameters;  // in the order of case.toml; they are what case.py gets
    std::string summary;
    std::filesystem::path directory;          // empty where the case comes from a record
    std::optional<TorchVersion> first_torch;  // cells are declared for this release and later ones
    std::string class_name;                   // the cache class in case.py
    std::string model_name = "Model";         // the model's class there
    std::vector<Kind> kinds;
    std::vector<Mode> modes;
    std::vector<DimsStyle> dims_styles;
    std::vector<Leaf> inputs;   // in the order in which pytree flattens the model's inputs
    std::vector<Leaf> outputs;  // in the order of the flattened output
    std::vector<Dim> dims;
    std::vector<Relation> relations;  // of dims: all pairs obey them
    std::vector<Pair> pairs;
    std::vector<std::string> mutates;  // inputs that the model changes in place, in their order
    /// The pairs, in their order, at which cells are exported; at the others exported programs are
    /// only run. Empty: all pairs.
    std::vector<std::string> export_pairs;
    std::optional<Tolerance> tolerance;  // by default torch.testing's for the dtype
    std::int64_t seed = 0;               // added to the one of the record
    /// Options of torch.export.export, by name; cells are not observed where the release lacks one.
    std::map<std::string, ExportOption> export_options;
    /// Rounds of calls that are left out, with the reason: "edges" -> "they are indices".
    std::map<std::string, std::string> rounds;
    std::optional<Steps> steps;  // without it the check `steps` is not carried out
    /// Names of consumer_names(), in that order: what exported programs are given to. That is asked
    /// of a run, and no part of what an observation means, so asks_the_same() does not compare it.
    std::vector<std::string> consumers;
    /// What has to be installed for its cells to be observed, and the modules that are worth
    /// importing once for all of them: neither changes what is asked. None where the case comes
    /// from a record.
    std::vector<Requirement> requirements;
    std::vector<std::string> preload;
    /// The stage before the export in which cells of that kind fail, because the case is about such
    /// an error. Empty where the case comes from a record: it only says how outcomes are judged.
    std::map<Kind, std::string> expected_stages;
    std::vector<Waiver> waivers;  // none where the case comes from a record
    std::optional<Bench> bench;   // the same; without it the case is timed only when it is named

    /// What the observations depend on, without directory, summary, waivers, bench and
    /// expected_stages: two
    /// cases with equal declarations ask the same.
    bool asks_the_same(const Case& other) const;
};

/// False where programs are only run at `pair`.
bool is_exported_at(const Case& one, const Pair& pair);

/// What `dim` is in terms of other dims, by a relation of the case ("packed == 2*length").
std::optional<Polynomial> definition_of(const Case& one, const std::string& dim);

/// The extents of `leaf` at `pair`.
std::vector<std::int64_t> shape_at(const Leaf& leaf, const Pair& pair);

/// Reads one case.toml: one case for each combination of the values of its parameters, at least
/// one. Every mistake is reported, each with its line and, where a name is misspelt, a suggestion.
Results<std::vector<Case>> load_folder(const std::filesystem::path& case_toml);

/// The same of a case without parameters; of one that has some, the first of its cases.
Results<Case> load_case(const std::filesystem::path& case_toml);

/// Every folder of a folder of cases that has a case.toml.
struct LoadedCases {
    std::vector<Case> cases;               // in the order of their folders
    std::map<std::string, Errors> broken;  // the mistakes in those that cannot be read, by folder
};

/// Error: the folder cannot be read, or has no case at all.
Result<LoadedCases> load_each_case(const std::filesystem::path& directory);

/// Every folder of `directory` that has a case.toml, in name order. Errors of all files together; a
/// folder without any case is an error.
Results<std::vector<Case>> load_cases(const std::filesystem::path& directory);

}  // namespace exportgate::matrix
