#include <algorithm>
#include <map>
#include <set>

#include "base/files.h"
#include "base/new_file.h"
#include "golden/checks_column.h"
#include "golden/environment_line.h"
#include "golden/files_line.h"
#include "golden/golden.h"
#include "golden/outcome_file.h"
#include "golden/pending_file.h"
#include "golden/row_order.h"
#include "golden/table.h"
#include "outcome/facts_text.h"

namespace exportgate::golden {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view environment_mark = "environment: ";
constexpr int environment_line_number = 2;
constexpr int files_line_number = 3;
constexpr std::string_view settled_word = "as expected";

fs::path pending_directory(const Golden& golden) {
    return golden.directory / ".pending";
}
fs::path pending_table(const Golden& golden) {
    return pending_directory(golden) / "pending.tsv";
}

TableKind kind_of_table(const Golden& golden) {
    const std::string remedy =
        "remove the folder .pending of case " + golden.case_name + " and run again";
    return {"exportgate pending outcomes",
            format_version,
            {"cell", "outcome", "file", "decomposed", "checks"},
            2,
            remedy,
            remedy};
}

std::string print_pending(const Golden& golden, const PendingFile& file) {
    Table table;
    table.comments.push_back(std::string(environment_mark) + print_environment(file.environment));
    table.comments.push_back(print_files(file.files));
    for (const auto& [cell, outcome] : file.pending) {
        table.rows.push_back(
            {0,
             {cell, outcome::to_string(outcome.status), outcome_file_name(outcome),
              print_field(decomposed_file_name(outcome)), print_checks(outcome.checks)}});
    }
    for (const auto& [cell, name, decomposed, checks] : file.settled) {
        table.rows.push_back({0,
                              {cell, std::string(settled_word), name, print_field(decomposed),
                               print_checks(checks)}});
    }
    return print_table(kind_of_table(golden), table);
}

Result<void> remove_pending(const Golden& golden) {
    std::error_code code;
    // The table first: text files without it are nothing, a table without them would be broken.
    fs::remove(pending_table(golden), code);
    if (!code) fs::remove_all(pending_directory(golden), code);
    if (!code || code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory)
        return {};
    return tl::unexpected(
        Error{pending_directory(golden).string(), 0, "cannot be removed: " + code.message(), ""});
}

Result<void> write(const Golden& golden, PendingFile file) {
    if (file.pending.empty()) return remove_pending(golden);
    remove_abandoned(pending_directory(golden));
    const auto by_cell = [](const auto& a, const auto& b) {
        return compare_cells(a.cell, b.cell) < 0;
    };
    std::sort(file.pending.begin(), file.pending.end(), by_cell);
    std::sort(file.settled.begin(), file.settled.end(), by_cell);
    std::map<std::string, OutcomeFile> texts;
    std::set<std::string> used;
    for (const auto& pending : file.pending) {
        for (auto& [name, text] : texts_of(pending.outcome)) {
            used.insert(name);
            texts.try_emplace(name, OutcomeFile{"", std::move(text)});
        }
    }
    // A text file that was damaged is of no use to anybody: it is written again, not stumbled over.
    const auto directory = pending_directory(golden);
    for (const auto& [name, text] : texts) {
        std::error_code ignored;
        const auto path = directory / name;
        if (!fs::exists(path, ignored)) continue;
        const auto there = read_outcome_file(path, golden.case_name);
        if (there && there->text == text.text) continue;
        if (auto repaired = write_file(path, print_outcome_file(text)); !repaired) return repaired;
    }
    std::vector<fs::path> made;
    auto result = write_outcome_files(directory, texts, made);
    if (!result) return result;
    if (result = write_file(pending_table(golden), print_pending(golden, file)); !result) {
        remove_made(made);
        return result;
    }
    return remove_unused(directory, used);
}

/// A row of the table; the outcome has no texts yet.
struct PendingRow {
    Pending pending;
    std::string file;
    std::string decomposed;
    bool is_settled = false;
};

Result<PendingRow> parse_pending_row(const Golden& golden, const TableRow& row) {
    PendingRow read;
    Pending& pending = read.pending;
    pending.cell = row.fields[0];
    if (const auto cell = matrix::parse_cell(matrix::cell_name(golden.case_name, pending.cell));
        !cell)
        return tl::unexpected(cell.error());
    read.file = row.fields[2];
    const auto status = status_of_file(read.file);
    if (!status) return tl::unexpected(status.error());
    pending.outcome.status = *status;
    read.is_settled = row.fields[1] == settled_word;
    if (outcome::to_string(*status) != row.fields[1] && !read.is_settled) {
        return tl::unexpected(
            Error{"", 0, "found outcome \"" + row.fields[1] + "\" with the file " + read.file, ""});
    }
    const auto decomposed = parse_field(row.fields[3]);
    if (!decomposed) return tl::unexpected(decomposed.error());
    read.decomposed = *decomposed;
    if (!read.decomposed.empty()) {
        if (const auto good = check_decomposed_name(read.decomposed); !good)
            return tl::unexpected(good.error());
    }
    auto checks = parse_checks(row.fields[4]);
    if (!checks) return tl::unexpected(checks.error());
    pending.outcome.checks = std::move(*checks);
    return read;
}

/// Fills in the texts of the outcome. Errors: of its files.
Errors read_texts(const Golden& golden, PendingRow& row) {
    Errors errors;
    const auto read = [&](const std::string& name, std::string& text) {
        auto file = read_outcome_file(pending_directory(golden) / name, golden.case_name);
        if (file) {
            text = std::move(file->text);
        } else {
            errors.insert(errors.end(), file.error().begin(), file.error().end());
        }
    };
    std::string stored;
    read(row.file, stored);
    outcome::set_stored_text(row.pending.outcome, std::move(stored));
    if (!row.decomposed.empty()) read(row.decomposed, row.pending.outcome.decomposed);
    return errors;
}

/// What the goldens expect of a cell that was seen to be as expected; nullopt for nothing.
std::optional<Settled> settled_as_expected(const Golden& golden,
                                           const record::Environment& environment,
                                           const std::string& cell_in_case) {
    const auto cell = matrix::parse_cell(matrix::cell_name(golden.case_name, cell_in_case));
    if (!cell) return std::nullopt;
    const auto expectation = expected(golden, *cell, environment);
    if (!expectation.row) return std::nullopt;
    return Settled{cell_in_case, expectation.row->file, expectation.row->decomposed,
                   expectation.row->outcome.checks};
}

}  // namespace

