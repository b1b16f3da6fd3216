#include "report/wording.h"

namespace exportgate::report {

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

std::string in_command(const matrix::Cell& cell) {
    const std::string name = cell.name();
    return name.find('[') == std::string::npos ? name : "'" + name + "'";
}

std::string draft_command(const matrix::Cell& cell, std::string_view stage) {
    if (stage != "export" || cell.kind == matrix::Kind::native) return "";
    return "exportgate explain " + in_command(cell) + " --draft";
}

std::string upper_case(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return upper;
}

}  // namespace exportgate::report
