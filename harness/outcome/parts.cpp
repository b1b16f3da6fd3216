#include "outcome/parts.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>

#include "base/text.h"
#include "graph/graph.h"

namespace exportgate::outcome {
namespace {

constexpr std::string_view specs_begin = "\nin_spec\n";
constexpr std::string_view symbols_begin = "\nsymbols\n";
constexpr std::string_view message_begin = "message:\n";
constexpr std::string_view stage_key = "stage: ";
constexpr std::string_view exception_key = "exception: ";
constexpr std::string_view signal_key = "signal: ";
constexpr std::string_view exit_code_key = "exit code: ";
constexpr std::string_view exit_code_words = "exit code ";
constexpr std::string_view range_mark = "..";
constexpr std::string_view indent = "  ";

/// "exportgate rejected 2": what the text is and the version of its spelling.
std::string head(Status status, std::string_view stage) {
    return fmt::format("exportgate {} {}\n{}{}\n", to_string(status), graph::format_version,
                       stage_key, stage);
}

/// What stands behind `key` in the line of `text` that starts with it; "" where there is none.
std::string value_of(std::string_view text, std::string_view key) {
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with(key)) return std::string(line.substr(key.size()));
    }
    return "";
}

/// Of "s0  "batch"  1..1024".
DynamicDim dim_of(std::string_view line) {
    DynamicDim dim;
    std::size_t end = 0;
    for (auto open = line.find('"'); open != std::string_view::npos; open = line.find('"', end)) {
        const auto close = std::min(line.find('"', open + 1), line.size());
        dim.names.emplace_back(line.substr(open + 1, close - open - 1));
        end = std::min(close + 1, line.size());
    }
    const auto range = line.substr(end);
    const auto dots = range.rfind(range_mark);
    if (dots == std::string_view::npos) return dim;
    const auto lower = std::min(range.find_first_not_of(' '), dots);
    dim.range = {std::string(range.substr(lower, dots - lower)),
                 std::string(range.substr(dots + range_mark.size()))};
    return dim;
}

Program program_of(std::string_view text) {
    Program program;
    const auto specs = text.find(specs_begin);
    program.graph = text.substr(0, specs);
    if (specs != std::string_view::npos) program.specs = text.substr(specs);
    const auto symbols = program.graph.find(symbols_begin);
    if (symbols == std::string_view::npos) return program;
    for (const auto line : split(program.graph.substr(symbols + symbols_begin.size()), '\n')) {
        if (line.empty()) break;
        if (auto dim = dim_of(line); !dim.names.empty()) program.dims.push_back(std::move(dim));
    }
    return program;
}

Refusal refusal_of(std::string_view text) {
    const auto message = text.find(message_begin);
    const auto before = text.substr(0, message);
    Refusal refusal{value_of(before, stage_key), value_of(before, exception_key), {}};
    if (message == std::string_view::npos) return refusal;
    auto lines = text.substr(message + message_begin.size());
    if (lines.ends_with('\n')) lines.remove_suffix(1);
    if (lines.empty()) return refusal;
    for (auto line : split(lines, '\n')) {
        if (line.starts_with(indent)) line.remove_prefix(indent.size());
        refusal.message.emplace_back(line);
    }
    return refusal;
}

Crash crash_of(std::string_view text) {
    std::string signal = value_of(text, signal_key);
    if (signal.empty()) signal.append(exit_code_words).append(value_of(text, exit_code_key));
    return {value_of(text, stage_key), std::move(signal)};
}

/// 3 of "3"; the ends of the 64 bits stand for torch's infinities.
std::optional<std::int64_t> bound_in(std::string_view text) {
    if (text == "int_oo") return std::numeric_limits<std::int64_t>::max();
    if (text == "-int_oo") return std::numeric_limits<std::int64_t>::min();
    std::int64_t bound = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bound);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return bound;
}

}  // namespace

std::string text_of(const Refusal& refusal) {
    std::string text = head(Status::rejected, refusal.stage);
    text.append(exception_key).append(refusal.exception).append("\n").append(message_begin);
    for (const std::string& line : refusal.message)
        text.append(line.empty() ? "" : indent).append(line).append("\n");
    return text;
}

std::string text_of(const Crash& crash) {
    std::string text = head(Status::crashed, crash.stage);
    std::string_view how = crash.how;
    const bool exited = how.starts_with(exit_code_words);
    if (exited) how.remove_prefix(exit_code_words.size());
    return text.append(exited ? exit_code_key : signal_key).append(how).append("\n");
}

std::string text_of(const Timeout& timeout) {
    return head(Status::timeout, timeout.stage);
}

Parts parts_of(const Outcome& outcome) {
    switch (outcome.status) {
        case Status::exported:
            return program_of(outcome.text);
        case Status::rejected:
            return refusal_of(outcome.text);
        case Status::crashed:
            return crash_of(outcome.text);
        case Status::timeout:
            return Timeout{value_of(outcome.text, stage_key)};
    }
    return Program{};
}

std::map<std::string, DimRange> ranges_of(const Program& program) {
    std::map<std::string, DimRange> ranges;
    std::set<std::string> ambiguous;
    for (const auto& [names, range] : program.dims) {
        for (const std::string& name : names) {
            if (names.size() > 1 || range == DimRange{} || !ranges.emplace(name, range).second)
                ambiguous.insert(name);
        }
    }
    std::erase_if(ranges, [&](const auto& range) { return ambiguous.contains(range.first); });
    return ranges;
}

bool loses_extents(const DimRange& before, const DimRange& after) {
    const auto old_lower = bound_in(before.lower);
    const auto old_upper = bound_in(before.upper);
    const auto lower = bound_in(after.lower);
    const auto upper = bound_in(after.upper);
    if (!old_lower || !old_upper || !lower || !upper) return true;
    return *lower > *old_lower || *upper < *old_upper;
}

}  // namespace exportgate::outcome
