// Where environments are on disk. One folder each below a root:
//   <root>/<name>/environment.json   what it is; written last: a folder without it is half-made
//   <root>/<name>/venv/              its Python, unless it was added with --python
//   <root>/<name>/worker/            its worker, built from harness/worker
//   <root>/<name>.log                what pip and the compiler printed, also after a failure
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace exportgate::environment {

/// The torch that is named where a person has to choose one: the one that exportgate's own goldens
/// were recorded with.
inline constexpr const char* usual_torch = "2.13.0";

struct Layout {
    std::filesystem::path folder;
    std::filesystem::path description;  // environment.json
    std::filesystem::path venv;
    std::filesystem::path venv_python;
    std::filesystem::path worker_folder;
    std::filesystem::path worker;  // the executable
    std::filesystem::path log;
    std::filesystem::path lock;
};

/// The places of the environment `name`. Nothing is looked up.
Layout layout(const std::filesystem::path& root, const std::string& name);

/// Error where `name` cannot be one: it is a folder's name, and part of record files' names.
Result<void> check_name(const std::string& name);

/// Names of all folders below `root` that look like environments, half-made ones too, sorted.
std::vector<std::string> names(const std::filesystem::path& root);

/// Bytes on disk below `folder`; links are not followed.
std::uintmax_t size_on_disk(const std::filesystem::path& folder);

}  // namespace exportgate::environment
