#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"
#include "base/text.h"
#include "commands.h"
#include "document/console.h"
#include "drafting.h"
#include "ended.h"
#include "judge_record.h"
#include "outcome/facts_text.h"
#include "outcome/implied_guards.h"
#include "outcome/parts.h"
#include "record/record_file.h"
#include "report/draft.h"
#include "report/reason_words.h"
#include "report/wording.h"
#include "show_program.h"
#include "terminal.h"
#include "verdict/evidence.h"
#include "verdict/waive.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct ShowOptions {
    Folders folders;
    std::string cell;
    std::filesystem::path record;
    bool print = false;
    std::string program = program_names().front();
    DraftOptions draft;
};

std::string shape_text(const matrix::Leaf& leaf) {
    std::string text;
    for (const matrix::Extent& extent : leaf.shape) {
        const auto* constant = std::get_if<std::int64_t>(&extent);
        text += fmt::format("{}{}", text.empty() ? "" : ", ",
                            constant ? std::to_string(*constant) : std::get<std::string>(extent));
    }
    return text;
}

std::string bound_text(const matrix::Bound& bound) {
    const auto* number = std::get_if<double>(&bound);
    return number ? fmt::format("{}", *number) : std::get<std::string>(bound);
}

/// ", transposed", ", expanded", ", the tensor k"; "" for a contiguous tensor of its own.
std::string memory_text(const matrix::Leaf& leaf) {
    std::string text;
    if (leaf.layout != matrix::Layout())
        text += ", " + matrix::layout_names().at(static_cast<std::size_t>(leaf.layout.kind));
    for (std::size_t i = 0; i < leaf.layout.dims.size(); ++i)
        text += fmt::format(" {}", leaf.layout.dims[i]);
    if (!leaf.same_as.empty()) text += fmt::format(", the same tensor as {}", leaf.same_as);
    return text;
}

/// " = 5" for the extent of a dim, ", dynamic" where that is asked.
std::string number_text(const matrix::Leaf& leaf, const matrix::Pair& pair) {
    std::string text;
    if (const auto* extent = std::get_if<matrix::ExtentValue>(&*leaf.constant)) {
        const auto value = matrix::Polynomial::parse(extent->expression).value().at(pair.extents);
        text = fmt::format(" = {}", value.value());
    }
    return leaf.is_dynamic ? text + ", dynamic" : text;
}

/// ", all ones", ", 0 to 31", or "" for any values.
std::string values_text(const matrix::Values& values) {
    if (const auto* range = std::get_if<matrix::ValueRange>(&values))
        return fmt::format(", {} to {}", bound_text(range->front()), bound_text(range->back()));
    switch (std::get<matrix::Fill>(values)) {
        case matrix::Fill::anything:
            return "";
        case matrix::Fill::ones:
            return ", all ones";
        case matrix::Fill::zeros:
            return ", all zeros";
    }
    return "";
}

/// What goes into the next call, a line each.
std::string steps_text(const matrix::Steps& steps) {
    std::string text = fmt::format("  called {} times in a row\n", steps.calls);
    for (const auto& [input, output] : steps.returned)
        text += fmt::format("    {:<18} is the {} that was returned\n", input, output);
    for (const std::string& input : steps.in_place)
        text += fmt::format("    {:<18} is the same in every call\n", input);
    for (const auto& [input, by] : steps.counts_up)
        text += std::visit(
            [&, &name = input](const auto& more) {
                return fmt::format("    {:<18} counts up by {}\n", name, more);
            },
            by);
    return text;
}

