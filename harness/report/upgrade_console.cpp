#include <fmt/format.h>

#include "base/text.h"
#include "document/console.h"
#include "report/not_compared.h"
#include "report/saved_programs.h"
#include "report/upgrade_document.h"
#include "report/upgrade_report.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using document::Document;
using document::Fold;
using document::Gap;
using document::List;
using document::Paragraph;
using document::Style;
using document::Text;
using verdict::Side;
using verdict::Upgrade;

constexpr std::size_t most_sets = 8;
constexpr std::size_t most_full_groups = 20;

Text side_line(std::string_view word, const Side& side) {
    const auto& environment = side.environment;
    const auto& build =
        environment.torch_build.empty() ? environment.torch : environment.torch_build;
    return {{fmt::format("{:<7} {}: torch {}, Python {}, {}", word, side.origin, build,
                         environment.python, environment.platform)}};
}

Fold header(const Upgrade& upgrade) {
    Paragraph sides{{side_line("before", upgrade.before), side_line("after", upgrade.after)}};
    const auto others = other_differences(upgrade);
    if (!others.empty()) sides.lines.push_back({{"differs too: " + join(others, ", ")}});
    return {{document::strong("torch " + upgrade.before.environment.torch + " -> " +
                              upgrade.after.environment.torch)},
            {std::move(sides)}};
}

void add_groups(const Upgrade& upgrade, const std::vector<ChangeGroup>& groups,
                Document& document) {
    const GroupFolds folds(upgrade, Form::terminal);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i <= most_full_groups) document.emplace_back(Gap{});
        if (i == most_full_groups)
            document.emplace_back(
                document::line(fmt::format("{} further changes in brief:", groups.size() - i)));
        document.emplace_back(i < most_full_groups ? folds.of(groups[i]) : folds.brief(groups[i]));
    }
}

void add_cosmetic(const Upgrade& upgrade, Document& document) {
    const auto* example = example_of_spelling(upgrade);
    if (!example) return;
    const auto name = example->cell.name();
    const auto& spelling = upgrade.spellings.at(name);
    List words;
    for (const auto& [side, said] : {std::pair(&upgrade.before, &spelling.before),
                                     std::pair(&upgrade.after, &spelling.after)}) {
        words.items.push_back({{{said->empty() ? "nothing more" : *said}}, "", {{side->name}}});
    }
    document.emplace_back(Gap{});
    document.emplace_back(Fold{{{fmt::format("COSMETIC  {}: the same outcome in another spelling",
                                             counted(upgrade.spellings.size(), "cell"))}},
                               {Fold{{{"for example " + name}}, {std::move(words)}}}});
}

void add_programs(const Upgrade& upgrade, Document& document) {
    const auto part = programs_part(upgrade);
    if (part.headline.empty()) return;
    document.emplace_back(Gap{});
    document.emplace_back(
        Fold{{{"PROGRAMS  " + part.headline}},
             {List{document::items_of(part.details, "", most_sets, "sets of cells")}}});
}

void add_errors(const Errors& errors, const std::string& word, Document& document) {
    if (!errors.empty()) document.emplace_back(Gap{});
    for (const auto& error : errors)
        document.emplace_back(Paragraph{{{{word, Style::bad}, {"  " + to_string(error)}}}});
}

}  // namespace

std::string upgrade_console(const Upgrade& upgrade, const ConsoleStyle& style) {
    const auto groups = change_groups(upgrade);
    Document document{header(upgrade)};
    add_groups(upgrade, groups, document);
    add_cosmetic(upgrade, document);
    add_programs(upgrade, document);
    if (const auto left = not_compared(upgrade.judged.judgements); !left.empty()) {
        document.emplace_back(Gap{});
        document.emplace_back(document::line(left));
    }
    add_errors(upgrade.judged.failures, "FAILS", document);
    add_errors(upgrade.judged.problems, "COULD NOT BE JUDGED", document);
    document.emplace_back(Gap{});
    document.emplace_back(document::line(counts_line(upgrade)));
    document.emplace_back(document::line(sentence(upgrade, groups),
                                         upgrade.judged.exit_code == 0 ? Style::good : Style::bad));
    return document::console(document, {style.colour, style.width, style.cuts});
}

std::string upgrade_paragraph(const Upgrade& upgrade, const verdict::Judgement& judgement) {
    ChangeGroup group;
    group.verdict = judgement.verdict;
    group.change = change_of(upgrade, judgement);
    group.cells = {judgement.cell};
    return document::console({GroupFolds(upgrade, Form::whole).of(group)}, {});
}

}  // namespace exportgate::report
