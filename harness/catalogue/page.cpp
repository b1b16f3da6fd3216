#include <fmt/format.h>

#include "base/text.h"
#include "catalogue/entry_text.h"
#include "document/markdown.h"

namespace exportgate::catalogue {
namespace {

using document::Document;
using document::Heading;
using document::List;
using document::literal;
using document::Paragraph;
using document::Run;
using document::Style;
using document::Text;

constexpr const char* comment =
    R"(<!-- Made by `exportgate explain --markdown` from harness/catalogue/entries: do not edit. -->)";

constexpr const char* introduction =
    R"(The reasons met so far why a cell is rejected, or exported and fails a check: how each is recognised, its cause, the releases that
show it, and what to do. "Tried with 2.13.0" says that the fix mended cases that had met the reason. `exportgate explain CELL` finds out
which of them a cell of yours has met, `exportgate explain ID` prints one, and `exportgate show CELL` everything that torch said.
[checks.md](checks.md) says what the checks do. A reason that is missing here is worth a report, with what `exportgate show CELL` prints.)";

template <class T>
void add_choices(const std::vector<T>& choices, std::string_view what,
                 std::vector<std::string>& parts) {
    std::vector<std::string> names;
    for (const T choice : choices)
        names.push_back(matrix::to_string(choice));
    if (!names.empty()) parts.push_back(fmt::format("{} {}", what, join(names, " or ")));
}

void add(Text more, Text& text) {
    text.insert(text.end(), more.begin(), more.end());
}

/// "`a` and `b`"
Text globs_text(const std::vector<std::string>& globs) {
    Text text;
    for (const std::string& glob : globs) {
        if (!text.empty()) text.push_back({" and "});
        text.push_back(literal(glob));
    }
    return text;
}

Text where(const Pattern& pattern) {
    const std::string stage = pattern.where.empty() ? "any stage" : "stage " + pattern.where;
    switch (pattern.place) {
        case Place::rejected:
            if (pattern.exception.empty()) return {{"rejected in " + stage}};
            return {{"rejected in " + stage + " with "}, literal(pattern.exception)};
        case Place::crashed:
            return {{"crashed in " + stage}};
        case Place::timeout:
            return {{"timeout in " + stage}};
        case Place::check:
            return {{"check "}, literal(pattern.where)};
        case Place::unobserved:
            return {{"not observed"}};
    }
    return {};
}

/// What a finding has to be, on one line.
Text recognised(const Pattern& pattern) {
    Text text = where(pattern);
    std::vector<std::string> parts;
    add_choices(pattern.kinds, "kind", parts);
    add_choices(pattern.modes, "mode", parts);
    add_choices(pattern.dims, "dims", parts);
    if (pattern.torch) parts.push_back("torch " + pattern.torch->text());
    if (!parts.empty()) text.push_back({" (" + join(parts, ", ") + ")", Style::markdown});
    if (!pattern.lines.empty()) {
        text.push_back({": "});
        add(globs_text(pattern.lines), text);
    }
    if (!pattern.without.empty()) {
        text.push_back({", without "});
        add(globs_text(pattern.without), text);
    }
    for (const Pattern& other : pattern.with) {
        text.push_back({", together with "});
        add(recognised(other), text);
    }
    return text;
}

List index(const Catalogue& catalogue) {
    List list;
    for (const Section& section : catalogue.sections) {
        Text text{{section.title + ":", Style::markdown}};
        for (const Entry& entry : section.entries) {
            text.push_back({&entry == &section.entries.front() ? " " : ", "});
            text.push_back({entry.id, Style::link, "#" + entry.id});
        }
        list.items.push_back({std::move(text)});
    }
    return list;
}

/// "[#185804](https://github.com/pytorch/pytorch/pull/185804)", with the repository where it is
/// another one.
Run link(const std::string& url) {
    const auto parts = split(url, '/');
    if (parts.size() != 7 || parts[2] != "github.com") return {"<" + url + ">", Style::markdown};
    const std::string repository =
        parts[4] == "pytorch" ? "" : fmt::format("{}/{}", parts[3], parts[4]);
    return {fmt::format("[{}#{}]({})", repository, parts.back(), url), Style::markdown};
}

Paragraph written(std::string markdown) {
    return {{{{std::move(markdown), Style::markdown}}}};
}

void add_entry(const Entry& entry, Document& document) {
    document.emplace_back(Heading{3, {{entry.id}}});
    document.emplace_back(written("**" + entry.title + "**"));
    List patterns;
    for (const Pattern& pattern : entry.patterns)
        patterns.items.push_back({recognised(pattern)});
    document.emplace_back(std::move(patterns));
    document.emplace_back(written("Cause: " + entry.cause));
    std::string releases = "Releases: " + entry.releases;
    if (!entry.recorded.empty()) {
        releases += entry.recorded.front() == entry.recorded.back()
                        ? fmt::format(" Recorded: {}.", entry.recorded.front())
                        : fmt::format(" Recorded: {} to {}.", entry.recorded.front(),
                                      entry.recorded.back());
    }
    document.emplace_back(written(std::move(releases)));
    std::string fix = "Fix: " + entry.fix;
    if (!entry.tried.empty()) fix += fmt::format(" Tried with {}.", entry.tried);
    document.emplace_back(written(std::move(fix)));
    if (entry.links.empty()) return;
    Text links{{"Upstream: "}};
    for (const std::string& url : entry.links) {
        if (&url != &entry.links.front()) links.push_back({", "});
        links.push_back(link(url));
    }
    document.emplace_back(Paragraph{{std::move(links)}});
}

}  // namespace

std::string markdown(const Catalogue& catalogue) {
    Document document{Heading{1, {{"Why was my cell rejected"}}}, written(comment),
                      written(introduction), index(catalogue)};
    for (const Section& section : catalogue.sections) {
        document.emplace_back(Heading{2, {{section.title, Style::markdown}}});
        if (!section.intro.empty()) document.emplace_back(written(section.intro));
        for (const Entry& entry : section.entries)
            add_entry(entry, document);
    }
    return document::markdown(document);
}

}  // namespace exportgate::catalogue
