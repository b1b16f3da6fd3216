#include "base/conflict_marks.h"

#include "base/text.h"

namespace exportgate {
namespace {

constexpr std::string_view first_mark = "<<<<<<< ";
constexpr std::string_view last_mark = ">>>>>>> ";

}  // namespace

bool is_conflict_mark(std::string_view line) {
    return line.starts_with(first_mark) || line.starts_with("||||||| ") || line == "=======" ||
           line.starts_with(last_mark);
}

int line_of_conflict(std::string_view text) {
    int begins = 0;
    int line = 0;
    for (const std::string_view each : split(text, '\n')) {
        ++line;
        if (begins == 0 && each.starts_with(first_mark)) begins = line;
        if (begins > 0 && each.starts_with(last_mark)) return begins;
    }
    return 0;
}

}  // namespace exportgate
