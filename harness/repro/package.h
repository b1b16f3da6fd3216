// The files of exportgate_repro/, as they are in the sources.
#pragma once

#include <string_view>

namespace exportgate::repro {

extern const std::string_view init_py;
extern const std::string_view checks_text_py;
extern const std::string_view leaves_text_py;
extern const std::string_view linear_py;
extern const std::string_view main_py;
extern const std::string_view problem_py;
extern const std::string_view script_py;
extern const std::string_view shapes_text_py;
extern const std::string_view sources_py;

}  // namespace exportgate::repro