Results<std::optional<PendingFile>> load_pending(const Golden& golden) {
    const auto path = pending_table(golden);
    std::error_code code;
    if (!fs::exists(fs::symlink_status(path, code))) return std::nullopt;
    const auto text = read_file(path);
    if (!text) return tl::unexpected(Errors{text.error()});
    const auto kind = kind_of_table(golden);
    const auto table = parse_table(*text, path.string(), kind);
    if (!table) return tl::unexpected(table.error());

    Errors errors;
    PendingFile file;
    const std::string_view line = table->comments[0];
    auto environment = line.starts_with(environment_mark)
                           ? parse_environment(line.substr(environment_mark.size()))
                           : parse_environment("");
    if (environment) {
        file.environment = std::move(*environment);
    } else {
        errors.push_back(
            {path.string(), environment_line_number, environment.error().what, kind.remedy});
    }
    auto files = parse_files(table->comments[1]);
    if (files) {
        file.files = std::move(*files);
    } else {
        errors.push_back({path.string(), files_line_number, files.error().what, kind.remedy});
    }
    std::set<std::string> seen;
    for (const auto& row : table->rows) {
        auto read = parse_pending_row(golden, row);
        if (read && !seen.insert(read->pending.cell).second) {
            read = tl::unexpected(
                Error{"", 0, "cell " + read->pending.cell + " stands there twice", ""});
        }
        if (!read) {
            errors.push_back({path.string(), row.line, to_string(read.error()), kind.remedy});
            continue;
        }
        if (read->is_settled) {
            file.settled.push_back({read->pending.cell, read->file, read->decomposed,
                                    std::move(read->pending.outcome.checks)});
            continue;
        }
        for (auto& error : read_texts(golden, *read))
            errors.push_back({error.file, error.line, error.what, kind.remedy});
        file.pending.push_back(std::move(read->pending));
    }
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return file;
}

