// Single keys, and lines, from the terminal that a person sits at.
#pragma once

#include <termios.h>

#include <cstddef>
#include <optional>
#include <string>

#include "base/error.h"
#include "run/posix.h"

namespace exportgate::cli {

/// Why nobody can be asked: standard input or output is no terminal, or TERM is dumb or not set.
/// nullopt: a person can be asked.
std::optional<std::string> why_nobody_answers();

/// While it lives, keys arrive at once and unseen, and an interruption ends a wait, never a write.
class Keyboard {
  public:
    Keyboard();
    ~Keyboard();
    Keyboard(const Keyboard&) = delete;
    Keyboard& operator=(const Keyboard&) = delete;

    /// The next key; of an arrow, a function key and the like only Escape. nullopt: interrupted,
    /// Ctrl-D, or the terminal is gone.
    std::optional<char> key();

    /// A line that the person can see and correct, without its end. nullopt as of key(), and
    /// where the line was not ended.
    std::optional<std::string> line();

    /// Whether the person or the system asked to end (SIGINT, SIGTERM).
    bool was_interrupted();

  private:
    /// At most so many bytes; "" where interrupted, or the terminal is gone.
    std::string read_some(std::size_t most);
    void drop_what_came();
    void set(bool by_line);

    termios before_{};
    run::Interrupts interrupts_;
    bool interrupted_ = false;
};

}  // namespace exportgate::cli
