#include "report/draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"

namespace exportgate::report {

namespace {

/// "guard added  Eq(x.size()[0], 3)", and below it where.
void add(const outcome::DraftIssue& issue, std::size_t width, document::List& list) {
    document::Item what{{{printable(issue.what)}}};
    what.key = {{fmt::format("{:<{}}", issue.kind, width)}};
    list.items.push_back(std::move(what));
    if (issue.where.empty()) return;
    document::Item where{{{printable(fmt::format("in {}: {}", issue.where, issue.code))}}};
    where.key = {{std::string(width, ' ')}};
    list.items.push_back(std::move(where));
}

void add_edited(const outcome::Draft& draft, document::Fold& fold) {
    if (draft.edited.empty()) return;
    fold.blocks.emplace_back(document::words(
        fmt::format("Note: {}. What is there now was asked about.", printable(draft.edited))));
}

}  // namespace

document::Fold draft_fold(const outcome::Draft& draft) {
    if (!draft.obstacle.empty()) {
        document::Fold fold{{{"What torch says would have to change"}},
                            {document::words(printable(draft.obstacle))}};
        add_edited(draft, fold);
        return fold;
    }
    document::Fold fold{
        {{fmt::format("What draft_export of torch {} says would have to change", draft.torch)}},
        {}};
    document::List issues;
    issues.wraps = true;
    std::size_t width = 0;
    for (const outcome::DraftIssue& issue : draft.issues)
        width = std::max(width, issue.kind.size());
    for (const outcome::DraftIssue& issue : draft.issues)
        add(issue, width, issues);
    if (draft.issues.empty()) {
        fold.blocks.emplace_back(document::words("Nothing: it finds no issue."));
    } else {
        fold.blocks.emplace_back(std::move(issues));
    }
    if (!draft.dynamic_shapes.empty()) {
        fold.blocks.emplace_back(document::words(
            fmt::format("It went on with dynamic_shapes={}. What a guard above sets equal to a "
                        "number becomes a constant then.",
                        printable(draft.dynamic_shapes))));
    }
    add_edited(draft, fold);
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
            {"obstacle", draft.obstacle}};
}

}  // namespace exportgate::report
