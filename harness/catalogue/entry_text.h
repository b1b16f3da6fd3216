// An entry of the catalogue as text for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"

namespace exportgate::catalogue {

/// `text` in lines of at most `width` bytes where its words allow it.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// Markdown without its links: `[module-input](#module-input)` is the text alone, another link
/// has its target, a page of docs, in brackets.
std::string without_links(std::string_view markdown);

/// `text` in lines that begin with `indent` blanks and end with a newline.
std::string indented(std::string_view text, std::size_t indent, std::size_t width);

/// "cause     ..." with the following lines under the text: `label` takes ten columns behind
/// `indent` blanks. Ends with a newline.
std::string labelled(std::string_view label, std::string_view text, std::size_t indent,
                     std::size_t width);

/// Cause, releases, fix and links, each under its label.
std::string body(const Entry& entry, std::size_t indent, std::size_t width);

/// "id  title" of every entry, under the titles of the sections.
std::string list(const Catalogue& catalogue, std::size_t width);

/// The page docs/rejected.md.
std::string markdown(const Catalogue& catalogue);

}  // namespace exportgate::catalogue
