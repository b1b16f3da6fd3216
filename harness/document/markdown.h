// Documents in GitHub's Markdown. The one place where text is escaped for it.
#pragma once

#include <string>
#include <string_view>

#include "document/document.h"

namespace exportgate::document {

/// Blocks with an empty line between them; folds stand directly below each other. Ends with a
/// newline, unless it is empty. No text means anything in it but what has Style::markdown: no
/// emphasis, link, code, HTML, mention, heading, end of a table's cell or of a line. Literal text
/// and code stand in spans and fences that they cannot close.
std::string markdown(const Document& document);

/// One block, with its newline.
std::string markdown(const Block& block);

/// `blocks` follows `text`, which ends with a newline or is empty.
void append_markdown(const Document& document, std::string& text);

}  // namespace exportgate::document
