#include "repro/same_error.h"

#include <algorithm>
#include <regex>
#include <string>

namespace exportgate::repro {

namespace {

constexpr std::size_t longest = 2000;  // bytes that are compared: std::regex recurses

std::string without_what_varies(std::string_view line) {
    static const std::regex address("0x[0-9a-fA-F]+");
    static const std::regex source(R"(L\[['"]\w+['"]\](\[[^\]]*\]|\.\w+(\(\))?)*)");
    static const std::regex symbol(R"(\b[suz]\d+\b)");
    static const std::regex path(R"(/[^\s'":,]+)");
    static const std::regex module(R"(\b([A-Za-z_]\w*\.)+(?=[A-Za-z_]))");
    static const std::regex others(R"([0-9'"`\s]+)");
    std::string text(line.substr(0, longest));
    text = std::regex_replace(text, address, "");
    text = std::regex_replace(text, source, "<input>");
    text = std::regex_replace(text, symbol, "<symbol>");
    text = std::regex_replace(text, path, "");
    text = std::regex_replace(text, module, "");
    return std::regex_replace(text, others, "");
}

}  // namespace

bool is_same_error(std::string_view error, std::string_view exception, std::string_view message) {
    if (!error.starts_with(exception)) return false;
    error.remove_prefix(exception.size());
    if (!error.empty() && !error.starts_with(":")) return false;
    error.remove_prefix(std::min(error.find_first_not_of(": "), error.size()));
    return without_what_varies(error) == without_what_varies(message);
}

}  // namespace exportgate::repro
