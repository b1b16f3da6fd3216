// The files of templates/, as they are in the sources.
#pragma once

#include <string_view>

namespace exportgate::project {

extern const std::string_view project_toml;
extern const std::string_view case_toml;
extern const std::string_view case_py;
extern const std::string_view native_cpp;
extern const std::string_view imported_case_toml;
extern const std::string_view imported_case_py;

}  // namespace exportgate::project
