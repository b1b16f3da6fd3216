// An entry of the catalogue as text for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"
#include "document/document.h"

namespace exportgate::catalogue {

/// Markdown without its links: `[module-input](#module-input)` is the text alone, another link
/// has its target, a page of docs, in brackets.
std::string without_links(std::string_view markdown);

/// "cause     ...": labels of all lists have one width.
document::Item labelled(std::string_view label, std::string text);

/// Cause, releases, fix, the release with which it was tried, and links, each under its label.
std::vector<document::Item> body(const Entry& entry);

/// "id  title" of every entry, under the titles of the sections.
document::Document list(const Catalogue& catalogue);

/// The page docs/rejected.md.
std::string markdown(const Catalogue& catalogue);

}  // namespace exportgate::catalogue
