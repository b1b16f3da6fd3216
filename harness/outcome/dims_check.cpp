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
        for (const AskedSum& sum : sums_)
            check_sum(sum);
        std::sort(reasons_.begin(), reasons_.end());
        return std::move(reasons_);
    }

  private:
    /// "past + 1": what the program has in its place.
    struct AskedSum {
        std::string place;
        std::string text;
        matrix::Sum sum;
        std::string got;
    };

    void check_leaf(const matrix::Leaf& leaf, const graph::Input& input) {
        if (leaf.constant) {
            if (!input.is_constant)
                reasons_.push_back(fmt::format("{}: declared {}, got {}", leaf.name,
                                               matrix::to_string(*leaf.constant),
                                               input.dtype.empty() ? "no constant" : "a tensor"));
            return;
        }
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
            const auto* name = std::get_if<std::string>(&leaf.shape[i]);
            if (name == nullptr) {
                check_constant(place, std::get<std::int64_t>(leaf.shape[i]), input.shape[i]);
            } else if (style_ == DimsStyle::fixed) {
                check_constant(place, matrix::shape_at(leaf, pair_)[i], input.shape[i]);
            } else if (const auto sum = matrix::sum_of(*name)) {
                sums_.push_back({place, *name, *sum, input.shape[i]});
            } else {
                check_dynamic(place, *name, input.shape[i]);
            }
        }
    }

    void check_constant(const std::string& place, std::int64_t declared, const std::string& got) {
        if (got != std::to_string(declared))
            reasons_.push_back(fmt::format("{}: declared {}, got {}", place, declared, got));
    }

    void check_dynamic(const std::string& place, const std::string& name, const std::string& got) {
        if (is_constant(got)) {
            add(place, name, "constant " + got);
        } else if (style_ == DimsStyle::named) {
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

    /// After all that stands alone: which symbol a dim has is known then.
    void check_sum(const AskedSum& asked) {
        if (is_constant(asked.got)) {
            reasons_.push_back(fmt::format("{}: asked \"{}\", got constant {}", asked.place,
                                           asked.text, asked.got));
        } else if (style_ == DimsStyle::named) {
            const auto symbol = symbol_of_.find(asked.sum.dim);
            if (symbol == symbol_of_.end()) return;  // said where the dim stands alone
            const std::string& name = symbol->second.what;
            const std::string expected = name + asked.text.substr(asked.sum.dim.size());
            if (asked.got != expected)
                reasons_.push_back(fmt::format("{}: asked \"{}\", {}, got {}", asked.place,
                                               asked.text, expected, asked.got));
        }
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
    std::vector<AskedSum> sums_;
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
            if (name != nullptr && !matrix::sum_of(*name)) requested.push_back({i, d, *name});
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
