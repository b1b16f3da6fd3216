#include "catalogue/entry_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace exportgate::catalogue {
namespace {

constexpr std::size_t label_width = 10;
constexpr std::size_t least_width = 30;  // of a terminal that is narrower than any text

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    for (const std::string_view word : split(text, ' ')) {
        if (word.empty()) continue;
        if (lines.empty() || lines.back().size() + 1 + word.size() > width) {
            lines.emplace_back(word);
        } else {
            lines.back().append(" ").append(word);
        }
    }
    return lines;
}

std::string labelled(std::string_view label, std::string_view text, std::size_t indent,
                     std::size_t width) {
    const std::size_t before = indent + label_width;
    const std::size_t room = std::max(least_width, width - std::min(width, before));
    std::string all;
    for (const std::string& line : wrapped(text, room)) {
        all +=
            fmt::format("{:{}}{:<{}}{}\n", "", indent, all.empty() ? label : "", label_width, line);
    }
    return all;
}

std::string body(const Entry& entry, std::size_t indent, std::size_t width) {
    std::string text = labelled("cause", entry.cause, indent, width);
    text += labelled("releases", entry.releases, indent, width);
    text += labelled("fix", entry.fix, indent, width);
    for (const std::string& link : entry.links)
        text += labelled(&link == &entry.links.front() ? "links" : "", link, indent, width);
    return text;
}

std::string list(const Catalogue& catalogue) {
    std::size_t width = 0;
    for (const std::string& id : catalogue.ids())
        width = std::max(width, id.size());
    std::string text;
    for (const Section& section : catalogue.sections) {
        text += fmt::format("{}{}\n", text.empty() ? "" : "\n", section.title);
        for (const Entry& entry : section.entries)
            text += fmt::format("  {:<{}}  {}\n", entry.id, width, entry.title);
    }
    return text;
}

}  // namespace exportgate::catalogue
