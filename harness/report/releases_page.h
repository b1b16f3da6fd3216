// The table of cells x releases as text.
#pragma once

#include <cstddef>
#include <string>

#include "document/document.h"
#include "report/releases_table.h"
#include "report/report.h"

namespace exportgate::report {

/// For a terminal: the summary, a table per case, the legend, the footnotes, the checks that fail
/// by release. A table that is wider
/// than the style's width is broken between columns. An entry that differs from the release before
/// is in the colour of its verdict.
std::string releases_console(const ReleasesTable& table, const ConsoleStyle& style);

/// The same as a page in GitHub's Markdown. `made_with`: how to make it again; `records`: what it
/// was made from, a line each. Text of torch and of cases is escaped.
document::Document releases_document(const ReleasesTable& table, const std::string& made_with,
                                     const std::vector<std::string>& records);
std::string releases_markdown(const ReleasesTable& table, const std::string& made_with,
                              const std::vector<std::string>& records);

/// The same for programs. Members, in this order:
///   format    1
///   cells     number of cells
///   releases  [name], oldest first
///   cases     [{name, columns: [[release]], rows: [{cells: [{kind, mode, dims, pair: [value or
///             "*"]}], count, entries: [{letter, variant, note (its number, 0: none)}], one per
///             column}]}]
///   notes     [text]; number 1 is the first
///   exported  [number of cells that exported, one per release]
///   checks    [{name, failing [number of cells, one per release], reasons: [{what, place (one of
///             them; may be empty), where: [{releases: [name], count, cells: [set]}]}]}]
///   programs  [{headline, details [text]}] of each release that loaded what the one before saved
std::string releases_json(const ReleasesTable& table);

}  // namespace exportgate::report
