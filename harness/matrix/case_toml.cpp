// Reads one case.toml: what may stand in it, and every way in which it can be wrong.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "matrix/bench_toml.h"
#include "matrix/case.h"
#include "matrix/dims_toml.h"
#include "matrix/expected_stage_toml.h"
#include "matrix/leaf_toml.h"
#include "matrix/names.h"
#include "matrix/parameters_toml.h"
#include "matrix/settings_toml.h"
#include "matrix/steps_toml.h"
#include "matrix/toml_input.h"
#include "matrix/waivers_toml.h"

namespace exportgate::matrix {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& keys() {
    static const std::vector<std::string> names{
        "summary",      "class",      "model",   "first_torch", "kinds",          "modes",
        "dims_styles",  "inputs",     "outputs", "mutates",     "dims",           "pairs",
        "export_pairs", "tolerance",  "seed",    "requires",    "preload",        "waivers",
        "bench",        "relations",  "export",  "rounds",      "expected_stage", "steps",
        "consumers",    "parameters", "excluded"};
    return names;
}

template <class Value>
std::vector<Value> all_of(const std::vector<std::string>& names) {
    std::vector<Value> values;
    for (std::size_t i = 0; i < names.size(); ++i)
        values.push_back(static_cast<Value>(i));
    return values;
}

class CaseReader {
  public:
    CaseReader(const toml::table& root, Mistakes& mistakes) : mistakes_(mistakes) {
        for (Entry& entry : entries_of(root)) {
            if (std::find(keys().begin(), keys().end(), entry.name) == keys().end()) {
                mistakes_.add(entry.line, fmt::format("unknown key \"{}\"", entry.name),
                              suggestion(entry.name, keys()));
            } else {
                entries_.push_back(std::move(entry));
            }
        }
        for (const Entry& entry : entries_)
            report_keys_in(entry);
    }

    /// One for each combination of the parameters.
    std::vector<Case> read(const fs::path& directory) {
        const Case one = read_all_but_parameters(directory);
        std::vector<DeclaredParameter> parameters;
        if (const Entry* entry = find("parameters"))
            parameters = read_parameters(*entry, mistakes_);
        for (const Waiver& waiver : one.waivers)
            check_conditions(waiver.cells, waiver.line, "the waiver", parameters, mistakes_);
        std::vector<Case> cases = cases_with(one, parameters, find("excluded"), mistakes_);
        if (const Entry* entry = find("expected_stage"))
            read_expected_stages(*entry, parameters, cases, mistakes_);
        return cases;
    }

  private:
    Case read_all_but_parameters(const fs::path& directory) {
        Case one;
        one.name = directory.filename().string();
        one.directory = directory;
        if (!usable_in_cell_name(one.name)) {
            mistakes_.add(
                0,
                fmt::format("the folder's name \"{}\" cannot be part of a cell's name", one.name),
                "rename the folder: " + std::string(cell_name_rule));
        }
        if (const Entry* entry = find("summary")) one.summary = read_string(*entry, mistakes_);
        one.class_name =
            read_python_class(required("class", "the name of the cache class in case.py"));
        if (const Entry* entry = find("model")) one.model_name = read_python_class(entry);
        if (const Entry* entry = find("first_torch"))
            one.first_torch = read_release(*entry, mistakes_);
        // Dims first: all that follows is checked against them.
        if (const Entry* entry = find("dims")) one.dims = read_dims(*entry, mistakes_);
        if (const Entry* entry = find("relations"))
            one.relations = read_relations(*entry, one.dims, mistakes_);
        read_choices_into(one);
        if (const Entry* entry = required("inputs", "the leaves of the model's inputs")) {
            one.inputs = read_leaves(*entry, one.dims, Leaves::inputs, mistakes_);
        }
        if (const Entry* entry = required("outputs", "the leaves of the model's output")) {
            one.outputs = read_leaves(*entry, one.dims, Leaves::outputs, mistakes_);
        }
        if (const Entry* entry = find("dims")) report_unused_dims(*entry, one, mistakes_);
        read_mutates(one);
        if (const Entry* entry = required("pairs", "at least one binding of the dims"))
            one.pairs = read_pairs(*entry, one, mistakes_);
        read_export_pairs(one);
        read_settings(one);
        if (const Entry* entry = find("waivers"))
            one.waivers = read_waivers(*entry, mistakes_.file(), mistakes_);
        if (const Entry* entry = find("bench"))
            one.bench = read_bench(*entry, one.inputs, mistakes_);
        check_files_beside(one);
        return one;
    }

