#include "verdict/surroundings.h"

#include <map>

#include "base/text.h"

namespace exportgate::verdict {
namespace {

/// "3.11" of "3.11.7": what decides about a case's code.
std::string python_series(const std::string& python) {
    const auto parts = split(python, '.');
    if (parts.size() < 2) return python;
    return std::string(parts[0]) + "." + std::string(parts[1]);
}

std::string other_package(const std::map<std::string, std::string>& before,
                          const std::map<std::string, std::string>& after) {
    for (const auto& [name, version] : before) {
        const auto now = after.find(name);
        if (!comes_with_torch(name) && (now == after.end() || now->second != version)) return name;
    }
    for (const auto& [name, version] : after) {
        if (!comes_with_torch(name) && !before.contains(name)) return name;
    }
    return "";
}

}  // namespace

bool comes_with_torch(std::string_view package) {
    return package == "torch" || package == "triton" || package == "pip" ||
           package == "setuptools" || package.starts_with("nvidia-") ||
           package.starts_with("cuda-") || package.starts_with("pytorch-triton");
}

std::string other_cause(const record::Header& before, const record::Header& after) {
    if (before.inputs_digest.empty() || before.inputs_digest != after.inputs_digest)
        return "the code of the cases or the worker";
    const std::string old_python = python_series(before.environment.python);
    const std::string new_python = python_series(after.environment.python);
    if (old_python != new_python) return "Python " + old_python + " -> " + new_python;
    const std::string package =
        other_package(before.environment.packages, after.environment.packages);
    return package.empty() ? "" : "package " + package;
}

}  // namespace exportgate::verdict
