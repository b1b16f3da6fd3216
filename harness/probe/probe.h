// Makes a case of a class that is there, by looking at objects of it in the interpreter that has
// it: how one is made and filled, which tensors it holds, and which of their extents follow the
// batch and the length.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "environment/command.h"

namespace exportgate::probe {

struct Asked {
    std::string class_path;          // "package.module:Class"; a function that makes one will do
    std::string make;                // an expression of Python; empty: one of the known shapes
    std::vector<std::string> fills;  // calls on the cache: "update(k, v, 0)"
};

struct Found {
    std::vector<std::string> assumed;  // a sentence each
    std::string registration;          // Python that registers the class; empty: none was needed
    bool in_current_folder = false;    // the module lies there, and is installed nowhere
};

/// Writes case.py and case.toml into `folder`, which is there. `scratch` is a folder for files that
/// nobody needs afterwards. Errors: the class cannot be imported, made or filled, holds no tensors,
/// or holds other ones at another size; each with an example of what to say. Interrupted:
/// environment::interrupted_text.
Result<Found> make_case(const Asked& asked, const std::filesystem::path& python,
                        const std::filesystem::path& folder, const std::filesystem::path& scratch,
                        environment::Commands& commands);

}  // namespace exportgate::probe