Result<void> write_pending(const Golden& golden, const record::Environment& environment,
                           std::span<const std::string> observed_cells,
                           std::span<const std::string> as_expected,
                           std::span<const Pending> pending, const record::CaseFiles& files) {
    PendingFile file{environment, files, {pending.begin(), pending.end()}, {}};
    std::set<std::string> now(observed_cells.begin(), observed_cells.end());
    for (const auto& each : pending)
        now.insert(each.cell);
    for (const auto& cell : as_expected) {
        now.insert(cell);
        if (auto settled = settled_as_expected(golden, environment, cell))
            file.settled.push_back(std::move(*settled));
    }
    // What cannot be read is replaced: pending outcomes come back with the next run.
    const auto old = load_pending(golden);
    if (old && *old && (*old)->environment == environment &&
        record::add(file.files, (*old)->files)) {
        const auto keep = [&](const auto& from, auto& to) {
            std::copy_if(from.begin(), from.end(), std::back_inserter(to),
                         [&](const auto& each) { return !now.contains(each.cell); });
        };
        keep((*old)->pending, file.pending);
        keep((*old)->settled, file.settled);
    }
    return write(golden, std::move(file));
}

bool is_expected(const Golden& golden, const record::Environment& environment,
                 const Settled& settled) {
    const auto now = settled_as_expected(golden, environment, settled.cell);
    return now && now->file == settled.file && now->decomposed == settled.decomposed &&
           now->checks == settled.checks;
}

namespace {

/// Removes `decided` from the pending file, and says how many; `settles`: what is removed is as
/// expected now.
Result<std::size_t> remove_decided(const Golden& golden, const record::Environment& environment,
                                   std::span<const Pending> decided, bool settles) {
    const auto old = load_pending(golden);
    if (!old || !*old || (*old)->environment != environment) return 0;
    std::map<std::string_view, const outcome::Outcome*> outcomes;
    for (const auto& pending : decided)
        outcomes[pending.cell] = &pending.outcome;
    PendingFile file{(*old)->environment, (*old)->files, {}, (*old)->settled};
    for (const auto& pending : (*old)->pending) {
        const auto found = outcomes.find(pending.cell);
        if (found == outcomes.end() || *found->second != pending.outcome) {
            file.pending.push_back(pending);
        } else if (settles) {
            file.settled.push_back({pending.cell, outcome_file_name(pending.outcome),
                                    decomposed_file_name(pending.outcome), pending.outcome.checks});
        }
    }
    const std::size_t removed = (*old)->pending.size() - file.pending.size();
    if (Result<void> written = write(golden, std::move(file)); !written)
        return tl::unexpected(written.error());
    return removed;
}

}  // namespace

Result<void> remove_from_pending(const Golden& golden, const record::Environment& environment,
                                 std::span<const Pending> accepted) {
    const Result<std::size_t> removed = remove_decided(golden, environment, accepted, true);
    if (!removed) return tl::unexpected(removed.error());
    return {};
}

Result<std::size_t> drop_from_pending(const Golden& golden, const record::Environment& environment,
                                      std::span<const Pending> rejected) {
    return remove_decided(golden, environment, rejected, false);
}

}  // namespace exportgate::golden
