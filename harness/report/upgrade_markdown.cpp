#include <fmt/format.h>

#include "base/text.h"
#include "document/markdown.h"
#include "report/not_compared.h"
#include "report/saved_programs.h"
#include "report/upgrade_document.h"
#include "report/upgrade_report.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using document::Document;
using document::Fold;
using document::List;
using document::literal;
using document::Paragraph;
using document::Style;
using document::Table;
using document::Text;
using verdict::Upgrade;

constexpr std::size_t most_items = 8;
constexpr std::size_t room_for_the_note = 200;

const std::string& build_of(const record::Environment& environment) {
    return environment.torch_build.empty() ? environment.torch : environment.torch_build;
}

Paragraph sides(const Upgrade& upgrade) {
    const auto& before = upgrade.before.environment;
    const auto& after = upgrade.after.environment;
    Paragraph paragraph{{{{"torch "},
                          literal(build_of(before)),
                          {" to "},
                          literal(build_of(after)),
                          {", Python "},
                          literal(after.python),
                          {", "},
                          literal(after.platform),
                          {"."}}}};
    const auto others = other_differences(upgrade);
    if (!others.empty()) {
        paragraph.lines.push_back(
            {{"Also different: "}, literal(shown(join(others, ", "), Form::comment)), {"."}});
    }
    return paragraph;
}

Table counts_table(const Upgrade& upgrade) {
    Table table{{{{{"cells"}}, true}, {{{"verdict"}}}}, {}};
    const auto counts = verdict::counts(upgrade.judged.judgements);
    for (auto entry = counts.rbegin(); entry != counts.rend(); ++entry) {
        table.rows.push_back({{{{std::to_string(entry->second)}}},
                              {{{std::string(verdict::upgrade_label(entry->first))}}}});
    }
    return table;
}

void add_errors(const Errors& errors, const char* title, Document& document) {
    if (errors.empty()) return;
    std::vector<std::string> lines;
    for (const auto& error : errors)
        lines.push_back(to_string(error));
    document.emplace_back(Paragraph{{{{title}}}});
    document.emplace_back(
        List{document::items_of(shown(lines, Form::comment), "", most_items, "of them")});
}

/// What stands behind the groups.
Document tail(const Upgrade& upgrade) {
    Document document;
    if (const auto* example = example_of_spelling(upgrade)) {
        const auto& spelling = upgrade.spellings.at(example->cell.name());
        document.emplace_back(
            Paragraph{{{{"Cosmetic: the same outcome in another spelling, for example "},
                        literal(shown(spelling.after, Form::comment)),
                        {" instead of "},
                        literal(shown(spelling.before, Form::comment)),
                        {"."}}}});
    }
    const auto part = programs_part(upgrade);
    if (!part.headline.empty())
        document.emplace_back(Paragraph{{{{"Programs: " + part.headline + "."}}}});
    if (!part.headline.empty() && !part.details.empty()) {
        document.emplace_back(List{document::items_of(shown(part.details, Form::comment), "",
                                                      most_items, "sets of cells")});
    }
    if (const auto left = not_compared(upgrade.judged.judgements); !left.empty())
        document.emplace_back(Paragraph{{{{left + "."}}}});
    return document;
}

/// Groups that are not shown whole.
struct Cut {
    std::size_t brief = 0;
    std::size_t omitted = 0;
};

/// The folds for which there is room.
Document folds_within(std::size_t room, const Upgrade& upgrade,
                      const std::vector<ChangeGroup>& groups, Cut& cut) {
    const GroupFolds folds(upgrade, Form::comment);
    Document document;
    const auto add = [&](const Fold& fold) {
        const auto size = document::markdown(document::Block(fold)).size();
        if (size > room) return false;
        room -= size;
        document.emplace_back(fold);
        return true;
    };
    for (const auto& group : groups) {
        if (cut.omitted == 0 && add(folds.of(group))) continue;
        ++(cut.omitted == 0 && add(folds.brief(group)) ? cut.brief : cut.omitted);
    }
    return document;
}

Paragraph note(const Cut& cut) {
    return {{{{fmt::format("A comment has no room for all of it: {} without details, {} left out. ",
                           counted(cut.brief, "change"), counted(cut.omitted, "change"))},
              literal("exportgate upgrade"),
              {" prints everything."}}}};
}

}  // namespace

Document upgrade_comment(const Upgrade& upgrade, std::size_t limit) {
    const auto groups = change_groups(upgrade);
    Document document{
        Paragraph{{{document::strong(shown(sentence(upgrade, groups), Form::comment))}}},
        sides(upgrade), counts_table(upgrade)};
    add_errors(upgrade.judged.problems, "Could not be judged:", document);
    add_errors(upgrade.judged.failures, "Waivers that do not hold:", document);
    auto behind = tail(upgrade);
    const auto used =
        document::markdown(document).size() + document::markdown(behind).size() + room_for_the_note;
    Cut cut;
    document::add(document, folds_within(limit > used ? limit - used : 0, upgrade, groups, cut));
    document::add(document, std::move(behind));
    if (cut.brief + cut.omitted > 0) document.emplace_back(note(cut));
    return document;
}

std::string upgrade_markdown(const Upgrade& upgrade, std::size_t limit) {
    return document::markdown(upgrade_comment(upgrade, limit));
}

}  // namespace exportgate::report
