#include "report/wording.h"

#include <algorithm>

namespace exportgate::report {
namespace {

constexpr std::size_t narrowest = 36;  // nothing is clipped to less
constexpr std::string_view ellipsis = "...";

}  // namespace

std::string counted(std::size_t count, std::string_view thing) {
    return std::to_string(count).append(" ").append(thing).append(count == 1 ? "" : "s");
}

std::string turned_words(
    const std::vector<std::pair<std::string, std::vector<std::string>>>& turns) {
    std::vector<std::string> texts;
    for (const auto& [turn, checks] : turns) {
        auto names = checks;
        const auto last = names.back();
        names.pop_back();
        texts.push_back(
            (names.empty() ? "check " + last : "checks " + join(names, ", ") + " and " + last) +
            " " + turn);
    }
    return join(texts, ", ");
}

std::string upper_case(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return upper;
}

std::string clipped(std::string_view line, std::size_t width) {
    if (line.starts_with("-") || line.starts_with("+")) return std::string(line);
    const auto room = std::max(width, narrowest);
    if (line.size() <= room) return std::string(line);
    std::size_t end = room - ellipsis.size();
    // Not inside a character of several bytes.
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(line.substr(0, end)).append(ellipsis);
}

}  // namespace exportgate::report
