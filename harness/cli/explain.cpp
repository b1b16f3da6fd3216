#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/text.h"
#include "catalogue/entry_text.h"
#include "commands.h"
#include "document/console.h"
#include "drafting.h"
#include "ended.h"
#include "judge_record.h"
#include "questioned.h"
#include "record/record_file.h"
#include "report/causes.h"
#include "report/wording.h"
#include "terminal.h"
#include "verdict/evidence.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct ExplainOptions {
    Folders folders;
    std::vector<std::string> words;  // cells, or ids of entries
    std::filesystem::path record;    // empty: the last one, where there is one
    std::string torch;               // of the goldens; empty: a record is looked into
    bool list = false;
    bool markdown = false;
    bool json = false;
    DraftOptions draft;
};

/// What is known of the cells, and from where: "observed on torch 2.13.0 (last.jsonl)".
struct Known {
    std::string source;
    std::vector<report::Questioned> cells;
    std::string note = {};  // a line below them, may be empty
};

/// The record is of other cells than those that are asked about.
std::optional<Error> none_is_in(const record::Record& record, const verdict::Evidence& evidence,
                                const std::vector<matrix::Cell>& selected) {
    std::vector<matrix::Cell> declared;
    std::copy_if(selected.begin(), selected.end(), std::back_inserter(declared),
                 [&](const matrix::Cell& cell) { return evidence.is_declared(cell); });
    const bool any = std::any_of(selected.begin(), selected.end(), [&](const matrix::Cell& cell) {
        return record.find(cell.name()) != nullptr;
    });
    if (any || declared.empty()) return std::nullopt;
    const std::string first = declared.front().name();
    return Error{
        record.file, 0,
        declared.size() == 1
            ? fmt::format("the record does not hold {}", first)
            : fmt::format("the record holds none of these {} cells, the first is {}",
                          declared.size(), first),
        fmt::format("`exportgate run {}` observes {}; --record names another record, and "
                    "--torch VERSION shows what the goldens expect",
                    declared.size() == 1 ? report::in_command(declared.front()) : "PATTERN",
                    declared.size() == 1 ? "it" : "them")};
}

/// Asks for the first cell of each set that is explained.
Result<void> add_drafts(const ExplainOptions& options, const record::Record& record,
                        const verdict::Evidence& evidence, Known& known) {
    std::vector<std::pair<matrix::Cell, verdict::CellEvidence>> asked;
    std::vector<std::size_t> places;
    for (const std::size_t i : report::first_of_each_set(known.cells, catalogue::shipped())) {
        const matrix::Cell& cell = known.cells[i].seen.cell;
        verdict::CellEvidence seen = evidence.of(cell);
        if (!can_be_drafted(cell, seen)) continue;
        asked.emplace_back(cell, std::move(seen));
        places.push_back(i);
    }
    if (asked.empty()) {
        known.note = std::string(nothing_to_draft) + "\n";
        return {};
    }
    Result<std::vector<outcome::Draft>> drafts =
        drafts_of(options.draft, options.folders.project, record, asked);
    if (!drafts) return tl::unexpected(drafts.error());
    for (std::size_t i = 0; i < places.size(); ++i)
        known.cells[places[i]].draft = std::move(drafts->at(i));
    return {};
}

Results<Known> from_record(const ExplainOptions& options, const std::filesystem::path& file,
                           const Workspace& workspace, const std::vector<matrix::Cell>& selected) {
    const Result<record::Record> record = read_record(file, workspace);
    if (!record) return tl::unexpected(Errors{record.error()});
    const record::Environment& environment = record->header.environment;
    const Result<TorchVersion> torch = TorchVersion::parse(environment.torch);
    if (!torch)
        return tl::unexpected(Errors{{file.string(), 1, torch.error().what, "record it again"}});
    const verdict::Evidence evidence(*record, workspace.cases);
    if (std::optional<Error> unseen = none_is_in(*record, evidence, selected))
        return tl::unexpected(Errors{std::move(*unseen)});
    Known known{fmt::format("observed on torch {} ({})", environment.torch_build, file.string()),
                {}};
    for (const matrix::Cell& cell : selected) {
        const verdict::CellEvidence seen = evidence.of(cell);
        if (seen.observation == nullptr && !evidence.is_declared(cell)) continue;
        known.cells.push_back(questioned(cell, *torch, seen));
    }
    if (known.cells.empty()) {
        return tl::unexpected(Errors{
            {file.string(), 0, "none of these cells is declared for torch " + environment.torch,
             "case.toml says which torch is the first"}});
    }
    if (options.draft.asked) {
        if (Result<void> added = add_drafts(options, *record, evidence, known); !added)
            return tl::unexpected(Errors{added.error()});
    }
    return known;
}

/// The last release that is recorded for the cells.
std::optional<TorchVersion> last_recorded(const std::vector<golden::Golden>& goldens,
                                          const std::vector<matrix::Cell>& selected) {
    std::optional<TorchVersion> last;
    for (const golden::Golden& golden : goldens) {
        const bool is_asked = std::any_of(
            selected.begin(), selected.end(),
            [&](const matrix::Cell& cell) { return cell.folder() == golden.case_name; });
        if (is_asked && !golden.recorded.empty() && (!last || *last < golden.recorded.back()))
            last = golden.recorded.back();
    }
    return last;
}

