// The files of assets/, as they are in the sources.
#pragma once

#include <string_view>

namespace exportgate::page {

extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;  // all *.js, in the order in which the build names them

}  // namespace exportgate::page
