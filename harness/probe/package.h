// The files of exportgate_probe/, as they are in the sources.
#pragma once

#include <string_view>

namespace exportgate::probe {

extern const std::string_view init_py;
extern const std::string_view case_text_py;
extern const std::string_view leaves_py;
extern const std::string_view main_py;
extern const std::string_view problem_py;
extern const std::string_view recipe_py;
extern const std::string_view registration_py;
extern const std::string_view sizes_py;
extern const std::string_view tree_py;

}  // namespace exportgate::probe