    const Entry* find(std::string_view name) const {
        const auto found = std::find_if(entries_.begin(), entries_.end(),
                                        [&](const Entry& e) { return e.name == name; });
        return found == entries_.end() ? nullptr : &*found;
    }

    /// What a person adds below the last line of a file belongs to the table above it.
    void report_keys_in(const Entry& table) {
        if (!table.value->is_table()) return;
        for (const Entry& entry : entries_of(*table.value->as_table())) {
            static const std::set<std::string> of_the_case{
                "mutates", "export_pairs", "tolerance", "seed",          "requires",
                "preload", "relations",    "rounds",    "expected_stage"};
            if (!of_the_case.contains(entry.name)) continue;
            mistakes_.add(entry.line,
                          fmt::format("key \"{}\" stands in [{}]", entry.name, table.name),
                          "move it above the first line like [inputs]");
        }
    }

    const Entry* required(std::string_view name, std::string_view holding) {
        const Entry* entry = find(name);
        if (entry == nullptr)
            mistakes_.add(0, fmt::format("key \"{}\" is missing: {}", name, holding));
        return entry;
    }

    /// The name of a class in case.py; "" where `entry` is null.
    std::string read_python_class(const Entry* entry) {
        if (entry == nullptr) return "";
        std::string name = read_string(*entry, mistakes_);
        if (entry->value->is_string() && !is_identifier(name)) {
            mistakes_.add(entry->line, fmt::format("{} \"{}\" is not the name of a Python class",
                                                   entry->name, name));
        }
        return name;
    }

    void read_settings(Case& one) {
        if (const Entry* entry = find("tolerance"))
            one.tolerance = read_tolerance(*entry, mistakes_);
        if (const Entry* entry = find("seed"))
            one.seed = read_integer(*entry->value, "\"seed\"", mistakes_).value_or(0);
        if (const Entry* entry = find("requires"))
            one.requirements = read_requirements(*entry, mistakes_);
        if (const Entry* entry = find("preload")) one.preload = read_preload(*entry, mistakes_);
        if (const Entry* entry = find("export"))
            one.export_options = read_export_options(*entry, mistakes_);
        if (const Entry* entry = find("rounds")) one.rounds = read_rounds(*entry, mistakes_);
        if (const Entry* entry = find("steps")) one.steps = read_steps(*entry, one, mistakes_);
        if (const Entry* entry = find("consumers"))
            one.consumers = read_consumers(*entry, mistakes_);
    }

    void read_choices_into(Case& one) {
        if (const Entry* entry = required("kinds", "one or more of " + join(kind_names(), ", "))) {
            for (const std::size_t i : read_choices(*entry, kind_names(), "kind", mistakes_)) {
                one.kinds.push_back(static_cast<Kind>(i));
            }
        }
        one.modes = all_of<Mode>(mode_names());
        if (const Entry* entry = find("modes")) {
            one.modes.clear();
            for (const std::size_t i : read_choices(*entry, mode_names(), "mode", mistakes_)) {
                one.modes.push_back(static_cast<Mode>(i));
            }
        }
        const bool has_dims = find("dims") != nullptr && find("dims")->value->is_table() &&
                              !find("dims")->value->as_table()->empty();
        one.dims_styles =
            has_dims ? all_of<DimsStyle>(dims_style_names()) : std::vector{DimsStyle::fixed};
        if (const Entry* entry = find("dims_styles")) {
            one.dims_styles.clear();
            for (const std::size_t i :
                 read_choices(*entry, dims_style_names(), "dims style", mistakes_)) {
                one.dims_styles.push_back(static_cast<DimsStyle>(i));
            }
            const auto needs_dims = [](DimsStyle style) { return style != DimsStyle::fixed; };
            if (!has_dims &&
                std::any_of(one.dims_styles.begin(), one.dims_styles.end(), needs_dims)) {
                mistakes_.add(entry->line,
                              "dims styles other than \"static\" need dims, and none is declared",
                              "declare them under [dims], or write dims_styles = [\"static\"]");
            }
        }
    }

