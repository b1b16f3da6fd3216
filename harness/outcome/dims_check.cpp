#include "outcome/dims_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace exportgate::outcome {
namespace {

using matrix::DimsStyle;

bool is_constant(const std::string& expression) {
    return !expression.empty() && expression.find_first_not_of("0123456789") == std::string::npos;
}

class DimsCheck {
  public:
    DimsCheck(const graph::Canonical& program, const matrix::Case& asked, DimsStyle style,
              const matrix::Pair& pair)
        : program_(program), asked_(asked), style_(style), pair_(pair) {}

    std::vector<std::string> run() {
        std::vector<const graph::Input*> inputs;
        for (const graph::Input& input : program_.inputs) {
            if (input.kind == "USER_INPUT") inputs.push_back(&input);
        }
        if (inputs.size() != asked_.inputs.size()) {
            return {fmt::format("the program takes {} user input{}, the case declares {}",
                                inputs.size(), inputs.size() == 1 ? "" : "s",
                                asked_.inputs.size())};
        }
        for (std::size_t i = 0; i < inputs.size(); ++i)
            check_leaf(asked_.inputs[i], *inputs[i]);
        // After all dims that stand alone: which symbol each of them has is known then.
        for (const Asked& one : expressions_)
            check_expression(one);
        std::sort(reasons_.begin(), reasons_.end());
        return std::move(reasons_);
    }

  private:
    /// "past + 1", or a dim that a relation makes of others: what the program has in its place.
    struct Asked {
        std::string place;
        std::string text;
        matrix::Polynomial expression;
        bool is_dim;  // `text` is the name of a dim
        std::string got;
    };

    void check_leaf(const matrix::Leaf& leaf, const graph::Input& input) {
        if (leaf.constant) return check_value(leaf, input);
        if (input.dtype.empty()) {
            reasons_.push_back(fmt::format("{}: not a tensor in the program", leaf.name));
            return;
        }
        if (input.shape.size() != leaf.shape.size()) {
            reasons_.push_back(fmt::format("{}: declared with {} dims, got {}", leaf.name,
                                           leaf.shape.size(), input.shape.size()));
            return;
        }
        for (std::size_t i = 0; i < leaf.shape.size(); ++i) {
            const std::string place = fmt::format("{} dim {}", leaf.name, i);
            const auto* text = std::get_if<std::string>(&leaf.shape[i]);
            if (text == nullptr) {
                check_constant(place, std::get<std::int64_t>(leaf.shape[i]), input.shape[i]);
            } else if (style_ == DimsStyle::fixed) {
                check_constant(place, matrix::shape_at(leaf, pair_)[i], input.shape[i]);
            } else {
                check_asked(place, *text, input.shape[i]);
            }
        }
    }

    /// None, a number or a string. A number that is asked to be dynamic is the program's own
    /// symbol. One that follows a dim may be either: a case's hook can ask for it, too. Others are
    /// constants.
    void check_value(const matrix::Leaf& leaf, const graph::Input& input) {
        const bool is_dynamic = leaf.is_dynamic && style_ != DimsStyle::fixed;
        const bool follows_a_dim = std::holds_alternative<matrix::ExtentValue>(*leaf.constant) &&
                                   style_ != DimsStyle::fixed;
        std::string got;
        if (!input.dtype.empty()) {
            got = "a tensor";
        } else if (is_dynamic && input.is_constant) {
            got = "a constant";
        } else if (!follows_a_dim && !input.is_constant) {
            got = "no constant";
        } else {
            return;
        }
        reasons_.push_back(fmt::format("{}: {} {}, got {}", leaf.name,
                                       is_dynamic ? "asked dynamic" : "declared",
                                       matrix::to_string(*leaf.constant), got));
    }

    void check_asked(const std::string& place, const std::string& text, const std::string& got) {
        const bool is_dim = std::any_of(asked_.dims.begin(), asked_.dims.end(),
                                        [&](const matrix::Dim& dim) { return dim.name == text; });
        if (!is_dim) {
            const auto expression = matrix::Polynomial::parse(text);
            expressions_.push_back({place, text, expression.value(), false, got});
        } else if (const auto definition = matrix::definition_of(asked_, text)) {
            expressions_.push_back({place, text, *definition, true, got});
        } else {
            check_dynamic(place, text, got);
        }
    }

    void check_constant(const std::string& place, std::int64_t declared, const std::string& got) {
        if (got != std::to_string(declared))
            reasons_.push_back(fmt::format("{}: declared {}, got {}", place, declared, got));
    }

    void check_dynamic(const std::string& place, const std::string& name, const std::string& got) {
        if (is_constant(got)) {
            add(place, name, "constant " + got);
        } else if (matrix::asks_for_ranges(style_)) {
            check_named(place, name, got);
        }
    }

