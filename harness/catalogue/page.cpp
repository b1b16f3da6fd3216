#include <fmt/format.h>

#include "base/text.h"
#include "catalogue/entry_text.h"

namespace exportgate::catalogue {
namespace {

constexpr std::string_view head = R"(# Why was my cell rejected

<!-- Made by `exportgate explain --markdown` from harness/catalogue/entries: do not edit. -->

The reasons met so far why a cell is rejected, or exported and fails a check: how each is recognised, its cause, the releases that
show it, and what to do. `exportgate explain CELL` finds out which of them a cell of yours has met, `exportgate explain ID` prints
one, and `exportgate show CELL` everything that torch said. [checks.md](checks.md) says what the checks do. A reason that is missing
here is worth a report, with what `exportgate show CELL` prints.

)";

/// A word of a glob between backticks, also where it holds backticks itself.
std::string code(const std::string& text) {
    return text.find('`') == std::string::npos ? "`" + text + "`" : "`` " + text + " ``";
}

template <class T>
void add_choices(const std::vector<T>& choices, std::string_view what,
                 std::vector<std::string>& parts) {
    std::vector<std::string> names;
    for (const T choice : choices)
        names.push_back(matrix::to_string(choice));
    if (!names.empty()) parts.push_back(fmt::format("{} {}", what, join(names, " or ")));
}

std::string where(const Pattern& pattern) {
    const std::string stage = pattern.where.empty() ? "any stage" : "stage " + pattern.where;
    switch (pattern.place) {
        case Place::rejected:
            return fmt::format("rejected in {}{}", stage,
                               pattern.exception.empty() ? "" : " with " + code(pattern.exception));
        case Place::crashed:
            return "crashed in " + stage;
        case Place::timeout:
            return "timeout in " + stage;
        case Place::check:
            return "check " + code(pattern.where);
        case Place::unobserved:
            return "not observed";
    }
    return "";
}

/// What a finding has to be, on one line.
std::string recognised(const Pattern& pattern) {
    std::string text = where(pattern);
    std::vector<std::string> parts;
    add_choices(pattern.kinds, "kind", parts);
    add_choices(pattern.modes, "mode", parts);
    add_choices(pattern.dims, "dims", parts);
    if (pattern.torch) parts.push_back("torch " + pattern.torch->text());
    if (!parts.empty()) text += " (" + join(parts, ", ") + ")";
    std::vector<std::string> globs;
    for (const std::string& glob : pattern.lines)
        globs.push_back(code(glob));
    if (!globs.empty()) text += ": " + join(globs, " and ");
    globs.clear();
    for (const std::string& glob : pattern.without)
        globs.push_back(code(glob));
    if (!globs.empty()) text += ", without " + join(globs, " and ");
    for (const Pattern& other : pattern.with)
        text += ", together with " + recognised(other);
    return text;
}

std::string index(const Catalogue& catalogue) {
    std::string text;
    for (const Section& section : catalogue.sections) {
        text += fmt::format("- {}:", section.title);
        for (const Entry& entry : section.entries)
            text += fmt::format("{} [{}](#{})", &entry == &section.entries.front() ? "" : ",",
                                entry.id, entry.id);
        text += "\n";
    }
    return text;
}

/// "[#185804](https://github.com/pytorch/pytorch/pull/185804)", with the repository where it is
/// another one.
std::string link(const std::string& url) {
    const auto parts = split(url, '/');
    if (parts.size() != 7 || parts[2] != "github.com") return "<" + url + ">";
    const std::string repository =
        parts[4] == "pytorch" ? "" : fmt::format("{}/{}", parts[3], parts[4]);
    return fmt::format("[{}#{}]({})", repository, parts.back(), url);
}

std::string entry_part(const Entry& entry) {
    std::string text = fmt::format("\n### {}\n\n**{}**\n\n", entry.id, entry.title);
    for (const Pattern& pattern : entry.patterns)
        text += fmt::format("- {}\n", recognised(pattern));
    text += fmt::format("\nCause: {}\n\nReleases: {}", entry.cause, entry.releases);
    if (!entry.recorded.empty()) {
        text += entry.recorded.front() == entry.recorded.back()
                    ? fmt::format(" Recorded: {}.", entry.recorded.front())
                    : fmt::format(" Recorded: {} to {}.", entry.recorded.front(),
                                  entry.recorded.back());
    }
    text += fmt::format("\n\nFix: {}\n", entry.fix);
    std::vector<std::string> links;
    for (const std::string& url : entry.links)
        links.push_back(link(url));
    if (!links.empty()) text += fmt::format("\nUpstream: {}\n", join(links, ", "));
    return text;
}

}  // namespace

std::string markdown(const Catalogue& catalogue) {
    std::string text(head);
    text += index(catalogue);
    for (const Section& section : catalogue.sections) {
        text += fmt::format("\n## {}\n", section.title);
        if (!section.intro.empty()) text += "\n" + section.intro + "\n";
        for (const Entry& entry : section.entries)
            text += entry_part(entry);
    }
    return text;
}

}  // namespace exportgate::catalogue