    /// The names that `key` chooses among those of `declared`, in their order: in which order a
    /// person writes them says nothing. Without any declared one all that is to be said was said.
    template <class Named>
    std::vector<std::string> chosen_names(std::string_view key, std::string_view what_one_is,
                                          const std::vector<Named>& declared) {
        std::vector<std::string> chosen;
        const Entry* entry = find(key);
        if (entry == nullptr || declared.empty()) return chosen;
        std::vector<std::string> names;
        for (const Named& one : declared)
            names.push_back(one.name);
        std::vector<std::size_t> indices = read_choices(*entry, names, what_one_is, mistakes_);
        std::sort(indices.begin(), indices.end());
        for (const std::size_t i : indices)
            chosen.push_back(names[i]);
        return chosen;
    }

    void read_mutates(Case& one) {
        one.mutates = chosen_names("mutates", "leaf of the inputs", one.inputs);
        for (const Leaf& leaf : one.inputs) {
            const bool mutates =
                std::find(one.mutates.begin(), one.mutates.end(), leaf.name) != one.mutates.end();
            if (!leaf.constant || !mutates) continue;
            mistakes_.add(find("mutates")->line,
                          fmt::format("leaf \"{}\" is {}, which no model changes", leaf.name,
                                      to_string(*leaf.constant)),
                          "remove it from mutates");
        }
    }

    void read_export_pairs(Case& one) {
        one.export_pairs = chosen_names("export_pairs", "pair", one.pairs);
        // To name them all asks what the default asks.
        if (one.export_pairs.size() == one.pairs.size()) one.export_pairs.clear();
    }

    void check_files_beside(const Case& one) {
        std::error_code ignored;
        if (!fs::is_regular_file(one.directory / "case.py", ignored)) {
            const Entry* entry = find("class");
            mistakes_.add(entry == nullptr ? 0 : entry->line, "case.py is missing beside case.toml",
                          "it defines the cache class, the model and the pytree functions");
        }
        const bool native =
            std::find(one.kinds.begin(), one.kinds.end(), Kind::native) != one.kinds.end();
        if (native && !fs::is_regular_file(one.directory / "native.cpp", ignored)) {
            mistakes_.add(find("kinds")->line,
                          "kind \"native\" needs native.cpp beside case.toml, and there is none",
                          "write it, or remove \"native\" from kinds");
        }
    }

    Mistakes& mistakes_;
    std::vector<Entry> entries_;
};

}  // namespace

Results<std::vector<Case>> load_folder(const fs::path& case_toml) {
    const auto text = read_file(case_toml);
    if (!text) return tl::unexpected(Errors{text.error()});
    Mistakes mistakes(case_toml.string());
    toml::table root;
    try {
        root = toml::parse(*text);
    } catch (const toml::parse_error& error) {
        mistakes.add(static_cast<int>(error.source().begin.line),
                     "not TOML: " + std::string(error.description()));
        return tl::unexpected(mistakes.take());
    }
    // Absolute, so that it means the same to a worker in another folder.
    const fs::path directory = fs::absolute(case_toml).lexically_normal().parent_path();
    std::vector<Case> cases = CaseReader(root, mistakes).read(directory);
    if (!mistakes.none()) return tl::unexpected(mistakes.take());
    return cases;
}

Results<Case> load_case(const fs::path& case_toml) {
    Results<std::vector<Case>> cases = load_folder(case_toml);
    if (!cases) return tl::unexpected(std::move(cases.error()));
    return std::move(cases->front());
}

}  // namespace exportgate::matrix
