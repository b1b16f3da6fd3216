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

std::string without_links(std::string_view markdown) {
    std::string text;
    while (true) {
        const auto middle = markdown.find("](");
        const auto open = markdown.rfind('[', middle);
        const auto close = markdown.find(')', middle);
        if (open == std::string_view::npos || middle == std::string_view::npos ||
            close == std::string_view::npos)
            return text.append(markdown);
        const std::string_view target = markdown.substr(middle + 2, close - middle - 2);
        text.append(markdown.substr(0, open)).append(markdown.substr(open + 1, middle - open - 1));
        if (!target.starts_with('#')) text.append(" (docs/").append(target).append(")");
        markdown.remove_prefix(close + 1);
    }
}

std::string indented(std::string_view text, std::size_t indent, std::size_t width) {
    std::string all;
    for (const std::string& line : wrapped(text, width - std::min(width, indent)))
        all += fmt::format("{:{}}{}\n", "", indent, line);
    return all;
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
    std::string text = labelled("cause", without_links(entry.cause), indent, width);
    text += labelled("releases", without_links(entry.releases), indent, width);
    text += labelled("fix", without_links(entry.fix), indent, width);
    for (const std::string& link : entry.links)
        text += labelled(&link == &entry.links.front() ? "links" : "", link, indent, width);
    return text;
}

std::string list(const Catalogue& catalogue, std::size_t width) {
    std::size_t column = 0;
    for (const std::string& id : catalogue.ids())
        column = std::max(column, id.size() + 4);
    std::string text;
    for (const Section& section : catalogue.sections) {
        text += fmt::format("{}{}\n", text.empty() ? "" : "\n", section.title);
        for (const Entry& entry : section.entries) {
            const std::string title =
                indented(entry.title, column, std::max(width, column + least_width));
            text += fmt::format("  {:<{}}{}", entry.id, column - 2, title.substr(column));
        }
    }
    return text;
}

}  // namespace exportgate::catalogue
