#include "golden/expected_file.h"

#include <algorithm>

#include "base/text.h"
#include "golden/checks_column.h"
#include "golden/outcome_file.h"
#include "golden/recorded_line.h"
#include "golden/row_order.h"
#include "golden/table.h"
#include "golden/when.h"

namespace exportgate::golden {
namespace {

constexpr int recorded_line = 2;

std::string remedy_for(const std::string& case_name) {
    return "goldens are only written by `exportgate accept`: restore the file with `git restore`, "
           "or remove the golden folder of case " +
           case_name + ", run and accept again";
}

TableKind kind_of_table(const std::string& case_name) {
    return {"exportgate expected outcomes",
            format_version,
            {"cell", "since", "when", "outcome", "file", "decomposed", "checks", "why"},
            1,
            remedy_for(case_name),
            "remove the golden folder of case " + case_name + ", then `exportgate run '" +
                case_name + "/*'` and `exportgate accept '" + case_name +
                "/*' --why ...` write it anew; git shows what changed. ci/format_3 of exportgate's "
                "repository rewrites format 2"};
}

/// One row of the table; every problem of it goes to `problems`.
Row parse_row(const TableRow& fields, const std::string& case_name, const RecordedLine& releases,
              std::vector<std::string>& problems) {
    Row row;
    const auto note = [&](const Error& error) { problems.push_back(to_string(error)); };
    const auto take = [&](std::size_t column) {
        auto field = parse_field(fields.fields[column]);
        if (!field) note(field.error());
        return field.value_or("");
    };
    row.cell = take(0);
    if (const auto cell = matrix::parse_cell(matrix::cell_name(case_name, row.cell)); !cell)
        note(cell.error());
    if (const auto since = TorchVersion::parse(take(1))) {
        row.since = *since;
        const auto is_among = [&](const std::vector<TorchVersion>& known) {
            return std::find(known.begin(), known.end(), *since) != known.end();
        };
        if (!is_among(releases.recorded) && !is_among(releases.in_part))
            problems.push_back("since " + since->text() + " is not among the recorded releases");
    } else {
        note(since.error());
    }
    row.when = take(2);
    if (const auto when = check_when(row.when); !when) note(when.error());
    const auto status_word = take(3);
    row.file = take(4);
    if (const auto status = status_of_file(row.file); !status) {
        note(status.error());
    } else {
        row.outcome.status = *status;
        if (status_word != outcome::to_string(*status)) {
            problems.push_back("found outcome \"" + status_word + "\" with the file " + row.file);
        }
    }
    const bool exported = status_word == outcome::to_string(outcome::Status::exported);
    row.decomposed = take(5);
    if (!row.decomposed.empty()) {
        if (const auto good = check_decomposed_name(row.decomposed); !good) note(good.error());
        if (!exported)
            problems.emplace_back("a decomposed program of an outcome that is not exported");
    }
    if (auto checks = parse_checks(fields.fields[6]); !checks) {
        note(checks.error());
    } else {
        row.outcome.checks = std::move(*checks);
        if (exported && row.outcome.checks.empty())
            problems.emplace_back("an exported outcome without checks");
        if (!exported && !row.outcome.checks.empty())
            problems.push_back("checks of an outcome that is not exported");
    }
    row.why = take(7);
    if (row.why.empty()) problems.emplace_back("a row without a reason in column why");
    return row;
}

}  // namespace

std::string print_expected(const Golden& golden) {
    Table table;
    table.comments.push_back(print_recorded(golden));
    for (const auto& row : golden.rows) {
        table.rows.push_back(
            {0,
             {row.cell, row.since.text(), print_field(row.when),
              outcome::to_string(row.outcome.status), row.file, print_field(row.decomposed),
              print_checks(row.outcome.checks), print_field(row.why)}});
    }
    return print_table(kind_of_table(golden.case_name), table);
}

Results<Golden> parse_expected(std::string_view text, const std::string& file,
                               const std::string& case_name) {
    const auto kind = kind_of_table(case_name);
    const auto table = parse_table(text, file, kind);
    if (!table) return tl::unexpected(table.error());
    Errors errors;
    const auto refuse = [&](int line, std::string what) {
        errors.push_back({file, line, std::move(what), kind.remedy});
    };

    Golden golden;
    golden.case_name = case_name;
    const auto releases = parse_recorded(table->comments[0]);
    for (const auto& problem : releases.problems)
        refuse(recorded_line, problem);
    golden.recorded = releases.recorded;
    golden.seeds = releases.seeds;
    for (const auto& fields : table->rows) {
        std::vector<std::string> problems;
        Row row = parse_row(fields, case_name, releases, problems);
        for (auto& problem : problems)
            refuse(fields.line, std::move(problem));
        if (!golden.rows.empty() && problems.empty() && !comes_before(golden.rows.back(), row)) {
            const bool twice = !comes_before(row, golden.rows.back());
            refuse(fields.line, twice ? "the row before has the same cell, since and when"
                                      : "the row belongs before the one above it");
        }
        golden.rows.push_back(std::move(row));
    }
    if (errors.empty() && print_expected(golden) != text)
        refuse(0, "the file is not spelt as exportgate writes it");
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return golden;
}

}  // namespace exportgate::golden