/// What was asked of torch, in the words of case.toml.
std::string asked(const matrix::Case& case_, const matrix::Cell& cell) {
    std::string text = fmt::format(
        "asked\n  {} of class {}, {}, dims {}, exported at {}\n", matrix::to_string(cell.kind),
        case_.class_name, matrix::to_string(cell.mode), matrix::to_string(cell.dims), cell.pair);
    const auto pair =
        std::find_if(case_.pairs.begin(), case_.pairs.end(),
                     [&](const matrix::Pair& each) { return each.name == cell.pair; });
    for (const matrix::Leaf& leaf : case_.inputs) {
        if (leaf.constant) {
            text += fmt::format("  {:<20} {}{}\n", leaf.name, matrix::to_string(*leaf.constant),
                                number_text(leaf, *pair));
            continue;
        }
        const std::vector<std::int64_t> shape = matrix::shape_at(leaf, *pair);
        text +=
            fmt::format("  {:<20} {} [{}] = ({}){}{}\n", leaf.name, leaf.dtype, shape_text(leaf),
                        fmt::join(shape, ", "), values_text(leaf.values), memory_text(leaf));
    }
    for (const auto& [round, reason] : case_.rounds)
        text += fmt::format("  round {:<14} left out: {}\n", round, reason);
    if (case_.steps) text += steps_text(*case_.steps);
    if (cell.dims == matrix::DimsStyle::fixed) return text + "  no dim is asked to be dynamic\n";
    for (const matrix::Dim& dim : case_.dims) {
        text += matrix::asks_for_ranges(cell.dims)
                    ? fmt::format("  dim {:<16} {}(\"{}\", min={}, max={})\n", dim.name,
                                  cell.dims == matrix::DimsStyle::named ? "Dim" : "ShapeVar",
                                  dim.name, dim.min, dim.max)
                    : fmt::format("  dim {:<16} Dim.{}\n", dim.name,
                                  cell.dims == matrix::DimsStyle::automatic ? "AUTO" : "DYNAMIC");
    }
    for (const matrix::Relation& relation : case_.relations)
        text += fmt::format("  relation {}\n", relation.text());
    return text;
}

std::string indented(const std::string& text) {
    std::string all;
    for (std::string_view line :
         split(text.ends_with('\n') ? std::string_view(text).substr(0, text.size() - 1) : text,
               '\n')) {
        all += fmt::format("  {}\n", line);
    }
    return all;
}

std::string outcome_text(const outcome::Outcome& outcome) {
    std::string text = indented(outcome::headline(outcome));
    for (const outcome::CheckResult& check : outcome.checks) {
        text += fmt::format("  check {:<10} {}\n", check.name, outcome::to_string(check.status));
        for (const std::string& reason : check.reasons)
            text += fmt::format("    {}\n", reason);
        for (const std::string& note : check.notes)
            text += fmt::format("    note: {}\n", note);
    }
    text += indented(outcome::stored_text(outcome));
    if (outcome.decomposed.empty()) return text;
    const std::string program(std::get<outcome::Program>(outcome::parts_of(outcome)).graph);
    return text + "\n  the program it decomposes into, against the exported one\n" +
           indented(program_difference(program, "exported", outcome.decomposed, "decomposed"));
}

/// What an outcome leaves out, since its program says it already.
std::string implied_guards_text(const record::Observation* observation, const matrix::Case& asked,
                                const matrix::Cell& cell) {
    if (observation == nullptr) return "";
    const auto guards = outcome::implied_guards(*observation, asked, cell);
    if (!guards) return "";
    std::string text = "\n  guards that follow from shapes and ranges, not compared\n";
    for (const std::string& guard : *guards)
        text += fmt::format("    {}\n", printable(guard));
    return guards->empty() ? text + "    none\n" : text;
}

/// What torch itself says; where it was not asked, how to ask it.
Result<std::string> draft_text(const ShowOptions& options, const record::Record& record,
                               const std::vector<matrix::Case>& cases, const matrix::Cell& cell) {
    const verdict::CellEvidence seen = verdict::Evidence(record, cases).of(cell);
    if (!can_be_drafted(cell, seen))
        return options.draft.asked ? fmt::format("\n  {}\n", nothing_to_draft) : "";
    if (!options.draft.asked) {
        const std::string command = report::draft_command(cell, "export");
        return fmt::format("\n  what torch says would have to change: {}\n", command);
    }
    const Result<std::vector<outcome::Draft>> drafts =
        drafts_of(options.draft, options.folders.project, record, {{cell, seen}});
    if (!drafts) return tl::unexpected(drafts.error());
    const document::Document document{report::draft_fold(drafts->front(), cell, 0)};
    return "\n" + indented(document::console(document, {false, 98}));
}

std::string seen(const record::Observation* observation) {
    if (observation == nullptr || observation->output.empty()) return "";
    return "\nprinted by the child (its end)\n" + indented(observation->output);
}

