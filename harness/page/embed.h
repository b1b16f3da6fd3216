// Data and drawings inside an HTML page, so that no text in them can end the place it stands in.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/json_parts.h"

namespace exportgate::page {

/// JSON for a <script type="application/json">: '<', '>', '&', U+2028 and U+2029 are escaped, bytes
/// that are not UTF-8 replaced. So it holds no "</script>" and no "<!--".
std::string embedded(const report::Json& json);

/// `page` with each "{{name}}" replaced. Nothing is replaced in what was put in.
std::string fill(std::string_view page,
                 const std::vector<std::pair<std::string, std::string>>& values);

/// An SVG document as an element of a page: without prolog, and without its style, which is the
/// page's.
std::string inline_svg(std::string_view svg);

}  // namespace exportgate::page
