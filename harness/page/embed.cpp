#include "page/embed.h"

#include <algorithm>

namespace exportgate::page {
namespace {

using report::Json;

/// What stands for the character at the start of `text`, and how many bytes it takes; nothing where
/// it stands for itself.
std::pair<std::string_view, std::size_t> escape_of(std::string_view text) {
    switch (text.front()) {
        case '<':
            return {"\\u003c", 1};
        case '>':
            return {"\\u003e", 1};
        case '&':
            return {"\\u0026", 1};
        case '\xe2':
            if (text.starts_with("\u2028")) return {"\\u2028", 3};
            if (text.starts_with("\u2029")) return {"\\u2029", 3};
            return {};
        default:
            return {};
    }
}

}  // namespace

std::string embedded(const Json& json) {
    const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::string safe;
    safe.reserve(text.size() + text.size() / 16);
    // All of these can only stand inside a string, where the escape means the same.
    for (std::size_t i = 0; i < text.size();) {
        const auto [escape, length] = escape_of(std::string_view(text).substr(i));
        if (length == 0) {
            safe += text[i++];
        } else {
            safe += escape;
            i += length;
        }
    }
    return safe;
}

std::string fill(std::string_view page,
                 const std::vector<std::pair<std::string, std::string>>& values) {
    std::string text;
    while (!page.empty()) {
        const auto open = page.find("{{");
        const auto close = open == std::string_view::npos ? open : page.find("}}", open);
        text += page.substr(0, close == std::string_view::npos ? page.size() : open);
        if (close == std::string_view::npos) break;
        const auto name = page.substr(open + 2, close - open - 2);
        const auto value = std::find_if(values.begin(), values.end(),
                                        [&](const auto& each) { return each.first == name; });
        text += value == values.end() ? std::string(page.substr(open, close + 2 - open))
                                      : value->second;
        page.remove_prefix(close + 2);
    }
    return text;
}

std::string inline_svg(std::string_view svg) {
    const auto begin = svg.find("<svg");
    std::string text(begin == std::string_view::npos ? std::string_view() : svg.substr(begin));
    const auto style = text.find("<style>");
    const auto style_end = text.find("</style>");
    if (style != std::string::npos && style_end != std::string::npos)
        text.erase(style, style_end + 8 - style);
    return text;
}

}  // namespace exportgate::page