Results<Known> from_goldens(const ExplainOptions& options, const Workspace& workspace,
                            const std::vector<matrix::Cell>& selected) {
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, workspace);
    if (!goldens) return tl::unexpected(goldens.error());
    std::optional<TorchVersion> torch = last_recorded(*goldens, selected);
    if (!options.torch.empty()) {
        const Result<TorchVersion> asked = TorchVersion::parse(options.torch);
        if (!asked) return tl::unexpected(Errors{asked.error()});
        torch = *asked;
    }
    if (!torch) {
        return tl::unexpected(
            Errors{{"", 0,
                    fmt::format("there is no record ({}), and nothing is expected of these cells",
                                last_record(options.folders.project).string()),
                    "`exportgate run` makes one; --record names another"}});
    }
    record::Environment environment;
    environment.torch = torch->text();
    Known known{
        fmt::format("expected on torch {} ({})", torch->text(), options.folders.golden.string()),
        {}};
    for (const matrix::Cell& cell : selected) {
        const auto golden =
            std::find_if(goldens->begin(), goldens->end(),
                         [&](const golden::Golden& one) { return one.case_name == cell.folder(); });
        if (golden == goldens->end()) continue;
        const golden::Expectation expected = golden::expected(*golden, cell, environment);
        report::Questioned one{"", {cell, *torch, {}}};
        if (expected.row != nullptr) {
            one.headline = outcome::headline(expected.row->outcome);
            one.seen.findings = catalogue::findings(expected.row->outcome);
        } else {
            one.headline = "nothing is expected";
            one.seen.findings = {catalogue::unobserved(expected.explanation)};
        }
        known.cells.push_back(std::move(one));
    }
    return known;
}

Ended explain_cells(const ExplainOptions& options) {
    const Results<Workspace> workspace = load_workspace(options.folders, options.words);
    if (!workspace) return workspace.error();
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.words);
    if (!selected) return selected.error();
    std::filesystem::path record = options.record;
    const std::filesystem::path last = last_record(options.folders.project);
    if (record.empty() && options.torch.empty() && std::filesystem::exists(last)) record = last;
    if (!options.torch.empty() && options.draft.asked) {
        return Error{"", 0, "--draft asks about cells of a record, and --torch shows goldens",
                     "leave --torch away"};
    }
    if (record.empty() && options.draft.asked) {
        return Error{"", 0, "--draft asks about cells of a record, and there is none",
                     "`exportgate run` makes one; --record names another"};
    }
    const Results<Known> known = record.empty()
                                     ? from_goldens(options, *workspace, *selected)
                                     : from_record(options, record, *workspace, *selected);
    if (!known) return no_draft(known.error());
    if (options.json) {
        const std::string text =
            report::why_json(known->cells, catalogue::shipped(), known->source);
        return print(text) ? good : cannot_judge;
    }
    const std::string text = report::why(known->cells, catalogue::shipped(), console_style()) +
                             "\n" + known->source + "\n" + known->note;
    return print(text) ? good : cannot_judge;
}

/// No wider than one likes to read.
bool print_text(const document::Document& document) {
    return print(
        document::console(document, {false, std::min<std::size_t>(console_style().width, 100)}));
}

Ended explain_entry(const std::string& id) {
    const catalogue::Entry* entry = catalogue::shipped().find(id);
    if (entry == nullptr) {
        const std::string near = closest(id, catalogue::shipped().ids());
        return Error{"", 0, fmt::format("there is no reason \"{}\", and it is not a cell", id),
                     near.empty() ? "`exportgate explain --list` shows the reasons, `exportgate "
                                    "list` the cells"
                                  : fmt::format("did you mean \"{}\"?", near)};
    }
    document::List body{catalogue::body(*entry), false, true};
    const document::Fold text{{{entry->id}}, {document::words(entry->title), std::move(body)}};
    return print_text({text}) ? good : cannot_judge;
}

bool is_cell(const std::string& word) {
    return word.find_first_of("/*?[") != std::string::npos;
}

Ended explain(const ExplainOptions& options) {
    if (options.list)
        return print_text(catalogue::list(catalogue::shipped())) ? good : cannot_judge;
    if (options.markdown)
        return print(catalogue::markdown(catalogue::shipped())) ? good : cannot_judge;
    if (options.words.empty()) {
        return Error{"", 0, "explain takes a cell, or the id of a reason",
                     "`exportgate explain --list` shows the reasons, `exportgate list` the cells"};
    }
    if (options.words.size() == 1 && !is_cell(options.words.front()))
        return explain_entry(options.words.front());
    return explain_cells(options);
}

}  // namespace

void add_explain(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<ExplainOptions>();
    CLI::App* command = app.add_subcommand(
        "explain", "Why a cell is rejected or fails checks: cause, releases, what to do");
    command->add_option("cell", options->words, "Cells or globs on cells; or the id of a reason")
        ->type_name("CELL|ID");
    command->add_flag("--list", options->list, "All reasons, a line each");
    command->add_flag("--markdown", options->markdown, "All reasons as the page docs/rejected.md");
    command->add_flag("--json", options->json, "What explains each of the cells, for programs");
    add_folder_options(*command, options->folders, project);
    auto* record = command->add_option(
        "--record", options->record,
        fmt::format("Record to look into; {} by default, and the goldens where there is none",
                    last_record(project).string()));
    record->type_name("FILE");
    command
        ->add_option("--torch", options->torch, "What the goldens expect of this release, instead")
        ->type_name("VERSION")
        ->excludes(record);
    add_draft_options(*command, options->draft, project);
    command->footer(
        "Examples:\n  exportgate explain dynamic_cache/plain/nonstrict/named/b3c5\n  exportgate "
        "explain 'dynamic_cache/module/*' --torch 2.9.1\n  exportgate explain '*/nonstrict/*' "
        "--draft\n"
        "  exportgate explain len-of-tensor");
    command->callback([options, &exit_code] { exit_code = finish(explain(*options)); });
}

}  // namespace exportgate::cli
