// One `env add`, `update` or `remove` of an environment at a time.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace exportgate::environment {

class Lock {
  public:
    /// Error: another process holds it, or the file cannot be made.
    static Result<Lock> take(const std::filesystem::path& file);

    Lock(Lock&& other) noexcept;
    Lock& operator=(Lock&&) = delete;
    ~Lock();

  private:
    Lock(std::filesystem::path file, int descriptor);

    std::filesystem::path file_;
    int descriptor_;
};

}  // namespace exportgate::environment
