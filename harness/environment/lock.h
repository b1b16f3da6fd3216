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
    explicit Lock(int descriptor);

    int descriptor_;
};

}  // namespace exportgate::environment
