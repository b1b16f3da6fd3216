// The checks of an exported program: one row each, in the order in which they are carried out,
// announced ("check:run"), recorded and shown. Whatever lists checks takes them from here.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace exportgate::record {

struct Check {
    std::string_view name;
    bool silently_wrong;  // failing, it tells of a program that is silently another one than was
                          // asked for: no program at all is better. The others fail loudly, outside
                          // of what was asked, or because of the class
    bool about_program;   // else about the class and its registration, or the model afterwards
    int revision = 0;     // of what it means; 0: the worker carries it out and says so itself
    bool is_consumer = false;  // carried out only where somebody asks for it (docs/consumers.md)
    // The checks whose results it needs, with a space between two: what `run` says is left out of
    // its own result, or was found by it. Without them it says something else.
    std::string_view builds_on = {};
};

inline constexpr std::array check_table{
    Check{"dims", true, true, 1},  // computed from the print, whatever the worker carries out
    Check{"constants", true, true},
    Check{"run", true, true},
    Check{"bounds", false, true, 0, false, "run"},
    Check{"traits", false, true, 0, false, "run"},
    Check{"model", false, false},
    Check{"pytree", false, false},
    Check{"save_load", false, true, 0, false, "run"},
    Check{"steps", true, true, 0, false, "run save_load"},
    Check{"decompose", false, true, 0, false, "run"},
    Check{"retrace", false, true, 0, false, "run"},
    Check{"registry", false, false},
    Check{"aoti", false, true, 0, true, "run"},
    Check{"onnx", false, true, 0, true, "run"},
    Check{"consumer", false, true, 0, true, "run"},
};

/// Null where nobody knows the check.
constexpr const Check* find_check(std::string_view name) {
    const auto* found = std::find_if(check_table.begin(), check_table.end(),
                                     [&](const Check& check) { return check.name == name; });
    return found == check_table.end() ? nullptr : found;
}

/// `names` and the checks that they build on, in the order of the table.
inline std::vector<std::string> with_those_that_they_build_on(
    const std::vector<std::string>& names) {
    const auto is_needed = [&](const Check& check) {
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            const Check* asked = find_check(name);
            if (asked == nullptr) return false;
            const std::vector<std::string_view> below = split(asked->builds_on, ' ');
            return name == check.name ||
                   std::find(below.begin(), below.end(), check.name) != below.end();
        });
    };
    std::vector<std::string> all;
    for (const Check& check : check_table)
        if (is_needed(check)) all.emplace_back(check.name);
    return all;
}

/// Whether `name` is that of a check that workers carry out.
constexpr bool is_of_worker(std::string_view name) {
    const Check* check = find_check(name);
    return check != nullptr && check->revision == 0;
}

constexpr bool is_consumer(std::string_view name) {
    const Check* check = find_check(name);
    return check != nullptr && check->is_consumer;
}

/// Check -> revision.
using Revisions = std::map<std::string, int>;

/// Whether the reason of a check says that its time was over before it came to an end. The words
/// are those of exportgate_worker/check_process.py.
inline bool is_timeout(std::string_view reason) {
    return reason.find("timeout: longer than its budget") != std::string_view::npos;
}

}  // namespace exportgate::record
