#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace exportgate::cli {

bool is_terminal(int descriptor) {
    return ::isatty(descriptor) == 1;
}

report::ConsoleStyle console_style() {
    report::ConsoleStyle style;
    style.cuts = is_terminal(STDOUT_FILENO);
    if (!style.cuts) return style;
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    style.colour = (no_color == nullptr || *no_color == '\0') && term != nullptr &&
                   std::strcmp(term, "dumb") != 0;
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        style.width = std::clamp<std::size_t>(size.ws_col, 60, 160);
    }
    return style;
}

void print_error(const Error& error) {
    std::fprintf(stderr, "exportgate: %s\n", to_string(error).c_str());
}

void print_errors(std::span<const Error> errors) {
    for (const Error& error : errors)
        print_error(error);
}

bool print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
        return true;
    print_error(
        {"", 0, std::string("cannot write to standard output: ") + std::strerror(errno), ""});
    return false;
}

}  // namespace exportgate::cli
