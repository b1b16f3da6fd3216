#include "outcome/case_error.h"

#include <fmt/format.h>

#include <algorithm>

#include "outcome/parts.h"

namespace exportgate::outcome {
namespace {

/// What the worker raises where case.py contradicts case.toml (exportgate_worker/errors.py), and
/// its subclasses.
constexpr std::string_view errors_of_the_worker = "exportgate_worker.errors.";

bool is_before_export(const std::string& stage) {
    const auto& stages = matrix::stages_before_export();
    return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

struct StageOf {
    std::string operator()(const Program&) const {
        return "";
    }
    std::string operator()(const auto& ended) const {
        return ended.stage;
    }
};

struct HowOf {
    std::string operator()(const Program&) const {
        return "exported";
    }
    std::string operator()(const Refusal& refusal) const {
        if (refusal.message.empty() || refusal.message.front().empty()) return refusal.exception;
        return refusal.exception + ": " + refusal.message.front();
    }
    std::string operator()(const Crash& crash) const {
        return "crashed, " + crash.how;
    }
    std::string operator()(const Timeout&) const {
        return "timeout";
    }
};

}  // namespace

std::optional<std::string> stage_of_case_error(const Outcome& outcome) {
    if (outcome.status == Status::exported) return std::nullopt;
    const auto parts = parts_of(outcome);
    std::string stage = std::visit(StageOf{}, parts);
    if (stage == "start" || is_before_export(stage)) return stage;
    const auto* refusal = std::get_if<Refusal>(&parts);
    if (refusal != nullptr && refusal->exception.starts_with(errors_of_the_worker)) return stage;
    return std::nullopt;
}

std::optional<std::string> case_error(const Outcome& outcome, const matrix::Case& asked,
                                      const matrix::Cell& cell) {
    auto stage = stage_of_case_error(outcome);
    if (!stage || !is_before_export(*stage)) return stage;
    const auto expected = asked.expected_stages.find(cell.kind);
    if (expected != asked.expected_stages.end() && expected->second == *stage) return std::nullopt;
    return stage;
}

bool is_later_stage(const std::string& stage, const std::string& other) {
    static const std::vector<std::string> order{"start", "import", "construct", "register",
                                                "eager", "export", "observe"};
    return std::find(order.begin(), order.end(), stage) >
           std::find(order.begin(), order.end(), other);
}

std::string remedy_of_case_error(const std::string& stage) {
    std::string remedy = "mend case.py or case.toml and run again";
    if (is_before_export(stage))
        remedy +=
            fmt::format("; a case that is about this error says expected_stage = \"{}\"", stage);
    return remedy;
}

std::string describe_case_error(const Outcome& outcome) {
    const auto parts = parts_of(outcome);
    return std::visit(StageOf{}, parts) + ": " + std::visit(HowOf{}, parts);
}

}  // namespace exportgate::outcome
