// Reading and writing a record file.
#include "record/record_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <unordered_set>

#include "base/conflict_marks.h"
#include "base/files.h"
#include "record/record_json.h"

namespace exportgate::record {
namespace {

class RecordReader {
  public:
    RecordReader(std::string_view rest, const std::string& file) : rest_(rest), file_(file) {
        record_.file = file;
    }

    Result<Record> read() {
        next_line();
        if (auto header = read_header(); !header) return tl::unexpected(header.error());
        while (!rest_.empty() && !ended_) {
            next_line();
            if (auto line = read_line(); !line) return tl::unexpected(line.error());
        }
        if (!rest_.empty())
            return tl::unexpected(error_at(line_ + 1, "there is something after the footer"));
        index();
        return std::move(record_);
    }

  private:
    void next_line() {
        const std::size_t end = rest_.find('\n');
        whole_ = end != std::string_view::npos;
        text_ = rest_.substr(0, end);
        rest_.remove_prefix(whole_ ? end + 1 : rest_.size());
        ++line_;
    }

    Error error_at(int line, std::string what, std::string remedy = "") const {
        return Error{file_, line, std::move(what), std::move(remedy)};
    }

    Result<void> read_header() {
        Mistake mistake(file_, line_);
        Json json = parse_json(text_, mistake);
        if (is_conflict_mark(text_)) return tl::unexpected(conflict());
        if (!json.is_object() || !json.contains("record")) {
            const char* what = text_.empty() ? "not a record: the file is empty"
                                             : "not a record: the first line is no record header";
            return tl::unexpected(
                error_at(1, what, "records are written by `exportgate run --record FILE`"));
        }
        Object outer(json, "the first line", mistake);
        Json& header = outer.value("record");
        // Fields of a format that is to come are no mistakes of their own.
        const std::int64_t format = Object(header, "the record header", mistake).integer("format");
        if (mistake.none() && format != format_version) return tl::unexpected(other_format(format));
        read_into(record_.header, header, mistake, table_);
        outer.finish();
        if (mistake.none()) check_cells(mistake);
        if (!mistake.none()) return tl::unexpected(mistake.error());
        return {};
    }

    Error conflict() const {
        return error_at(line_, "git left conflict marks here: two branches made this record anew",
                        fmt::format("take the record of one branch whole (`git checkout --ours -- "
                                    "{0}`, or --theirs), or run again: `exportgate run --record "
                                    "{0}`",
                                    file_));
    }

    Error other_format(std::int64_t format) const {
        const bool newer = format > format_version;
        return error_at(
            1,
            fmt::format("recorded by {} exportgate (format {}), this one reads format {}",
                        newer ? "a later" : "an earlier", format, format_version),
            newer ? "use the exportgate that wrote it, or run again: `exportgate run --record FILE`"
                  : "run again: `exportgate run --record FILE`; ci/format_3 of its repository "
                    "rewrites format 2");
    }

    /// Every cell is one of the declared cases, once.
    void check_cells(Mistake& mistake) {
        std::unordered_set<std::string> declared;
        for (const matrix::Cell& cell : matrix::cells_of(record_.header.cases)) {
            if (!declared.insert(cell.name()).second)
                mistake.note("the header declares cell \"{}\" twice", cell.name());
        }
        for (const std::string& cell : record_.header.cells) {
            if (!declared.contains(cell))
                mistake.note("the header names cell \"{}\", which none of its cases declares",
                             cell);
            if (!unseen_.insert(cell).second)
                mistake.note("the header names cell \"{}\" twice", cell);
        }
    }

