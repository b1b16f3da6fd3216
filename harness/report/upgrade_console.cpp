#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/cell_sets.h"
#include "report/explanation.h"
#include "report/not_compared.h"
#include "report/paint.h"
#include "report/printable.h"
#include "report/saved_programs.h"
#include "report/upgrade_report.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using verdict::Side;
using verdict::Upgrade;

constexpr std::size_t most_lines_of_change = 30;
constexpr std::size_t most_lines_of_message = 6;
constexpr std::size_t most_reasons = 8;
constexpr std::size_t most_sets = 8;
constexpr std::size_t most_steps = 16;
constexpr std::size_t most_full_groups = 20;
constexpr std::size_t indent_of_lines = 4;

class UpgradeConsole {
  public:
    /// `cuts`: what is long is cut.
    UpgradeConsole(const Upgrade& upgrade, const ConsoleStyle& style, bool cuts)
        : upgrade_(upgrade), paint_(style.colour), width_(style.width), cuts_(cuts) {
        for (const auto& judgement : upgrade.judged.judgements)
            all_.push_back(judgement.cell);
        name_width_ = std::max(upgrade.before.name.size(), upgrade.after.name.size());
    }

    std::string text() {
        const auto groups = change_groups(upgrade_);
        header();
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if (i == most_full_groups)
                text_ += fmt::format("\n{} further changes in brief:\n", groups.size() - i);
            if (i < most_full_groups) text_ += '\n';
            title(groups[i]);
            if (i < most_full_groups) body(groups[i]);
        }
        cosmetic();
        programs();
        if (const auto line = not_compared(upgrade_.judged.judgements); !line.empty())
            text_ += '\n' + line + '\n';
        errors(upgrade_.judged.failures, "FAILS");
        errors(upgrade_.judged.problems, "COULD NOT BE JUDGED");
        text_ += '\n' + counts_line(upgrade_) + '\n';
        const auto verdict = sentence(upgrade_, groups);
        text_ +=
            (upgrade_.judged.exit_code == 0 ? paint_.good(verdict) : paint_.bad(verdict)) + '\n';
        return std::move(text_);
    }

    std::string paragraph(const ChangeGroup& group) {
        title(group);
        body(group);
        return std::move(text_);
    }

  private:
    void header() {
        text_ += paint_.bold(printable("torch " + upgrade_.before.environment.torch + " -> " +
                                       upgrade_.after.environment.torch)) +
                 '\n';
        side("before", upgrade_.before);
        side("after", upgrade_.after);
        const auto others = other_differences(upgrade_);
        if (!others.empty()) text_ += "  differs too: " + join(others, ", ") + '\n';
    }

    void side(std::string_view word, const Side& side) {
        const auto& environment = side.environment;
        const auto& build =
            environment.torch_build.empty() ? environment.torch : environment.torch_build;
        text_ += fmt::format("  {:<7} {}: torch {}, Python {}, {}\n", word, printable(side.origin),
                             printable(build), printable(environment.python),
                             printable(environment.platform));
    }

    void title(const ChangeGroup& group) {
        const auto word = upper_case(verdict::upgrade_label(group.verdict));
        const auto count = group.cells.size();
        const auto sets = count == 1 ? std::vector{group.cells.front().name()}
                                     : describe_across_cases(group.cells, all_);
        auto subject = counted(count, "cell");
        if (sets.size() == 1) subject += ", " + sets.front();
        text_ += paint_.of(group.verdict, word) + "  " + paint_.bold(subject) + ": " +
                 group.change.summary + '\n';
        if (sets.size() == 1) return;
        shortened(
            sets, most_sets, [&](const std::string& set) { text_ += "  " + set + '\n'; }, "  ",
            "more sets of cells");
    }

    void body(const ChangeGroup& group) {
        const auto& change = group.change;
        outcome_line(upgrade_.before, change.before);
        outcome_line(upgrade_.after, change.after);
        shortened(
            change.reasons, most_reasons,
            [&](const std::string& reason) { text_ += "  - " + reason + '\n'; }, "  ",
            "more reasons");
        for (const auto& gain : group.gains)
            text_ += "  + gained: " + gain + '\n';
        const auto line = [&](const std::string& l) { indented_line(l); };
        shortened(change.message, most_lines_of_message, line, "    ", "more lines");
        shortened(change.diff, most_lines_of_change, line, "    ", "more lines");
        if (!change.decomposed_diff.empty()) text_ += fmt::format("  {}\n", decomposed_heading);
        shortened(change.decomposed_diff, most_lines_of_change, line, "    ", "more lines");
        what_is_shown(group);
        shortened(
            steps_in_part(group), most_steps,
            [&](const std::string& step) { text_ += "  " + step + '\n'; }, "  ", "more steps");
        text_ += "  show more: exportgate show " + group.cells.front().name() + " --record " +
                 printable(change.after.empty() ? upgrade_.before.file : upgrade_.after.file) +
                 '\n';
    }

    void outcome_line(const Side& side, const std::string& outcome) {
        text_ += fmt::format("  {:<{}}  {}\n", printable(side.name), name_width_,
                             outcome.empty() ? "nothing" : outcome);
    }

    void indented_line(const std::string& line) {
        const auto room = width_ - std::min(width_, indent_of_lines);
        auto text = cuts_ ? clipped(line, room) : line;
        text.erase(text.find_last_not_of(' ') + 1);
        text_ +=
            text.empty() ? "\n" : std::string(indent_of_lines, ' ') + paint_.diff_line(text) + '\n';
    }

    /// Where not every cell says exactly this.
    void what_is_shown(const ChangeGroup& group) {
        const auto how = how_others_differ(group);
        if (how.empty() && steps_in_part(group).empty()) return;
        text_ += "  shown: " + group.cells.front().name() + (how.empty() ? "" : "; " + how) + '\n';
    }

    void cosmetic() {
        const auto* example = example_of_spelling(upgrade_);
        if (!example) return;
        const auto name = example->cell.name();
        const auto& spelling = upgrade_.spellings.at(name);
        text_ +=
            fmt::format("\nCOSMETIC  {}: the same outcome in another spelling\n  for example {}\n",
                        counted(upgrade_.spellings.size(), "cell"), name);
        spelling_line(upgrade_.before, spelling.before);
        spelling_line(upgrade_.after, spelling.after);
    }

    void programs() {
        const auto part = programs_part(upgrade_);
        if (part.headline.empty()) return;
        text_ += "\nPROGRAMS  " + part.headline + '\n';
        shortened(
            part.details, most_sets, [&](const std::string& line) { text_ += "  " + line + '\n'; },
            "  ", "more sets of cells");
    }

    void spelling_line(const Side& side, const std::string& words) {
        text_ += fmt::format("    {:<{}}  {}\n", printable(side.name), name_width_,
                             words.empty() ? "nothing more" : printable(words));
    }

    void errors(const Errors& errors, const std::string& word) {
        if (!errors.empty()) text_ += '\n';
        for (const auto& error : errors)
            text_ += paint_.bad(word) + "  " + printable(to_string(error)) + '\n';
    }

    /// The first of `lines`, and how many are left. One more than the limit is shown: cutting it
    /// off would take a line to say so.
    template <class Add>
    void shortened(const std::vector<std::string>& lines, std::size_t most, const Add& add,
                   std::string_view indent, std::string_view what) {
        const auto shown = lines.size() <= most + 1 || !cuts_ ? lines.size() : most;
        for (std::size_t i = 0; i < shown; ++i)
            add(lines[i]);
        if (shown < lines.size())
            text_ += fmt::format("{}... {} {}\n", indent, lines.size() - shown, what);
    }

    const Upgrade& upgrade_;
    Paint paint_;
    std::size_t width_;
    bool cuts_;
    std::size_t name_width_ = 0;
    std::vector<matrix::Cell> all_;
    std::string text_;
};

}  // namespace

std::string upgrade_console(const Upgrade& upgrade, const ConsoleStyle& style) {
    return UpgradeConsole(upgrade, style, true).text();
}

std::string upgrade_paragraph(const Upgrade& upgrade, const verdict::Judgement& judgement) {
    ChangeGroup group;
    group.verdict = judgement.verdict;
    group.change = change_of(upgrade, judgement);
    group.cells = {judgement.cell};
    return UpgradeConsole(upgrade, {}, false).paragraph(group);
}

}  // namespace exportgate::report
