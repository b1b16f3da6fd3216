// Text of records, cases and torch within GitHub's Markdown, none of which may mean anything there.
#pragma once

#include <string>
#include <string_view>

#include "page/figures.h"

namespace exportgate::page {

/// Shown as it is: no emphasis, link, code, HTML, mention, end of a table's cell or of a line.
std::string markdown_text(std::string_view text);

/// A table; the verdict's word in bold where a row has one that is not "same".
std::string markdown_table(const FigureTable& table);

}  // namespace exportgate::page
