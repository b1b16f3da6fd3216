#include "golden/table.h"

#include <algorithm>
#include <filesystem>

#include "base/conflict_marks.h"
#include "base/files.h"
#include "base/text.h"

namespace exportgate::golden {
namespace {

constexpr const char* conflict_text =
    "git left conflict marks here: two branches changed these goldens";

/// Rows of a table can be chosen by a person. A text carries a digest: one takes it as it was.
std::string conflict_remedy(const std::string& file) {
    const std::filesystem::path path(file);
    const std::string folder = path.parent_path().string();
    const std::string whole = "take the goldens of one branch whole (`git rm -rfq " + folder +
                              " && git checkout HEAD -- " + folder +
                              "`), then run: what differs can be accepted again";
    if (path.extension() != ".tsv") return whole;
    return "keep one line for each cell, remove the marks, `git add -A " + folder +
           "`, and run; or " + whole;
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t limit = 60;
    return '"' + std::string(text.substr(0, limit)) + (text.size() > limit ? "...\"" : "\"");
}

}  // namespace

std::string escape(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '\\':
                escaped += "\\\\";
                break;
            case '\t':
                escaped += "\\t";
                break;
            case '\n':
                escaped += "\\n";
                break;
            case '\r':
                escaped += "\\r";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

Result<std::string> unescape(std::string_view text, std::string_view also) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            plain += text[i];
            continue;
        }
        const char c = ++i < text.size() ? text[i] : '\0';
        if (c == '\\' || (c != '\0' && also.find(c) != std::string_view::npos)) {
            plain += c;
        } else if (c == 't') {
            plain += '\t';
        } else if (c == 'n') {
            plain += '\n';
        } else if (c == 'r') {
            plain += '\r';
        } else {
            return tl::unexpected(Error{"", 0, "unknown escape in " + in_quotes(text), ""});
        }
    }
    return plain;
}

std::string print_field(std::string_view text) {
    if (text.empty()) return "-";
    if (text == "-") return "\\-";
    return escape(text);
}

Result<std::string> parse_field(std::string_view field) {
    if (field == "-") return std::string();
    if (field == "\\-") return std::string("-");
    if (field.empty()) return tl::unexpected(Error{"", 0, "an empty field, expected \"-\"", ""});
    return unescape(field);
}

Errors check_bytes(std::string_view text, const std::string& file, const std::string& remedy) {
    if (text.empty()) return {{file, 0, "the file is empty", remedy}};
    if (const int line = line_of_conflict(text); line > 0) {
        return {{file, line, conflict_text, conflict_remedy(file)}};
    }
    Errors errors;
    if (!is_utf8(text)) errors.push_back({file, 0, "the file is not UTF-8", remedy});
    if (const auto cr = text.find('\r'); cr != std::string_view::npos) {
        const auto line =
            1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(cr), '\n');
        errors.push_back(
            {file, static_cast<int>(line),
             "found a carriage return: lines end with CRLF, as git writes them where core.autocrlf "
             "is true; expected LF",
             "put `golden/** -text` into .gitattributes, or `git config core.autocrlf false`, and "
             "check the file out again"});
    }
    if (text.back() != '\n')
        errors.push_back({file, 0, "the last line is cut: no newline at the end", remedy});
    return errors;
}

std::string print_table(const TableKind& kind, const Table& table) {
    std::string text = "# " + kind.title + ", format " + std::to_string(kind.format) + '\n';
    for (const auto& comment : table.comments)
        text += "# " + comment + '\n';
    text += join(kind.columns, "\t") + '\n';
    for (const auto& row : table.rows)
        text += join(row.fields, "\t") + '\n';
    return text;
}

Results<Table> parse_table(std::string_view text, const std::string& file, const TableKind& kind) {
    Errors errors = check_bytes(text, file, kind.remedy);
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    const auto lines = split(text.substr(0, text.size() - 1), '\n');
    const auto refuse = [&](int line, std::string what, const std::string& remedy) {
        errors.push_back({file, line, std::move(what), remedy});
    };

    const std::string title = "# " + kind.title + ", format ";
    const std::string format = std::to_string(kind.format);
    if (!lines[0].starts_with(title)) {
        refuse(1, "found " + in_quotes(lines[0]) + ", expected " + in_quotes(title + format),
               kind.remedy);
        return tl::unexpected(std::move(errors));
    }
    if (const auto found = lines[0].substr(title.size()); found != format) {
        refuse(1,
               "the file has format " + std::string(found) + ", this exportgate reads format " +
                   format,
               kind.format_remedy);
        return tl::unexpected(std::move(errors));
    }

    Table table;
    std::size_t i = 1;
    for (; i < lines.size() && lines[i].starts_with("# "); ++i)
        table.comments.emplace_back(lines[i].substr(2));
    const int columns_line = static_cast<int>(i) + 1;
    if (table.comments.size() != kind.comments) {
        refuse(columns_line,
               "found " + std::to_string(table.comments.size() + 1) +
                   " lines that begin with #, expected " + std::to_string(kind.comments + 1),
               kind.remedy);
    }
    const std::string columns = join(kind.columns, "\t");
    if (i == lines.size() || lines[i] != columns) {
        const auto names = join(kind.columns, ", ");
        refuse(columns_line,
               i == lines.size()
                   ? "no line of column names, expected " + names
                   : "found the columns " + in_quotes(lines[i]) + ", expected " + names,
               kind.remedy);
        return tl::unexpected(std::move(errors));
    }
    for (++i; i < lines.size(); ++i) {
        const int line = static_cast<int>(i) + 1;
        const auto fields = split(lines[i], '\t');
        // No row begins like a mark, so one that a person left alone is seen.
        if (is_conflict_mark(lines[i])) {
            refuse(line, conflict_text, conflict_remedy(file));
            return tl::unexpected(std::move(errors));
        }
        if (fields.size() != kind.columns.size()) {
            refuse(line,
                   "found " + std::to_string(fields.size()) + " fields, expected " +
                       std::to_string(kind.columns.size()),
                   kind.remedy);
            continue;
        }
        table.rows.push_back({line, {fields.begin(), fields.end()}});
    }
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return table;
}

}  // namespace exportgate::golden
