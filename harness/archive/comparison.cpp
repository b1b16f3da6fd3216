#include "archive/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "archive/compare_interface.h"
#include "archive/compare_paths.h"
#include "base/text.h"

namespace exportgate::archive {
namespace {

/// `a` and `b` are the same for both files; empty where a file does not say it.
void add_words(Part& part, const std::string& what, const std::string& a, const std::string& b) {
    if (a != b) part.lines.push_back(fmt::format("{}: {}, {}", what, a, b));
}

Part finished(Part part, Found worst = Found::different) {
    if (part.found == Found::same && !part.lines.empty()) part.found = worst;
    return part;
}

Part compare_graphs(const SavedModel& a, const SavedModel& b, std::string& diff) {
    Part part{"graph"};
    if (a.canonical.text == b.canonical.text) return part;
    for (const graph::StructuralDifference& difference :
         graph::structural_diff(a.canonical, b.canonical))
        part.lines.push_back(difference.words);
    if (part.lines.empty()) part.lines.push_back("another canonical form");
    diff += graph::text_diff(a.canonical.text, b.canonical.text);
    return finished(std::move(part));
}

void compare_tensor(const std::string& name, const Carried& a, const Carried& b, Part& part) {
    const std::string first = described(a);
    const std::string second = described(b);
    if (first != second) {
        part.lines.push_back(fmt::format("{}: {} in a, {} in b", name, first, second));
        if (a.dtype != b.dtype || a.shape != b.shape || a.opaque != b.opaque) return;
    }
    const Result<std::string> values = compare_values(a, b);
    if (!values) {
        part.found = Found::unreadable;
        part.lines.push_back(fmt::format("{}: {}", name, to_string(values.error())));
    } else if (!values->empty()) {
        part.lines.push_back(fmt::format("{}: {}", name, *values));
    }
}

/// "a and b" -> "0 and 4"
std::map<std::string, std::string> sharing_in_words(const CarriedByName& carried) {
    std::map<std::string, std::string> groups;
    for (const Sharing& one : sharing(carried))
        groups[join(one.names, " and ")] = fmt::format("{}", fmt::join(one.offsets, " and "));
    return groups;
}

/// What a program writes into one of them is seen in the others, where they overlap.
void compare_sharing(const CarriedByName& a, const CarriedByName& b, Part& part) {
    const std::map<std::string, std::string> first = sharing_in_words(a);
    const std::map<std::string, std::string> second = sharing_in_words(b);
    for (const auto& [names, offsets] : first) {
        const auto other = second.find(names);
        if (other == second.end()) {
            part.lines.push_back(names + " share memory only in a");
        } else if (other->second != offsets) {
            part.lines.push_back(fmt::format("{} share memory: from elements {} on in a, {} in b",
                                             names, offsets, other->second));
        }
    }
    for (const auto& [names, offsets] : second)
        if (!first.contains(names)) part.lines.push_back(names + " share memory only in b");
}

Part compare_carried(const SavedModel& a, const SavedModel& b) {
    Part part{"parameters, buffers and constants"};
    for (const SavedModel* model : {&a, &b}) {
        if (model->carried_unreadable.empty()) continue;
        part.found = Found::unreadable;
        part.lines.push_back(model->carried_unreadable);
    }
    if (part.found == Found::unreadable) return part;
    for (const auto& [name, tensor] : a.carried) {
        const auto other = b.carried.find(name);
        if (other == b.carried.end())
            part.lines.push_back(fmt::format("{}: only in a", name));
        else
            compare_tensor(name, tensor, other->second, part);
    }
    for (const auto& [name, tensor] : b.carried)
        if (a.carried.find(name) == a.carried.end())
            part.lines.push_back(fmt::format("{}: only in b", name));
    compare_sharing(a.carried, b.carried, part);
    return finished(std::move(part));
}

/// Equal bytes; what differs is a line.
void compare_entries(const std::string& what, const SavedProgram& a, const Entry& first,
                     const SavedProgram& b, const Entry& second, Part& part) {
    Carried left, right;
    left.opaque = right.opaque = "bytes";
    left.file = a.file;
    right.file = b.file;
    left.entry = first;
    right.entry = second;
    const Result<std::string> differ = compare_values(left, right);
    if (!differ) {
        part.found = Found::unreadable;
        part.lines.push_back(to_string(differ.error()));
    } else if (!differ->empty()) {
        part.lines.push_back(what + ": " + *differ);
    }
}

Part compare_others(const SavedProgram& a, const SavedProgram& b) {
    Part part{"other files"};
    for (const auto& [name, entry] : a.others) {
        const auto other = b.others.find(name);
        if (other == b.others.end())
            part.lines.push_back(name + ": only in a");
        else
            compare_entries(name, a, entry, b, other->second, part);
    }
    for (const auto& [name, entry] : b.others)
        if (a.others.find(name) == a.others.end()) part.lines.push_back(name + ": only in b");
    return finished(std::move(part), Found::file_only);
}

/// They are pickled, so their bytes say more than their values, and a program does not depend on
/// them: never a difference of the programs.
Part compare_example_inputs(const SavedProgram& a, const SavedModel& first, const SavedProgram& b,
                            const SavedModel& second) {
    Part part{"example inputs"};
    if (first.example_inputs.has_value() != second.example_inputs.has_value())
        part.lines.push_back(first.example_inputs ? "only in a" : "only in b");
    else if (first.example_inputs)
        compare_entries("pickled", a, *first.example_inputs, b, *second.example_inputs, part);
    return finished(std::move(part), Found::file_only);
}

void compare_models(const SavedProgram& a, const SavedModel& first, const SavedProgram& b,
                    const SavedModel& second, const std::string& prefix, Comparison& comparison) {
    std::vector<Part> parts;
    parts.push_back(compare_graphs(first, second, comparison.graph_diff));
    parts.push_back(compare_inputs(first, second));
    parts.push_back(compare_specs(first, second));
    parts.push_back(compare_guards(first, second));
    parts.push_back(compare_carried(first, second));
    parts.push_back(compare_versions(first, second));
    parts.push_back(compare_example_inputs(a, first, b, second));
    parts.push_back(compare_metadata(first, second));
    parts.push_back(compare_module_paths(first, second));
    parts.push_back(compare_origin(first, second));
    if (std::optional<Part> unknown = compare_unknown_members(first, second))
        parts.push_back(std::move(*unknown));
    for (Part& part : parts) {
        part.name = prefix + part.name;
        comparison.parts.push_back(std::move(part));
    }
}

}  // namespace

bool Comparison::has(Found found) const {
    return std::any_of(parts.begin(), parts.end(),
                       [&](const Part& part) { return part.found == found; });
}

Comparison compare(const SavedProgram& a, const SavedProgram& b) {
    Comparison comparison;
    Part models{"models"};
    const bool named = a.models.size() > 1 || b.models.size() > 1;
    for (const auto& [name, model] : a.models) {
        const auto other = b.models.find(name);
        if (other == b.models.end())
            models.lines.push_back(name + ": only in a");
        else
            compare_models(a, model, b, other->second, named ? name + ": " : "", comparison);
    }
    for (const auto& [name, model] : b.models)
        if (a.models.find(name) == a.models.end()) models.lines.push_back(name + ": only in b");
    if (!models.lines.empty()) comparison.parts.push_back(finished(std::move(models)));
    comparison.parts.push_back(compare_others(a, b));
    Part layout{"layout of the file"};
    add_words(layout, "layout", a.layout, b.layout);
    comparison.parts.push_back(finished(std::move(layout), Found::file_only));
    return comparison;
}

const char* to_string(Found found) {
    switch (found) {
        case Found::same:
            return "same";
        case Found::different:
            return "different";
        case Found::file_only:
            return "file_only";
        case Found::not_compared:
            return "not_compared";
        case Found::unreadable:
            return "unreadable";
    }
    return "";
}

}  // namespace exportgate::archive
