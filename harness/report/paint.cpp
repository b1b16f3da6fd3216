#include "report/paint.h"

namespace exportgate::report {

using verdict::Verdict;

namespace {

constexpr std::string_view red = "31";
constexpr std::string_view bold_red = "1;31";
constexpr std::string_view green = "32";
constexpr std::string_view yellow = "33";
constexpr std::string_view cyan = "36";
constexpr std::string_view magenta = "35";

std::string_view code_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::as_expected:
            return "";
        case Verdict::cosmetic:
            return "";
        case Verdict::waived:
            return yellow;
        case Verdict::improved:
            return green;
        case Verdict::changed:
            return yellow;
        case Verdict::regressed:
            return bold_red;
        case Verdict::new_:
            return cyan;
        case Verdict::case_error:
            return magenta;
        case Verdict::unobserved:
            return magenta;
    }
    return "";
}

}  // namespace

std::string Paint::wrap(std::string_view code, std::string_view text) const {
    if (!colour_ || code.empty() || text.empty()) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string Paint::of(Verdict verdict, std::string_view text) const {
    return wrap(code_of(verdict), text);
}
std::string Paint::bold(std::string_view text) const {
    return wrap("1", text);
}
std::string Paint::faint(std::string_view text) const {
    return wrap("2", text);
}
std::string Paint::good(std::string_view text) const {
    return wrap(green, text);
}
std::string Paint::bad(std::string_view text) const {
    return wrap(bold_red, text);
}

std::string Paint::diff_line(std::string_view line) const {
    if (line.starts_with("-")) return wrap(red, line);
    if (line.starts_with("+")) return wrap(green, line);
    if (line.starts_with("@@")) return faint(line);
    return std::string(line);
}

}  // namespace exportgate::report
