#include "catalogue/entry_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace exportgate::catalogue {
namespace {

constexpr std::size_t label_width = 8;

}  // namespace

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

document::Item labelled(std::string_view label, std::string text) {
    document::Item item{{{std::move(text)}}};
    item.key = {{fmt::format("{:<{}}", label, label_width)}};
    return item;
}

std::vector<document::Item> body(const Entry& entry) {
    std::vector<document::Item> items{labelled("cause", without_links(entry.cause)),
                                      labelled("releases", without_links(entry.releases)),
                                      labelled("fix", without_links(entry.fix))};
    if (!entry.tried.empty()) items.push_back(labelled("tried", "with torch " + entry.tried));
    for (const std::string& link : entry.links)
        items.push_back(labelled(&link == &entry.links.front() ? "links" : "", link));
    return items;
}

document::Document list(const Catalogue& catalogue) {
    std::size_t width = 0;
    for (const std::string& id : catalogue.ids())
        width = std::max(width, id.size());
    document::Document document;
    for (const Section& section : catalogue.sections) {
        document::List entries;
        entries.wraps = true;
        for (const Entry& entry : section.entries) {
            document::Item item{{{entry.title}}};
            item.key = {{fmt::format("{:<{}}", entry.id, width)}};
            entries.items.push_back(std::move(item));
        }
        if (!document.empty()) document.emplace_back(document::Gap{});
        document.emplace_back(document::Fold{{{section.title}}, {std::move(entries)}});
    }
    return document;
}

}  // namespace exportgate::catalogue
