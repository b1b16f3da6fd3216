#include "bench/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "matrix/case.h"

namespace exportgate::bench {

namespace {

constexpr std::size_t operation_width = 19;       // "flatten_with_keys", and a gap
constexpr std::size_t implementation_width = 12;  // "cxx_pytree", and a gap
constexpr std::size_t time_width = 7;
constexpr std::size_t ratio_width = 8;

struct CaseTimings {
    std::string name;
    std::string unit;        // "layers"
    std::vector<int> sizes;  // rising
    std::vector<const Timing*> timings;

    const Timing* find(std::string_view operation, std::string_view kind,
                       std::string_view implementation, int size) const {
        for (const Timing* one : timings) {
            const Name& name_of = one->name;
            if (name_of.operation == operation && name_of.kind == kind &&
                name_of.implementation == implementation && name_of.size == size)
                return one;
        }
        return nullptr;
    }
    bool has_kind(const std::string& kind) const {
        return std::any_of(timings.begin(), timings.end(),
                           [&](const Timing* one) { return one->name.kind == kind; });
    }
};

std::vector<CaseTimings> cases_of(const Measurements& measurements) {
    std::vector<CaseTimings> cases;
    for (const Timing& one : measurements.timings) {
        auto found = std::find_if(cases.begin(), cases.end(), [&](const CaseTimings& known) {
            return known.name == one.name.case_name;
        });
        if (found == cases.end()) {
            const std::string unit = one.name.by_layers ? "layers" : "leaves";
            found = cases.insert(cases.end(), CaseTimings{one.name.case_name, unit, {}, {}});
        }
        found->timings.push_back(&one);
        found->sizes.push_back(one.name.size);
    }
    for (CaseTimings& one : cases) {
        std::sort(one.sizes.begin(), one.sizes.end());
        one.sizes.erase(std::unique(one.sizes.begin(), one.sizes.end()), one.sizes.end());
    }
    return cases;
}

std::string label(std::string_view operation, std::string_view implementation) {
    return fmt::format("  {:<{}}{:<{}}", operation, operation_width, implementation,
                       implementation_width);
}

std::string times(double ratio) {
    return std::isnan(ratio) ? "" : three_digits(ratio) + "x";
}

std::string line_end(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

class TableWriter {
  public:
    explicit TableWriter(const Measurements& measurements) : measurements_(measurements) {}

    std::string write() {
        const auto& context = measurements_.context;
        const auto said = [&](const char* key) {
            const auto found = context.find(key);
            return found == context.end() ? std::string("?") : found->second;
        };
        text_ = fmt::format(
            "{}: torch {}, Python {}; {} thread, gc {}, {}\nns per leaf, and times the floor: {}\n",
            said("environment"), said("torch"), said("python"), said("threads"), said("gc"),
            said("clock"), said("floor"));
        find_nowhere();
        for (const CaseTimings& one : cases_of(measurements_))
            write_case(one);
        for (const auto& [implementation, reason] : nowhere_)
            text_ += fmt::format("\n{}: not available: {}\n", implementation, reason);
        return text_;
    }

  private:
    /// What is nowhere available for one and the same reason is said once, not in every row.
    void find_nowhere() {
        std::map<std::string, std::set<std::string>> reasons;
        for (const Timing& one : measurements_.timings)
            reasons[one.name.implementation].insert(one.reason);
        for (const auto& [implementation, all] : reasons) {
            if (implementation.empty() || all.size() != 1 || all.begin()->empty()) continue;
            nowhere_[implementation] = *all.begin();
        }
        if (nowhere_.size() > 1) nowhere_.clear();  // then the rows say more
    }

    void write_case(const CaseTimings& one) {
        text_ += fmt::format("\n{}\n", one.name);
        std::string head = label(one.unit, "");
        for (const int size : one.sizes)
            head += fmt::format("{:>{}}{:>{}}", size, time_width, "", ratio_width);
        text_ += line_end(head);
        write_row(one, "floor", "", "");
        for (const std::string& kind : matrix::kind_names()) {
            if (one.has_kind(kind)) write_kind(one, kind);
        }
    }

    void write_kind(const CaseTimings& one, const std::string& kind) {
        text_ += fmt::format(" {}\n", kind);
        for (const std::string& operation : operation_names()) {
            bool first = true;
            for (const std::string& implementation : implementation_names(operation)) {
                if (nowhere_.contains(implementation)) continue;
                if (write_row(one, operation, kind, implementation, first)) first = false;
            }
        }
        write_share(one, kind);
    }

    /// False where nothing of it was asked for.
    bool write_row(const CaseTimings& one, const std::string& operation, const std::string& kind,
                   const std::string& implementation, bool first = true) {
        std::string line = label(first ? operation : "", implementation);
        std::map<std::string, std::vector<std::string>> reasons;  // -> sizes
        std::size_t asked = 0;
        for (const int size : one.sizes) {
            const Timing* timing = one.find(operation, kind, implementation, size);
            if (timing != nullptr) ++asked;
            if (timing != nullptr && !timing->is_available())
                reasons[timing->reason].push_back(std::to_string(size));
            line += cell(timing);
        }
        if (asked == 0) return false;
        if (reasons.size() == 1 && reasons.begin()->second.size() == asked) {
            line = label(first ? operation : "", implementation) +
                   "  not available: " + reasons.begin()->first;
            reasons.clear();
        }
        text_ += line_end(line);
        for (const auto& [reason, sizes] : reasons) {
            text_ +=
                fmt::format("    {} {}: not available: {}\n", one.unit, join(sizes, ", "), reason);
        }
        return true;
    }

    std::string cell(const Timing* timing) const {
        if (timing == nullptr || !timing->is_available()) {
            return fmt::format("{:>{}}{:>{}}", timing == nullptr ? "" : "-", time_width, "",
                               ratio_width);
        }
        const double per_leaf = timing->time_per_leaf_ns();
        return fmt::format(
            "{:>{}}{:>{}}",
            std::isnan(per_leaf) ? three_digits(timing->real_time_ns) + "!"
                                 : three_digits(per_leaf),
            time_width, timing->name.is_floor() ? "" : times(times_floor(measurements_, *timing)),
            ratio_width);
    }

    /// How much of a call is flatten.
    void write_share(const CaseTimings& one, const std::string& kind) {
        std::string line = fmt::format("    {:<{}}", "of which flatten",
                                       operation_width + implementation_width - 2);
        bool any = false;
        for (const int size : one.sizes) {
            const Timing* timing = one.find("call", kind, "program", size);
            const bool known = timing != nullptr && !std::isnan(timing->flatten_share);
            any = any || known;
            line += fmt::format(
                "{:>{}}{:>{}}", known ? fmt::format("{:.0f}%", 100 * timing->flatten_share) : "",
                time_width, known ? fmt::format("{:.0f} times", timing->flattens) : "",
                ratio_width);
        }
        if (any) text_ += line_end(line);
    }

    const Measurements& measurements_;
    std::map<std::string, std::string> nowhere_;  // implementation -> reason
    std::string text_;
};

}  // namespace

std::string three_digits(double number) {
    if (number >= 999.5e3) return three_digits(number / 1e6) + "M";
    if (number >= 9999.5) return three_digits(number / 1e3) + "k";
    const int digits = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
    return fmt::format("{:.{}f}", number, digits);
}

std::string table(const Measurements& measurements) {
    return TableWriter(measurements).write();
}

}  // namespace exportgate::bench
