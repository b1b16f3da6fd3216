#include <algorithm>

#include "base/text.h"
#include "catalogue/catalogue.h"

namespace exportgate::catalogue {
namespace {

template <class T>
bool allows(const std::vector<T>& choices, T value) {
    return choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end();
}

/// The first line that the glob matches, or null.
const std::string* line_of(const std::vector<std::string>& lines, const std::string& glob) {
    const auto found = std::find_if(lines.begin(), lines.end(), [&](const std::string& line) {
        const auto text = line.find_first_not_of(' ');
        return text != std::string::npos && glob_matches(glob, line.substr(text));
    });
    return found == lines.end() ? nullptr : &*found;
}

const std::string no_line;

}  // namespace

const Entry* Catalogue::find(std::string_view id) const {
    for (const Section& section : sections) {
        for (const Entry& entry : section.entries) {
            if (entry.id == id) return &entry;
        }
    }
    return nullptr;
}

std::vector<std::string> Catalogue::ids() const {
    std::vector<std::string> all;
    for (const Section& section : sections) {
        for (const Entry& entry : section.entries)
            all.push_back(entry.id);
    }
    return all;
}

const std::string* match(const Pattern& pattern, const Finding& finding, const Seen& seen) {
    if (pattern.place != finding.place) return nullptr;
    if (!pattern.where.empty() && pattern.where != finding.where) return nullptr;
    if (!pattern.exception.empty() && !glob_matches(pattern.exception, finding.exception))
        return nullptr;
    if (!allows(pattern.kinds, seen.cell.kind) || !allows(pattern.modes, seen.cell.mode) ||
        !allows(pattern.dims, seen.cell.dims))
        return nullptr;
    if (pattern.torch && !pattern.torch->holds(seen.torch)) return nullptr;
    for (const std::string& glob : pattern.without) {
        if (line_of(finding.lines, glob) != nullptr) return nullptr;
    }
    const auto is_met = [&](const Pattern& other) {
        return std::any_of(seen.findings.begin(), seen.findings.end(),
                           [&](const Finding& one) { return match(other, one, seen) != nullptr; });
    };
    if (!std::all_of(pattern.with.begin(), pattern.with.end(), is_met)) return nullptr;
    const std::string* first = nullptr;
    for (const std::string& glob : pattern.lines) {
        const std::string* line = line_of(finding.lines, glob);
        if (line == nullptr) return nullptr;
        if (first == nullptr) first = line;
    }
    if (first != nullptr) return first;
    return finding.lines.empty() ? &no_line : &finding.lines.front();
}

std::vector<Explanation> explanations(const Catalogue& catalogue, const Finding& finding,
                                      const Seen& seen) {
    std::vector<Explanation> all;
    for (const Section& section : catalogue.sections) {
        for (const Entry& entry : section.entries) {
            for (const Pattern& pattern : entry.patterns) {
                if (const std::string* line = match(pattern, finding, seen)) {
                    all.push_back({&entry, *line});
                    break;
                }
            }
        }
    }
    return all;
}

}  // namespace exportgate::catalogue
