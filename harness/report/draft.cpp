#include "report/draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"
#include "base/text.h"

namespace exportgate::report {

namespace {

constexpr std::size_t most_bytes = 300;  // of a line of code or of a condition

std::string shortened(const std::string& text) {
    const std::string line = printable(text);
    return line.size() > most_bytes ? printable(line.substr(0, most_bytes)) + "..." : line;
}

/// "guard added  Eq(x.size()[0], 3)", and below it where.
void add(const outcome::DraftIssue& issue, std::size_t width, document::List& list) {
    document::Item what{{{shortened(issue.what)}}};
    what.key = {{fmt::format("{:<{}}", issue.kind, width)}};
    list.items.push_back(std::move(what));
    if (issue.where.empty()) return;
    document::Item where{
        {{fmt::format("in {}: {}", printable(issue.where), shortened(issue.code))}}};
    where.key = {{std::string(width, ' ')}};
    list.items.push_back(std::move(where));
}

document::List issues_of(const outcome::Draft& draft) {
    document::List issues;
    issues.wraps = true;
    std::size_t width = 0;
    for (const outcome::DraftIssue& issue : draft.issues)
        width = std::max(width, issue.kind.size());
    for (const outcome::DraftIssue& issue : draft.issues)
        add(issue, width, issues);
    return issues;
}

void add_said(const outcome::Draft& draft, document::Fold& fold) {
    if (draft.issues.empty())
        fold.blocks.emplace_back(document::words("Nothing: it finds no issue."));
    else
        fold.blocks.emplace_back(issues_of(draft));
    if (draft.dynamic_shapes.empty()) return;
    fold.blocks.emplace_back(document::words(
        fmt::format("It went on with dynamic_shapes={}. What a guard above sets equal to a "
                    "number becomes a constant then.",
                    shortened(draft.dynamic_shapes))));
}

void add_obstacle(const outcome::Draft& draft, document::Fold& fold) {
    const std::string said = printable(draft.obstacle);
    if (said.find('\n') == std::string::npos) {
        fold.blocks.emplace_back(document::words(said));
    } else {  // lines of a process, as they are
        document::Code lines;
        for (const std::string_view line : split(said, '\n'))
            lines.lines.emplace_back(line);
        fold.blocks.emplace_back(std::move(lines));
    }
    if (!draft.remedy.empty())
        fold.blocks.emplace_back(document::words("(" + printable(draft.remedy) + ")"));
}

}  // namespace

document::Fold draft_fold(const outcome::Draft& draft, const matrix::Cell& cell,
                          std::size_t others) {
    const std::string by =
        draft.torch.empty() ? "torch" : fmt::format("draft_export of torch {}", draft.torch);
    document::Fold fold{{{fmt::format("What {} says would have to change in {}", by, cell.name())}},
                        {}};
    if (draft.obstacle.empty())
        add_said(draft, fold);
    else
        add_obstacle(draft, fold);
    if (!draft.edited.empty()) {
        fold.blocks.emplace_back(document::words(
            fmt::format("Note: {}. What is there now was asked about.", printable(draft.edited))));
    }
    if (others > 0) {
        fold.blocks.emplace_back(document::words(
            fmt::format("Only this cell was asked about. {} may fail at other lines.",
                        others == 1 ? "The other one" : fmt::format("The {} others", others))));
    }
    return fold;
}

Json draft_json(const outcome::Draft& draft) {
    Json issues = Json::array();
    for (const outcome::DraftIssue& issue : draft.issues) {
        issues.push_back({{"kind", issue.kind},
                          {"what", issue.what},
                          {"where", issue.where},
                          {"code", issue.code}});
    }
    return {{"torch", draft.torch},
            {"issues", std::move(issues)},
            {"dynamic_shapes", draft.dynamic_shapes},
            {"edited", draft.edited},
            {"obstacle", draft.obstacle},
            {"remedy", draft.remedy}};
}

}  // namespace exportgate::report
