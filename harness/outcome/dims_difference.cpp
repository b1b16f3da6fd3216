#include "outcome/dims_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace exportgate::outcome {
namespace {

std::vector<const graph::Input*> user_inputs(const graph::Canonical& program) {
    std::vector<const graph::Input*> inputs;
    for (const graph::Input& input : program.inputs) {
        if (input.kind == "USER_INPUT") inputs.push_back(&input);
    }
    return inputs;
}

const graph::Symbol* symbol_named(const graph::Canonical& program, const std::string& name) {
    const auto found = std::find_if(program.symbols.begin(), program.symbols.end(),
                                    [&](const graph::Symbol& one) { return one.name == name; });
    return found == program.symbols.end() ? nullptr : &*found;
}

std::string range_of(const graph::Symbol& symbol) {
    if (symbol.lower.empty() && symbol.upper.empty()) return "without a range";
    return fmt::format("{}..{}", symbol.lower, symbol.upper);
}

bool is_number(const std::string& expression) {
    return !expression.empty() && expression.find_first_not_of("0123456789") == std::string::npos;
}

class DimsDifference {
  public:
    DimsDifference(const graph::Canonical& exported, const graph::Canonical& made,
                   std::string_view word, const matrix::Case& asked)
        : exported_(exported), made_(made), word_(word), asked_(asked) {}

    std::vector<std::string> run() {
        const auto before = user_inputs(exported_);
        const auto after = user_inputs(made_);
        if (before.size() != after.size()) {
            return {fmt::format("the {} program takes {} user input{}, the exported one {}", word_,
                                after.size(), after.size() == 1 ? "" : "s", before.size())};
        }
        for (std::size_t i = 0; i < before.size(); ++i) {
            // A program that takes other inputs than declared: the check dims says so.
            const auto* leaf = before.size() == asked_.inputs.size() ? &asked_.inputs[i] : nullptr;
            compare_inputs(leaf == nullptr ? fmt::format("user input {}", i) : leaf->name, leaf,
                           *before[i], *after[i]);
        }
        std::sort(reasons_.begin(), reasons_.end());
        return std::move(reasons_);
    }

  private:
    static std::string kind_of(const graph::Input& input) {
        if (!input.dtype.empty())
            return fmt::format("{} of {} dims", input.dtype, input.shape.size());
        return input.is_constant ? "a constant" : "no tensor";
    }

    void compare_inputs(const std::string& name, const matrix::Leaf* leaf,
                        const graph::Input& before, const graph::Input& after) {
        if (kind_of(before) != kind_of(after)) return add(name, kind_of(before), kind_of(after));
        for (std::size_t i = 0; i < before.shape.size(); ++i) {
            const std::string* dim = nullptr;
            if (leaf != nullptr && i < leaf->shape.size())
                dim = std::get_if<std::string>(&leaf->shape[i]);
            compare_dims(fmt::format("{} dim {}", name, i), dim == nullptr ? "" : *dim,
                         before.shape[i], after.shape[i]);
        }
    }

    void compare_dims(const std::string& place, const std::string& dim, const std::string& before,
                      const std::string& after) {
        const auto* symbol_before = symbol_named(exported_, before);
        const auto* symbol_after = symbol_named(made_, after);
        if (symbol_before == nullptr || symbol_after == nullptr) {
            const bool same = symbol_before == symbol_after && before == after;
            if (!same) add(place, described(exported_, before, dim), described(made_, after, ""));
            return;
        }
        if (range_of(*symbol_before) != range_of(*symbol_after))
            add(place, described(exported_, before, dim), range_of(*symbol_after));
        compare_identity(place, before, after);
    }

    /// Which dims are equal, whatever the symbols are called.
    void compare_identity(const std::string& place, const std::string& before,
                          const std::string& after) {
        const auto [made, first_in_exported] = made_as_.emplace(before, Use{after, place});
        if (!first_in_exported && made->second.symbol != after) {
            return add(place, "the symbol of " + made->second.place, "another one");
        }
        const auto [origin, first_in_made] = made_of_.emplace(after, Use{before, place});
        if (!first_in_made && origin->second.symbol != before)
            add(place, "another symbol than at " + origin->second.place, "the same one");
    }

    static std::string described(const graph::Canonical& program, const std::string& expression,
                                 const std::string& dim) {
        if (is_number(expression)) return "constant " + expression;
        const auto* symbol = symbol_named(program, expression);
        if (symbol == nullptr) return "the expression " + expression;
        const std::string name = dim.empty() ? "symbolic" : fmt::format("\"{}\"", dim);
        return name + " " + range_of(*symbol);
    }

    void add(const std::string& place, const std::string& before, const std::string& after) {
        reasons_.push_back(fmt::format("{}: {} in the exported program, {} in the {} one", place,
                                       before, after, word_));
    }

    struct Use {
        std::string symbol;  // in the other program
        std::string place;   // where it was met first
    };

    const graph::Canonical& exported_;
    const graph::Canonical& made_;
    std::string_view word_;
    const matrix::Case& asked_;
    std::map<std::string, Use> made_as_;  // by the exported program's symbol
    std::map<std::string, Use> made_of_;  // by the other one's
    std::vector<std::string> reasons_;
};

}  // namespace

std::vector<std::string> dims_difference(const graph::Canonical& exported,
                                         const graph::Canonical& made, std::string_view word,
                                         const matrix::Case& asked) {
    return DimsDifference(exported, made, word, asked).run();
}

}  // namespace exportgate::outcome
