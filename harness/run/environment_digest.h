// What is installed in an environment, as one digest that tells whether it is the same as before.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run/ingredients.h"

namespace exportgate::run {

/// Keeps beside the worker in which folders its Python looks for modules, so that a later run need
/// not start it to know. Where that cannot be written, environment_digest() is empty.
void keep_python_path(const std::filesystem::path& worker, const std::vector<std::string>& folders);

/// Over each of these folders: the names that can be imported from it, the contents of its .pth
/// files, and of each installed wheel its RECORD, with the size and time of every file that
/// Python may read; the variables that steer Python and torch. Digests of two machines differ.
/// Empty where it is not known: no folders were kept, or something changed after `since`.
std::string environment_digest(const std::filesystem::path& worker, FileTime since);

}  // namespace exportgate::run