    void check_named(const std::string& place, const std::string& name, const std::string& got) {
        const auto symbol = std::find_if(program_.symbols.begin(), program_.symbols.end(),
                                         [&](const graph::Symbol& one) { return one.name == got; });
        if (symbol == program_.symbols.end()) return add(place, name, "the expression " + got);
        const matrix::Dim& dim = declared(name);
        if (symbol->lower.empty() && symbol->upper.empty()) {
            add(place, name, "no range");
        } else if (symbol->lower != std::to_string(dim.min) ||
                   symbol->upper != std::to_string(dim.max)) {
            add(place, name, fmt::format("the range {}..{}", symbol->lower, symbol->upper));
        }
        const auto [other, first_use] = symbol_of_.emplace(name, Use{got, place});
        if (!first_use && other->second.what != got) {
            add(place, name, fmt::format("another symbol than at {}", other->second.place));
        }
        const auto [owner, first_name] = name_of_.emplace(got, Use{name, place});
        if (!first_name && owner->second.what != name) {
            add(place, name,
                fmt::format("the symbol of \"{}\" at {}", owner->second.what, owner->second.place));
        }
    }

    void check_expression(const Asked& asked) {
        if (is_constant(asked.got)) {
            if (asked.is_dim) return add(asked.place, asked.text, "constant " + asked.got);
            reasons_.push_back(fmt::format("{}: asked \"{}\", got constant {}", asked.place,
                                           asked.text, asked.got));
            return;
        }
        if (!matrix::asks_for_ranges(style_)) return;
        learn_symbol_of(asked);
        std::map<std::string, matrix::Polynomial> symbols;
        for (const auto& [dim, use] : symbol_of_) {
            if (auto symbol = matrix::Polynomial::parse(use.what)) symbols.emplace(dim, *symbol);
        }
        const auto expected = asked.expression.with(symbols);
        if (!expected) return;  // said where the dim stands alone
        const auto got = matrix::Polynomial::parse(asked.got);
        if (got && *got == *expected) return;
        // torch's Dim cannot say "past + new": it may have a symbol of its own there. ShapesSpec
        // can.
        if (style_ == DimsStyle::named && !asked.expression.linear() &&
            !name_of_.contains(asked.got) && is_symbol(asked.got))
            return;
        if (asked.is_dim) return check_named(asked.place, asked.text, asked.got);
        reasons_.push_back(fmt::format("{}: asked \"{}\", {}, got {}", asked.place, asked.text,
                                       expected->text(), asked.got));
    }

    /// A dim that never stands alone: "2*length" and "2*s0" say that length is s0.
    void learn_symbol_of(const Asked& asked) {
        const auto expression = asked.expression.linear();
        const auto polynomial = matrix::Polynomial::parse(asked.got);
        const auto got = polynomial ? polynomial->linear() : std::nullopt;
        if (!expression || !got || symbol_of_.contains(expression->name)) return;
        if (expression->factor != got->factor || expression->offset != got->offset) return;
        check_named(asked.place, expression->name, got->name);
    }

    bool is_symbol(const std::string& expression) const {
        return std::any_of(program_.symbols.begin(), program_.symbols.end(),
                           [&](const graph::Symbol& one) { return one.name == expression; });
    }

    const matrix::Dim& declared(const std::string& name) const {
        return *std::find_if(asked_.dims.begin(), asked_.dims.end(),
                             [&](const matrix::Dim& dim) { return dim.name == name; });
    }

    void add(const std::string& place, const std::string& name, const std::string& got) {
        std::string asked;
        switch (style_) {
            case DimsStyle::named:
                asked = fmt::format("\"{}\" {}..{}", name, declared(name).min, declared(name).max);
                break;
            case DimsStyle::automatic:
                asked = fmt::format("AUTO \"{}\"", name);
                break;
            case DimsStyle::dynamic:
                asked = fmt::format("DYNAMIC \"{}\"", name);
                break;
            case DimsStyle::spec:
                asked =
                    fmt::format("spec \"{}\" {}..{}", name, declared(name).min, declared(name).max);
                break;
            case DimsStyle::fixed:
                break;
        }
        reasons_.push_back(fmt::format("{}: asked {}, got {}", place, asked, got));
    }

    struct Use {
        std::string what;
        std::string place;
    };

    const graph::Canonical& program_;
    const matrix::Case& asked_;
    DimsStyle style_;
    const matrix::Pair& pair_;
    std::map<std::string, Use> symbol_of_;  // by the dim's name
    std::map<std::string, Use> name_of_;    // by the symbol
    std::vector<Asked> expressions_;
    std::vector<std::string> reasons_;
};

}  // namespace

std::vector<graph::RequestedDim> requested_dims(const matrix::Case& asked, DimsStyle style) {
    std::vector<graph::RequestedDim> requested;
    if (style == DimsStyle::fixed) return requested;
    for (std::size_t i = 0; i < asked.inputs.size(); ++i) {
        const auto& shape = asked.inputs[i].shape;
        for (std::size_t d = 0; d < shape.size(); ++d) {
            const auto* name = std::get_if<std::string>(&shape[d]);
            const bool is_dim =
                name != nullptr && std::any_of(asked.dims.begin(), asked.dims.end(),
                                               [&](const auto& dim) { return dim.name == *name; });
            if (is_dim) requested.push_back({i, d, *name});
        }
    }
    return requested;
}

CheckResult dims_check(const graph::Canonical& program, const matrix::Case& asked, DimsStyle style,
                       const matrix::Pair& pair) {
    CheckResult result{"dims", CheckStatus::pass, DimsCheck(program, asked, style, pair).run()};
    result.revision = record::find_check("dims")->revision;
    if (!result.reasons.empty()) result.status = CheckStatus::fail;
    return result;
}

}  // namespace exportgate::outcome