    Result<void> read_line() {
        Mistake mistake(file_, line_);
        Json json = parse_json(text_, mistake);
        if (json.is_discarded()) {
            // Only the last line can have been cut: whoever wrote it was stopped, and the rest
            // still holds.
            if (is_conflict_mark(text_)) return tl::unexpected(conflict());
            if (!whole_) return cut();
            return tl::unexpected(
                error_at(line_, "not JSON, expected an observation or the footer"));
        }
        if (json.is_object() && json.contains("end")) {
            read_footer(json, mistake);
        } else {
            read_observation(json, mistake);
        }
        if (!mistake.none()) return tl::unexpected(mistake.error());
        return {};
    }

    Result<void> cut() {
        record_.footer.reason = fmt::format("the file is cut in line {}", line_);
        return {};
    }

    void read_footer(Json& json, Mistake& mistake) {
        Object outer(json, "the last line", mistake);
        read_into(record_.footer, outer.value("end"), mistake);
        outer.finish();
        if (!record_.footer.complete && record_.footer.reason.empty())
            record_.footer.reason = "its footer says so, without a reason";
        ended_ = true;
    }

    void read_observation(Json& json, Mistake& mistake) {
        Observation observation;
        RecordLine<Observation> line{observation};
        read_into(line, json, mistake);
        if (line.row) observation.made_of = table_.at(*line.row);
        if (line.row && !observation.made_of)
            mistake.note("\"made_of\" of an observation is no row of the header's table");
        if (!mistake.none()) return;
        if (unseen_.erase(observation.cell) == 0) {
            const auto& cells = record_.header.cells;
            const bool twice =
                std::find(cells.begin(), cells.end(), observation.cell) != cells.end();
            mistake.note("cell \"{}\" is {}", observation.cell,
                         twice ? "observed twice" : "not named by the header");
            return;
        }
        record_.observations.push_back(std::move(observation));
    }

    void index() {
        if (!ended_) {
            record_.footer.complete = false;
            if (record_.footer.reason.empty()) record_.footer.reason = "the file has no footer";
        }
        record_.by_name.resize(record_.observations.size());
        std::iota(record_.by_name.begin(), record_.by_name.end(), std::size_t{0});
        std::sort(record_.by_name.begin(), record_.by_name.end(),
                  [&](std::size_t a, std::size_t b) {
                      return record_.observations[a].cell < record_.observations[b].cell;
                  });
    }

    std::string_view rest_;
    std::string_view text_;
    bool whole_ = false;  // the line ended with a newline
    bool ended_ = false;  // the footer was read
    int line_ = 0;
    const std::string& file_;
    std::unordered_set<std::string> unseen_;
    IngredientsTable table_;
    Record record_;
};

/// One line. What a child printed may be cut inside a character: such bytes become U+FFFD, a record
/// is always UTF-8.
std::string line_of(const Ordered& json) {
    return json.dump(-1, ' ', false, Ordered::error_handler_t::replace) + '\n';
}

}  // namespace

const Observation* Record::find(std::string_view cell) const {
    if (by_name.size() == observations.size()) {
        const auto at = std::lower_bound(
            by_name.begin(), by_name.end(), cell,
            [&](std::size_t i, std::string_view name) { return observations[i].cell < name; });
        if (at != by_name.end() && observations[*at].cell == cell) return &observations[*at];
    }
    const auto found = std::find_if(observations.begin(), observations.end(),
                                    [&](const Observation& one) { return one.cell == cell; });
    return found == observations.end() ? nullptr : &*found;
}

Result<Record> parse_record(std::string_view text, const std::string& file) {
    return RecordReader(text, file).read();
}

Result<Record> read_record(const std::filesystem::path& path) {
    const auto text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    return parse_record(*text, path.string());
}

std::string to_text(const Record& record) {
    IngredientsTable table;
    std::string lines;
    for (const Observation& observation : record.observations) {
        RecordLine<const Observation> line{observation};
        if (record.header.made_of && observation.made_of)
            line.row = table.row(*observation.made_of);
        lines += line_of(json_of(line));
    }
    return line_of({{"record", json_of(record.header, table)}}) + lines +
           line_of({{"end", json_of(record.footer)}});
}

}  // namespace exportgate::record
