// A folder that is gone when its owner is.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace exportgate::cli {

class TemporaryFolder {
  public:
    /// An empty folder among the system's temporary files. Error: it cannot be made.
    static Result<TemporaryFolder> make();

    TemporaryFolder(TemporaryFolder&& other) noexcept;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder();

    const std::filesystem::path& path() const {
        return path_;
    }

  private:
    explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

    std::filesystem::path path_;  // empty: another one owns it
};

}  // namespace exportgate::cli
