#include "golden/when.h"

#include <array>
#include <compare>
#include <optional>

#include "base/text.h"
#include "base/torch_version.h"

namespace exportgate::golden {
namespace {

struct Condition {
    std::string name;
    std::string op;
    std::string value;
};

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

tl::unexpected<Error> refuse(std::string_view condition, std::string_view why) {
    return tl::unexpected(Error{"", 0,
                                "condition \"" + std::string(condition) + "\" " + std::string(why),
                                "write name, operator, version, such as python>=3.12"});
}

/// Names whose values are words, not versions.
bool is_word(std::string_view name) {
    return name == "build" || name == "platform";
}

Result<Condition> parse_condition(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_name_character(text[end]))
        ++end;
    Condition condition{std::string(text.substr(0, end)), "", ""};
    static constexpr std::array<std::string_view, 6> operators{"==", "!=", "<=", ">=", "<", ">"};
    for (const auto op : operators) {
        if (!text.substr(end).starts_with(op)) continue;
        condition.op = op;
        condition.value = text.substr(end + op.size());
        break;
    }
    if (condition.name.empty() || condition.op.empty() || condition.value.empty()) {
        return refuse(text, "is not name, operator, version");
    }
    for (const char c : condition.value) {
        if (!is_name_character(c) && c != '+' && c != '!') {
            return refuse(text, "has a value with \"" + std::string(1, c) + "\" in it");
        }
    }
    const bool equality = condition.op == "==" || condition.op == "!=";
    if (is_word(condition.name) && !equality) return refuse(text, "can only be == or !=");
    if (!is_word(condition.name) && !equality && !TorchVersion::parse(condition.value)) {
        return refuse(text, "needs a version to compare with");
    }
    return condition;
}

std::optional<std::string> value_in(const record::Environment& environment,
                                    const std::string& name) {
    if (name == "python") return environment.python;
    if (name == "platform") return environment.platform;
    if (name == "build") {
        const auto plus = environment.torch_build.find('+');
        return plus == std::string::npos ? "none" : environment.torch_build.substr(plus + 1);
    }
    const auto package = environment.packages.find(name);
    if (package == environment.packages.end()) return std::nullopt;
    return package->second;
}

Result<bool> holds(const Condition& condition, const record::Environment& environment) {
    const auto value = value_in(environment, condition.name);
    if (!value) return false;
    const auto seen = TorchVersion::parse(*value);
    const auto asked = TorchVersion::parse(condition.value);
    const bool equality = condition.op == "==" || condition.op == "!=";
    // torch==2.13.0 is every build of it, torch==2.13.0+cu130 is one.
    const bool names_build = equality && condition.value.find('+') != std::string::npos;
    if (is_word(condition.name) || !seen || !asked || names_build) {
        if (condition.op == "==") return *value == condition.value;
        if (condition.op == "!=") return *value != condition.value;
        return refuse(condition.name + condition.op + condition.value,
                      "cannot be compared with \"" + *value + "\"");
    }
    const auto order = *seen <=> *asked;
    if (condition.op == "==") return order == 0;
    if (condition.op == "!=") return order != 0;
    if (condition.op == "<") return order < 0;
    if (condition.op == "<=") return order <= 0;
    if (condition.op == ">") return order > 0;
    return order >= 0;
}

}  // namespace

Result<bool> holds(std::string_view when, const record::Environment& environment) {
    if (when.empty()) return true;
    for (const auto part : split(when, ',')) {
        const auto condition = parse_condition(part);
        if (!condition) return tl::unexpected(condition.error());
        const auto result = holds(*condition, environment);
        if (!result || !*result) return result;
    }
    return true;
}

Result<void> check_when(std::string_view when) {
    if (when.empty()) return {};
    for (const auto part : split(when, ',')) {
        if (const auto condition = parse_condition(part); !condition) {
            return tl::unexpected(condition.error());
        }
    }
    return {};
}

}  // namespace exportgate::golden
