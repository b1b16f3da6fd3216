#include "page/readme.h"

#include <fmt/format.h>

#include <algorithm>

#include "document/markdown.h"
#include "page/benchmarks.h"
#include "page/figure_table.h"

namespace exportgate::page {
namespace {

/// 1-based, of the byte at `at`.
int line_of(const std::string& text, std::size_t at) {
    return 1 +
           static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

/// Where the only one of a marker begins.
Result<std::size_t> find_marker(const std::string& text, const std::string& file,
                                std::string_view marker) {
    const auto at = text.find(marker);
    if (at == std::string::npos) {
        return tl::unexpected(Error{
            file, 0, fmt::format("holds no line {}", marker),
            fmt::format("put {} and {} where the table is to stand", readme_begin, readme_end)});
    }
    const auto again = text.find(marker, at + marker.size());
    if (again != std::string::npos) {
        return tl::unexpected(Error{file, line_of(text, again),
                                    fmt::format("holds {} a second time", marker), "remove one"});
    }
    return at;
}

}  // namespace

std::string readme_tables(std::span<const bench::Measurements> measurements) {
    document::Document document;
    for (const auto& one : measurements) {
        const BenchmarkPart part = part_of(one, "");
        document.emplace_back(document::Paragraph{
            {{document::strong(part.title), {", ns per leaf (times the floor):"}}}});
        for (const FigureBlock& block : part.blocks) {
            if (!block.open) continue;
            document.emplace_back(document::Paragraph{{{{block.heading}}}});
            document.emplace_back(document_table(block.table));
        }
    }
    return document::markdown(document) + "\n";
}

Result<std::string> fill_readme(const std::string& text, const std::string& file,
                                std::span<const bench::Measurements> measurements) {
    if (measurements.empty()) {
        return tl::unexpected(Error{file, 0, "no measurements were given for its table",
                                    "name files that `exportgate bench` wrote"});
    }
    const Result<std::size_t> begin = find_marker(text, file, readme_begin);
    if (!begin) return tl::unexpected(begin.error());
    const Result<std::size_t> end = find_marker(text, file, readme_end);
    if (!end) return tl::unexpected(end.error());
    if (*end < *begin) {
        return tl::unexpected(Error{file, line_of(text, *end),
                                    fmt::format("{} stands before {}", readme_end, readme_begin),
                                    "swap them"});
    }
    return text.substr(0, *begin + readme_begin.size()) + "\n" + readme_tables(measurements) +
           text.substr(*end);
}

}  // namespace exportgate::page
