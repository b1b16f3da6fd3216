#include "bench/name.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "matrix/case.h"

namespace exportgate::bench {

namespace {

using Implementations = std::pair<std::string, std::vector<std::string>>;

const std::vector<Implementations>& operations() {
    static const std::vector<Implementations> all{
        {"flatten", {"function", "pytree", "cxx_pytree", "fx"}},
        {"unflatten", {"function", "pytree", "cxx_pytree"}},
        {"flatten_with_keys", {"function", "pytree", "cxx_pytree"}},
        {"round_trip", {"function", "pytree", "cxx_pytree"}},
        {"tree_map", {"pytree", "cxx_pytree"}},
        {"call", {"program"}}};
    return all;
}

bool has_word(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// "layers:32". False where it is not of that form.
bool read_size(std::string_view text, Name& name) {
    const std::size_t colon = text.find(':');
    const std::string_view unit = text.substr(0, colon);
    if (colon == std::string_view::npos || (unit != "layers" && unit != "leaves")) return false;
    name.by_layers = unit == "layers";
    const std::string_view digits = text.substr(colon + 1);
    const char* end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, name.size);
    return failure == std::errc() && stop == end && name.size >= (name.by_layers ? 1 : 0);
}

std::string what_is_wrong(const std::vector<std::string_view>& parts, Name& name) {
    const bool is_floor = parts.size() == 3 && parts[1] == "floor";
    if (!is_floor && parts.size() != 5)
        return fmt::format("has {} parts between slashes, not 5", parts.size());
    name.case_name = parts.front();
    name.operation = parts[1];
    if (name.case_name.empty()) return "has no name of a case";
    if (!read_size(parts.back(), name))
        return fmt::format("ends with \"{}\", not with layers:N or leaves:N", parts.back());
    if (is_floor) return "";
    name.kind = parts[2];
    name.implementation = parts[3];
    const std::vector<std::string>& implementations = implementation_names(name.operation);
    if (implementations.empty())
        return fmt::format("has an operation \"{}\", which is none of {}", name.operation,
                           join(operation_names(), ", "));
    if (!has_word(matrix::kind_names(), name.kind))
        return fmt::format("has a kind \"{}\", which is none of {}", name.kind,
                           join(matrix::kind_names(), ", "));
    if (!has_word(implementations, name.implementation))
        return fmt::format("has an implementation \"{}\", and {} is timed in {}",
                           name.implementation, name.operation, join(implementations, ", "));
    return "";
}

}  // namespace

Result<Name> parse_name(std::string_view text) {
    Name name;
    name.text = text;
    const std::string wrong = what_is_wrong(split(text, '/'), name);
    if (wrong.empty()) return name;
    return tl::unexpected(
        Error{"", 0, fmt::format("the name of the benchmark \"{}\" {}", text, wrong),
              "a benchmark is called CASE/OPERATION/KIND/IMPLEMENTATION/layers:N"});
}

std::string floor_name(const Name& name) {
    return fmt::format("{}/floor/{}:{}", name.case_name, name.by_layers ? "layers" : "leaves",
                       name.size);
}

const std::vector<std::string>& operation_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const Implementations& one : operations())
            all.push_back(one.first);
        return all;
    }();
    return names;
}

const std::vector<std::string>& implementation_names(std::string_view operation) {
    static const std::vector<std::string> none;
    for (const Implementations& one : operations()) {
        if (one.first == operation) return one.second;
    }
    return none;
}

}  // namespace exportgate::bench
