#include "golden/checks_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "golden/table.h"

namespace exportgate::golden {
namespace {

using outcome::CheckStatus;

constexpr std::string_view separator = " | ";
constexpr std::string_view special = "|{}";
constexpr std::string_view reasons_mark = "{";
constexpr std::string_view notes_mark = "+{";
constexpr char revision_mark = '.';

std::string escape_reason(std::string_view reason) {
    std::string escaped;
    for (const char c : escape(reason)) {
        if (special.find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
    }
    return escaped;
}

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    Result<std::vector<outcome::CheckResult>> read() {
        std::vector<outcome::CheckResult> checks;
        while (true) {
            auto check = read_check();
            if (!check) return tl::unexpected(check.error());
            const bool twice = std::any_of(checks.begin(), checks.end(), [&](const auto& other) {
                return other.name == check->name;
            });
            if (twice) return refuse(fmt::format("check \"{}\" stands there twice", check->name));
            checks.push_back(std::move(*check));
            if (position_ == text_.size()) return checks;
            if (text_[position_] != ' ') return refuse("expected a space or the end");
            ++position_;
        }
    }

  private:
    Result<outcome::CheckResult> read_check() {
        outcome::CheckResult check;
        const auto equals = text_.find('=', position_);
        if (equals == std::string_view::npos) return refuse("expected name=status");
        const auto name = text_.substr(position_, equals - position_);
        const auto mark = name.find(revision_mark);
        check.name = name.substr(0, mark);
        if (!is_check_name(check.name)) return refuse("expected the name of a check");
        if (mark != std::string_view::npos) {
            const auto revision = parse_revision(name.substr(mark + 1));
            if (!revision) return refuse("expected a revision after the name of a check");
            check.revision = *revision;
        }
        position_ = equals + 1;
        const auto end = std::min(text_.find_first_of(" {+", position_), text_.size());
        const auto word = text_.substr(position_, end - position_);
        const auto status = parse_status(word);
        if (!status) {
            return refuse(fmt::format("found \"{}\", expected pass, fail or n/a", word));
        }
        check.status = *status;
        position_ = end;
        if (const auto read = read_lines(reasons_mark, check.reasons); !read)
            return tl::unexpected(read.error());
        if (const auto read = read_lines(notes_mark, check.notes); !read)
            return tl::unexpected(read.error());
        return check;
    }

    /// What stands between `mark` and "}"; nothing where `mark` is not there.
    Result<void> read_lines(std::string_view mark, std::vector<std::string>& lines) {
        if (!text_.substr(position_).starts_with(mark)) return {};
        position_ += mark.size();
        auto read = read_reasons();
        if (!read) return tl::unexpected(read.error());
        lines = std::move(*read);
        return {};
    }

    Result<std::vector<std::string>> read_reasons() {
        std::vector<std::string> reasons;
        std::size_t begin = position_;
        while (position_ < text_.size()) {
            const char c = text_[position_];
            const bool ends_reason = text_.substr(position_).starts_with(separator);
            if (c == '\\') {
                position_ += 2;
            } else if (c == '}' || ends_reason) {
                auto reason = unescape(text_.substr(begin, position_ - begin), special);
                if (!reason) return tl::unexpected(reason.error());
                reasons.push_back(std::move(*reason));
                position_ += ends_reason ? separator.size() : 1;
                if (!ends_reason) return reasons;
                begin = position_;
            } else if (c == '{' || c == '|') {
                return refuse(fmt::format("\"{}\" in a reason is written with a \\ before it", c));
            } else {
                ++position_;
            }
        }
        return refuse("expected } after the reasons");
    }

    /// 2 or more: 1 is not written.
    static std::optional<int> parse_revision(std::string_view digits) {
        int revision = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), revision);
        const bool whole = error == std::errc{} && end == digits.data() + digits.size();
        return whole && revision > 1 ? std::optional(revision) : std::nullopt;
    }

    static std::optional<CheckStatus> parse_status(std::string_view word) {
        for (const auto status :
             std::array{CheckStatus::pass, CheckStatus::fail, CheckStatus::not_applicable}) {
            if (outcome::to_string(status) == word) return status;
        }
        return std::nullopt;
    }

    tl::unexpected<Error> refuse(std::string what) const {
        return tl::unexpected(Error{
            "", 0, fmt::format("checks, after \"{}\": {}", text_.substr(0, position_), what), ""});
    }

    std::string_view text_;
    std::size_t position_ = 0;
};

}  // namespace

bool is_check_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

namespace {

/// "{one | two}"; "" for none.
std::string in_braces(const std::vector<std::string>& lines, std::string_view mark) {
    std::string text;
    for (const auto& line : lines)
        text.append(text.empty() ? mark : separator).append(escape_reason(line));
    return text.empty() ? text : text + '}';
}

}  // namespace

std::string print_checks(std::span<const outcome::CheckResult> checks) {
    std::string text;
    for (const auto& check : checks) {
        if (!text.empty()) text += ' ';
        text += check.name;
        if (check.revision != 1) text += fmt::format("{}{}", revision_mark, check.revision);
        text += '=' + outcome::to_string(check.status) + in_braces(check.reasons, reasons_mark) +
                in_braces(check.notes, notes_mark);
    }
    return text.empty() ? "-" : text;
}

Result<std::vector<outcome::CheckResult>> parse_checks(std::string_view field) {
    if (field == "-") return std::vector<outcome::CheckResult>{};
    return Reader(field).read();
}

}  // namespace exportgate::golden
