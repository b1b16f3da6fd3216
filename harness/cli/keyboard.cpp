#include "keyboard.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "terminal.h"

namespace exportgate::cli {

std::optional<std::string> why_nobody_answers() {
    if (!is_terminal(STDIN_FILENO)) return "standard input is no terminal";
    if (!is_terminal(STDOUT_FILENO)) return "standard output is no terminal";
    const char* term = std::getenv("TERM");
    if (term == nullptr || *term == '\0') return "TERM is not set";
    if (std::strcmp(term, "dumb") == 0) return "TERM is dumb";
    return std::nullopt;
}

Keyboard::Keyboard() {
    ::tcgetattr(STDIN_FILENO, &before_);
    set(false);
}

Keyboard::~Keyboard() {
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

void Keyboard::set(bool by_line) {
    termios wanted = before_;
    if (!by_line) {
        wanted.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        wanted.c_cc[VMIN] = 1;
        wanted.c_cc[VTIME] = 0;
    }
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &wanted);
}

std::string Keyboard::read_some(std::size_t most) {
    while (!was_interrupted()) {
        std::array<pollfd, 2> watched{pollfd{STDIN_FILENO, POLLIN, 0},
                                      pollfd{interrupts_.descriptor(), POLLIN, 0}};
        if (::poll(watched.data(), watched.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return "";
        }
        if (watched[0].revents == 0) continue;
        std::string bytes(most, '\0');
        const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }
    return "";
}

std::optional<char> Keyboard::key() {
    // What is typed ahead stays in the terminal: it may be a line.
    const std::string byte = read_some(1);
    constexpr char end_of_input = 4;  // Ctrl-D, which is a key like any other here
    constexpr char escape = 27;
    if (byte.empty() || byte.front() == end_of_input) return std::nullopt;
    if (byte.front() == escape) drop_what_came();
    return byte.front();
}

void Keyboard::drop_what_came() {
    pollfd watched{STDIN_FILENO, POLLIN, 0};
    std::array<char, 64> rest{};
    while (::poll(&watched, 1, 0) > 0 && ::read(STDIN_FILENO, rest.data(), rest.size()) > 0) {
    }
}

std::optional<std::string> Keyboard::line() {
    set(true);
    std::string text;
    while (text.empty() || text.back() != '\n') {
        const std::string more = read_some(4096);
        if (more.empty()) break;
        text += more;
    }
    set(false);
    if (!text.ends_with('\n')) return std::nullopt;
    text.pop_back();
    return text;
}

bool Keyboard::was_interrupted() {
    interrupted_ = interrupted_ || interrupts_.take().has_value();
    return interrupted_;
}

}  // namespace exportgate::cli
