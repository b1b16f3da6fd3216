#include "run/announced.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <variant>

namespace exportgate::run {

namespace {

constexpr std::array stages_of_an_export{"import", "construct", "register",
                                         "eager",  "export",    "observe"};

std::string not_announced(const std::string& stage) {
    return fmt::format(
        "the child reports a result of the stage {}, which did not begin: did case code write it?",
        stage);
}

}  // namespace

void Announced::begins(const std::string& stage) {
    stages_.push_back(stage);
}

void Announced::clear() {
    stages_.clear();
}

bool Announced::has(const std::string& stage) const {
    return std::find(stages_.begin(), stages_.end(), stage) != stages_.end();
}

std::string Announced::contradiction(const record::Observation& observation) const {
    if (const auto* rejected = std::get_if<record::Rejected>(&observation.result))
        return has(rejected->stage) ? "" : not_announced(rejected->stage);
    const auto* exported = std::get_if<record::Exported>(&observation.result);
    if (exported == nullptr) return "";
    auto next = stages_.begin();
    for (const char* stage : stages_of_an_export) {
        next = std::find(next, stages_.end(), stage);
        if (next == stages_.end()) return not_announced(stage);
    }
    for (const auto& check : exported->checks) {
        if (!has("check:" + check.name)) return not_announced("check:" + check.name);
    }
    return "";
}

}  // namespace exportgate::run
