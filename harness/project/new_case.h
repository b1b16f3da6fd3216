// The files of a first case, and of a first project: templates that work as they are.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace exportgate::project {

/// What `exportgate init` is asked for.
struct NewCase {
    std::string name;        // of the folder
    bool native = false;     // with a native.cpp
    std::string class_path;  // "package.module:ClassName", a class that is imported; empty: one is
                             // written into case.py
};

struct NewFile {
    std::string name;  // in the folder of the case: "case.toml"
    std::string text;
};

/// The files of the case. Errors: the name cannot be a case's, or not that of a C++ module;
/// class_path is no such text, or asked for together with native.
Result<std::vector<NewFile>> files_of(const NewCase& wanted);

/// What a project tells git, beside its exportgate.toml: what runs leave is not kept, and goldens
/// are bytes, of which each text is taken whole when branches are merged.
std::vector<NewFile> git_files();

/// The text of an exportgate.toml whose environment `default` has that torch, and these
/// requirements beside it.
std::string new_project_toml(const std::string& torch, const std::vector<std::string>& with);

}  // namespace exportgate::project
