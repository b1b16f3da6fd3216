#include <fmt/format.h>

#include "base/printable.h"
#include "base/text.h"
#include "page/assets.h"
#include "page/cells_json.h"
#include "page/embed.h"
#include "page/given_away_json.h"
#include "page/page.h"
#include "page/upgrades_json.h"
#include "report/summary.h"
#include "report/wording.h"

namespace exportgate::page {
namespace {

using report::Json;

std::string runs_sentence(const Subject& subject) {
    std::vector<report::RecordSummary> records;
    for (const auto& run : subject.runs)
        records.push_back(report::summarise(run.file, run.judged));
    if (records.size() > 1) return document::plain_text(report::summary_counts(records));
    return fmt::format("{} on torch {}: {}",
                       report::counted(subject.runs.front().judged.judgements.size(), "cell"),
                       records.front().torch, document::plain_text(records.front().counts_text));
}

Json benchmarks_json(const Subject& subject) {
    Json json = Json::array();
    for (const auto& part : subject.benchmarks)
        json.push_back(json_of(part));
    return json;
}

Json conclusion_json(const Conclusion& conclusion) {
    Json json{
        {"exit_code", conclusion.exit_code}, {"word", conclusion.word}, {"parts", Json::array()}};
    for (const auto& [exit_code, sentence] : conclusion.parts)
        json["parts"].push_back({{"exit_code", exit_code}, {"sentence", sentence}});
    return json;
}

/// The drawings as templates: nothing of them is laid out before it is shown.
std::string templates(const Subject& subject, const Drawings& drawings) {
    std::string text;
    for (const auto& part : subject.benchmarks) {
        for (const auto& block : part.blocks) {
            for (const auto& figure : block.figures) {
                const auto drawing = drawings.find(figure.name);
                if (drawing == drawings.end()) continue;
                text += fmt::format("<template id=\"figure-{}\">{}</template>\n", figure.name,
                                    inline_svg(drawing->second));
            }
        }
    }
    return text;
}

}  // namespace

std::string Conclusion::sentence() const {
    std::string text;
    for (const auto& part : parts)
        text += (text.empty() ? "" : ". ") + part.second;
    return text;
}

Conclusion conclude(const Subject& subject) {
    Conclusion conclusion;
    bool judged = false;
    if (!subject.runs.empty()) {
        int exit_code = 0;
        for (const auto& run : subject.runs)
            exit_code = std::max(exit_code, run.judged.exit_code);
        conclusion.parts.emplace_back(exit_code, printable(runs_sentence(subject)));
        judged = true;
    }
    for (const auto& part : subject.benchmarks) {
        if (part.verdict.empty()) continue;
        conclusion.parts.emplace_back(part.exit_code, printable(part.title + ": " + part.verdict));
        judged = true;
    }
    if (!judged) {
        conclusion.parts.emplace_back(
            0, fmt::format("benchmarks of {}, compared with nothing",
                           report::counted(subject.benchmarks.size(), "environment")));
    }
    for (const auto& [exit_code, sentence] : conclusion.parts)
        conclusion.exit_code = std::max(conclusion.exit_code, exit_code);
    conclusion.word = conclusion.exit_code == 2   ? "COULD NOT BE JUDGED"
                      : conclusion.exit_code == 1 ? "FAILED"
                      : judged                    ? "PASSED"
                                                  : "SHOWN";
    return conclusion;
}

std::string html(const Subject& subject, const Drawings& drawings) {
    const Conclusion conclusion = conclude(subject);
    Json data{{"format", 1},
              {"made_by", subject.made_by},
              {"conclusion", conclusion_json(conclusion)},
              {"against", printable(subject.against)},
              {"matrix", cells_json(subject)},
              {"given_away", given_away_json(subject)},
              {"upgrades", upgrades_json(subject)},
              {"benchmarks", benchmarks_json(subject)}};
    const std::string text = embedded(data);
    return fill(page_html,
                {{"nonce", digest(text)},
                 {"css", std::string(page_css) + (drawings.empty() ? "" : page_style() + "\n")},
                 {"js", std::string(page_js)},
                 {"templates", templates(subject, drawings)},
                 {"data", text}});
}

}  // namespace exportgate::page
