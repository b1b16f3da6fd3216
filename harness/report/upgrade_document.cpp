#include "report/upgrade_document.h"

#include <algorithm>

#include "base/printable.h"
#include "document/console.h"
#include "report/cell_sets.h"
#include "report/mismatch.h"
#include "report/paint.h"
#include "report/saved_programs.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using document::Code;
using document::Document;
using document::Fold;
using document::Item;
using document::List;
using document::literal;
using document::Paragraph;
using document::Run;
using document::Style;
using document::Text;
using document::unlimited;

constexpr std::size_t longest_line_of_comment = 400;

/// At most so many of each are shown.
struct Limits {
    std::size_t sets;
    std::size_t reasons;
    std::size_t message;
    std::size_t diff;
    std::size_t steps;
};

Limits limits_of(Form form) {
    switch (form) {
        case Form::terminal:
            return {8, 8, 6, 30, 16};
        case Form::whole:
            return {unlimited, unlimited, unlimited, unlimited, unlimited};
        case Form::comment:
            return {8, 8, 60, 60, 8};
    }
    return {};
}

void add_items(List& list, std::vector<Item> items) {
    list.items.insert(list.items.end(), items.begin(), items.end());
}

void add_list(std::vector<Item> items, Document& blocks) {
    if (!items.empty()) blocks.emplace_back(List{std::move(items)});
}

void add_code(const std::vector<std::string>& lines, const char* language, std::size_t most,
              Form form, Document& blocks) {
    if (!lines.empty()) blocks.emplace_back(Code{shown(lines, form), language, most});
}

}  // namespace

std::string shown(std::string line, Form form) {
    if (form != Form::comment) return line;
    line = printable(line);
    std::replace(line.begin(), line.end(), '\n', ' ');
    if (line.size() <= longest_line_of_comment) return line;
    // A '-' or '+' in front would keep clipped() from cutting.
    return document::clipped(" " + line, longest_line_of_comment).substr(1);
}

std::vector<std::string> shown(std::vector<std::string> lines, Form form) {
    for (auto& line : lines)
        line = shown(std::move(line), form);
    return lines;
}

GroupFolds::GroupFolds(const verdict::Upgrade& upgrade, Form form)
    : upgrade_(upgrade), form_(form) {
    for (const auto& judgement : upgrade.judged.judgements)
        all_.push_back(judgement.cell);
}

Text GroupFolds::title(const ChangeGroup& group, const std::vector<std::string>& sets) const {
    const std::string label(verdict::upgrade_label(group.verdict));
    const std::string count = counted(group.cells.size(), "cell");
    const std::string one_set = sets.size() == 1 ? sets.front() : "";
    if (form_ == Form::comment) {
        return {document::strong(label),
                {" " + count + (one_set.empty() ? "" : ", ")},
                literal(one_set),
                {": "},
                literal(shown(group.change.summary, form_))};
    }
    return {{upper_case(label), style_of(group.verdict)},
            {"  "},
            document::strong(count + (one_set.empty() ? "" : ", " + one_set)),
            {": " + group.change.summary}};
}

Fold GroupFolds::brief(const ChangeGroup& group) const {
    const auto sets = describe_across_cases(group.cells, all_);
    Fold fold{title(group, sets), {}};
    if (form_ != Form::comment && sets.size() > 1) {
        add_list(document::items_of(sets, "", limits_of(form_).sets, "sets of cells"), fold.blocks);
    }
    return fold;
}

Fold GroupFolds::of(const ChangeGroup& group) const {
    const auto limits = limits_of(form_);
    const auto& change = group.change;
    Fold fold = brief(group);
    if (const auto sets = describe_across_cases(group.cells, all_);
        form_ == Form::comment && sets.size() > 1)
        add_list(document::items_of(sets, "", limits.sets, "sets of cells"), fold.blocks);
    List list = outcomes(group);
    add_items(list,
              document::items_of(shown(change.reasons, form_), "- ", limits.reasons, "reasons"));
    for (const auto& gain : group.gains)
        list.items.push_back({{{"gained: "}, literal(gain)}, "+ "});
    fold.blocks.emplace_back(std::move(list));
    add_code(change.message, "", limits.message, form_, fold.blocks);
    add_diffs(change, fold.blocks);
    add_steps(group, fold.blocks);
    if (form_ == Form::comment) return fold;
    const auto& side = change.after.empty() ? upgrade_.before : upgrade_.after;
    fold.blocks.emplace_back(
        Paragraph{{{{"show more: exportgate show " + in_command(group.cells.front()) +
                     " --record " + side.file}}}});
    return fold;
}

List GroupFolds::outcomes(const ChangeGroup& group) const {
    List list;
    for (const auto& [side, outcome] : {std::pair(&upgrade_.before, &group.change.before),
                                        std::pair(&upgrade_.after, &group.change.after)}) {
        Item item{{outcome->empty() ? Run{"nothing"} : literal(shown(*outcome, form_))}};
        item.key = {literal(side->name)};
        list.items.push_back(std::move(item));
    }
    return list;
}

void GroupFolds::add_diffs(const Change& change, Document& blocks) const {
    const auto most = limits_of(form_).diff;
    add_code(change.diff, "diff", most, form_, blocks);
    if (change.decomposed_diff.empty()) return;
    blocks.emplace_back(document::line(std::string(decomposed_heading)));
    add_code(change.decomposed_diff, "diff", most, form_, blocks);
}

/// Where not every cell says exactly what is shown.
void GroupFolds::add_steps(const ChangeGroup& group, Document& blocks) const {
    const auto how = how_others_differ(group);
    const auto steps = steps_in_part(group);
    if (how.empty() && steps.empty()) return;
    const bool is_comment = form_ == Form::comment;
    blocks.emplace_back(Paragraph{{{{is_comment ? "Shown: " : "shown: "},
                                    literal(group.cells.front().name()),
                                    {(how.empty() ? "" : "; " + how) + (is_comment ? "." : "")}}}});
    add_list(document::items_of(shown(steps, form_), "", limits_of(form_).steps, "steps"), blocks);
}

}  // namespace exportgate::report