Ended show(const ShowOptions& options) {
    const Results<Workspace> workspace = load_workspace(options.folders, {options.cell});
    if (!workspace) return workspace.error();
    const std::vector<std::string> pattern{options.cell};
    const Result<std::vector<matrix::Cell>> selected = matrix::select(workspace->cells, pattern);
    if (!selected) return selected.error();
    if (selected->size() != 1) {
        return Error{"", 0, fmt::format("{} matches {} cells", options.cell, selected->size()),
                     "name one cell; `exportgate list` prints them"};
    }
    const matrix::Cell& cell = selected->front();
    const Result<record::Record> record = read_record(options.record, *workspace);
    if (!record) return record.error();
    const record::Observation* observation = record->find(cell.name());
    const bool is_default = options.program == program_names().front();
    std::string program;
    if (options.print || !is_default) {
        const Result<std::string> printed =
            printed_program(observation, cell.name(), options.program, options.record.string());
        if (!printed) return printed.error();
        if (options.print) return print(*printed) ? good : cannot_judge;
        program = *printed;
    }
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return goldens.error();
    verdict::Judged judged = verdict::judge(*record, workspace->cases, *goldens, *selected);
    verdict::apply_waivers(judged, workspace->cases, options.folders.today);
    verdict::settle(judged);
    if (judged.judgements.empty()) {
        return Error{options.record.string(), 0,
                     fmt::format("{} is not declared for torch {}", cell.name(),
                                 record->header.environment.torch),
                     "case.toml says which torch is the first"};
    }
    const verdict::Judgement& judgement = judged.judgements.front();
    const auto case_ =
        std::find_if(workspace->cases.begin(), workspace->cases.end(),
                     [&](const matrix::Case& each) { return each.name == cell.case_name; });

    if (!program.empty()) {
        const Result<std::string> shown =
            shown_program(program, options.program, *case_,
                          std::get<record::Exported>(observation->result), judgement);
        if (!shown) return shown.error();
        return print(*shown) ? judged.exit_code : cannot_judge;
    }

    std::string text =
        fmt::format("{}: {}\n\n", cell.name(), verdict::info(judgement.verdict).label);
    text += asked(*case_, cell);
    text += fmt::format("\nobserved on torch {}, Python {}\n",
                        record->header.environment.torch_build, record->header.environment.python);
    text += judgement.observed ? outcome_text(*judgement.observed)
                               : indented(join(report::words_of(judgement.reasons), "\n"));
    text += implied_guards_text(observation, *case_, cell);
    const Result<std::string> draft = draft_text(options, *record, workspace->cases, cell);
    if (!draft) return no_draft({draft.error()});
    text += *draft;
    if (observation == nullptr)
        text += indented(fmt::format("`exportgate run {}` observes it", report::in_command(cell)));
    text += seen(observation);
    text += fmt::format("\nexpected ({})\n", judgement.expectation);
    if (!judgement.expected) {
        text += "  nothing\n";
    } else if (judgement.observed && *judgement.expected == *judgement.observed) {
        text += "  the same\n";
    } else {
        text += outcome_text(*judgement.expected);
    }
    if (judgement.verdict != verdict::Verdict::as_expected)
        text += "\n" + report::paragraph(judgement, console_style());
    for (const Error& failure : judged.failures)
        text += fmt::format("\nFAILS  {}\n", to_string(failure));
    if (!print(text)) return cannot_judge;
    return judged.exit_code;
}

}  // namespace

void add_show(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<ShowOptions>();
    CLI::App* command = app.add_subcommand(
        "show", "Everything about one cell: what was asked, what came, golden, diff");
    command->add_option("cell", options->cell, "Name of the cell, or a glob that only it matches")
        ->required();
    add_folder_options(*command, options->folders, project);
    add_today_option(*command, options->folders.today);
    options->record = last_record(project);
    command->add_option("--record", options->record, "Record to look into")
        ->type_name("FILE")
        ->capture_default_str();
    command->add_flag("--print", options->print,
                      "Only the program, as torch printed it, for `normalize` and `diff`");
    command
        ->add_option("--program", options->program,
                     "Only this program and how it differs from the exported one; with --print as "
                     "torch printed it")
        ->check(CLI::IsMember(program_names()))
        ->capture_default_str();
    add_draft_options(*command, options->draft, project);
    command->footer("Example:\n  exportgate show dynamic_cache/plain/nonstrict/auto/b3c5");
    command->callback([options, &exit_code] { exit_code = finish(show(*options)); });
}

}  // namespace exportgate::cli
