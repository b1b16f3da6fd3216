// What a command ends with. What went wrong is a value until main prints it.
#pragma once

#include <utility>

#include "base/error.h"
#include "commands.h"

namespace exportgate::cli {

/// An exit code, after the command printed what it found, and the mistakes that it met, which are
/// not printed yet. Mistakes alone mean that it could not judge.
class [[nodiscard]] Ended {
  public:
    Ended(int exit_code) : exit_code_(exit_code) {}
    Ended(ExitCode exit_code) : exit_code_(exit_code) {}
    Ended(Error error) : exit_code_(cannot_judge), errors_{std::move(error)} {}
    Ended(Errors errors) : exit_code_(cannot_judge), errors_(std::move(errors)) {}
    Ended(int exit_code, Errors errors) : exit_code_(exit_code), errors_(std::move(errors)) {}

    int exit_code() const {
        return exit_code_;
    }
    const Errors& errors() const {
        return errors_;
    }

  private:
    int exit_code_;
    Errors errors_;
};

/// The exit code of `ended`, with its mistakes on standard error: the only place in which a
/// command's last words are printed.
int finish(const Ended& ended);

}  // namespace exportgate::cli
