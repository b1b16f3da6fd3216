// The checks of an exported program: one row each, in the order in which they are carried out,
// announced ("check:run"), recorded and shown. Whatever lists checks takes them from here.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

namespace exportgate::record {

struct Check {
    std::string_view name;
    bool silently_wrong;  // failing, it tells of a program that is silently another one than was
                          // asked for: no program at all is better. The others fail loudly, outside
                          // of what was asked, or because of the class
    bool about_program;   // else about the class and its registration, or the model afterwards
    int revision = 0;     // of what it means; 0: the worker carries it out and says so itself
    bool is_consumer = false;  // carried out only where somebody asks for it (docs/consumers.md)
};

inline constexpr std::array check_table{
    Check{"dims", true, true, 1},  // computed from the print, whatever the worker carries out
    Check{"constants", true, true},      Check{"run", true, true},
    Check{"bounds", false, true},        Check{"traits", false, true},
    Check{"model", false, false},        Check{"pytree", false, false},
    Check{"save_load", false, true},     Check{"steps", true, true},
    Check{"decompose", false, true},     Check{"retrace", false, true},
    Check{"registry", false, false},     Check{"aoti", false, true, 0, true},
    Check{"onnx", false, true, 0, true}, Check{"consumer", false, true, 0, true},
};

/// Null where nobody knows the check.
constexpr const Check* find_check(std::string_view name) {
    const auto* found = std::find_if(check_table.begin(), check_table.end(),
                                     [&](const Check& check) { return check.name == name; });
    return found == check_table.end() ? nullptr : found;
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
