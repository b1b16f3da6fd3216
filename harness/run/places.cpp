#include "run/places.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "record/place_words.h"

namespace exportgate::run {

namespace {

namespace fs = std::filesystem;

bool is_name_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c & 0x80) != 0 || std::string_view("_-+@~%").find(c) != std::string_view::npos;
}

/// "/tmp" in "a/tmp", "./tmp", "//tmp" is part of another path; in "file:///tmp", "x=/tmp" and
/// "-I/tmp" it begins one.
bool may_begin_path(std::string_view before) {
    if (before.empty() || before.ends_with("://")) return true;
    if (before.ends_with("-I") || before.ends_with("-L")) return true;
    const char last = before.back();
    return !is_name_character(last) && last != '/' && last != '.' && last != '>';
}

/// "/tmp" in "/tmporary", "/tmp-1" and "/tmp.old" is another name; in "/tmp." it ends a sentence.
bool may_end_name(std::string_view after) {
    if (after.empty()) return true;
    if (after.front() == '.') return after.size() == 1 || !is_name_character(after[1]);
    return !is_name_character(after.front());
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "W1125 09:08:31.123000 4711 torch/a.py:1] ..." as torch logs it: the rest of the line after the
/// number of the process; nullopt for another line.
std::optional<std::string_view> after_log_stamp(std::string_view line) {
    constexpr std::string_view shape = "0000 00:00:00.";
    if (line.empty() || std::string_view("DIVWEFC").find(line[0]) == std::string_view::npos)
        return std::nullopt;
    std::string_view rest = line.substr(1);
    if (rest.size() < shape.size()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == '0' ? !is_digit(rest[i]) : rest[i] != shape[i]) return std::nullopt;
    }
    rest.remove_prefix(shape.size());
    for (int number = 0; number < 2; ++number) {
        const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        if (digits == 0 || digits == rest.size() || rest[digits] != ' ') return std::nullopt;
        rest.remove_prefix(digits + 1);
    }
    return rest;
}

std::string without_log_stamps(std::string_view text) {
    std::string out;
    bool first = true;
    for (const std::string_view line : split(text, '\n')) {
        if (!std::exchange(first, false)) out += '\n';
        if (const auto rest = after_log_stamp(line)) {
            out.append(line.substr(0, 1)).append("<time> <pid> ").append(*rest);
        } else {
            out += line;
        }
    }
    return out;
}

/// Whole lines at the end of `text`, up to 4 KiB; of a longer last line its end.
std::string last_lines(const std::string& text) {
    constexpr std::size_t most = 4096;
    if (text.size() <= most) return text;
    const std::size_t cut = text.size() - most;
    const std::size_t newline = text.find('\n', cut - 1);
    const bool inside = newline != std::string::npos && newline + 1 < text.size();
    return text.substr(inside ? newline + 1 : cut);
}

/// torch 2.8 puts 300 frames of torch, the interpreter and the C library into every rejection. They
/// say how the machine was built, and nothing about the case: outcomes leave them out, and a record
/// keeps their number.
std::string without_framework_frames(std::string_view message) {
    std::string out;
    std::size_t frames = 0;
    bool in_stack = false;
    const auto end_stack = [&] {
        if (frames > 0) out += fmt::format("  ({} lines left out)\n", std::exchange(frames, 0));
        in_stack = false;
    };
    for (const std::string_view line : split(message, '\n')) {
        if (line.empty()) end_stack();
        if (in_stack) {
            ++frames;
            continue;
        }
        in_stack = line == "Framework stack:";
        out.append(line).append("\n");
    }
    end_stack();
    out.pop_back();
    return out;
}

fs::path home() {
    if (const char* named = std::getenv("HOME")) return named;
    const passwd* user = ::getpwuid(::getuid());
    return user == nullptr ? "" : user->pw_dir;
}

}  // namespace

void Places::add(const fs::path& folder, std::string_view word) {
    if (!folder.is_absolute()) return;
    std::error_code ignored;
    for (const fs::path& spelling :
         {folder, folder.lexically_normal(), fs::weakly_canonical(folder, ignored)}) {
        std::string text = spelling.string();
        while (text.ends_with('/'))
            text.pop_back();
        const auto same = [&](const auto& place) { return place.first == text; };
        if (text.empty() || std::any_of(places_.begin(), places_.end(), same)) continue;
        places_.emplace_back(std::move(text), word);
    }
    std::stable_sort(places_.begin(), places_.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::string Places::neutral(std::string_view text) const {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto here = [&](const auto& place) {
            return text.substr(at).starts_with(place.first) &&
                   may_end_name(text.substr(at + place.first.size()));
        };
        const auto found = text[at] == '/' && may_begin_path(text.substr(0, at))
                               ? std::find_if(places_.begin(), places_.end(), here)
                               : places_.end();
        if (found == places_.end()) {
            out += text[at++];
        } else {
            out += found->second;
            at += found->first.size();
        }
    }
    return out;
}

std::string Places::neutral_comments(std::string_view print) const {
    std::string out;
    out.reserve(print.size());
    bool first = true;
    for (const std::string_view line : split(print, '\n')) {
        if (!std::exchange(first, false)) out += '\n';
        const std::size_t begin = line.find_first_not_of(' ');
        const bool comment = begin != std::string_view::npos && line[begin] == '#';
        out += comment ? neutral(line) : std::string(line);
    }
    return out;
}

void Places::neutralise(std::vector<std::string>& lines) const {
    for (std::string& line : lines)
        line = neutral(line);
}

void Places::neutralise(record::Observation& observation) const {
    observation.output = last_lines(without_log_stamps(neutral(observation.output)));
    if (observation.earlier) {
        observation.earlier->print = neutral_comments(observation.earlier->print);
        neutralise(observation.earlier->reasons);
    }
    if (auto* exported = std::get_if<record::Exported>(&observation.result)) {
        for (std::string* print :
             {&exported->print, &exported->loaded, &exported->decomposed, &exported->retraced})
            *print = neutral_comments(*print);
        for (record::CheckObservation& check : exported->checks) {
            neutralise(check.reasons);
            neutralise(check.notes);
        }
    } else if (auto* rejected = std::get_if<record::Rejected>(&observation.result)) {
        rejected->message = neutral(without_framework_frames(rejected->message));
    } else if (auto* unobserved = std::get_if<record::Unobserved>(&observation.result)) {
        unobserved->reason = without_log_stamps(neutral(unobserved->reason));
    }
}

Places places_of(std::span<const matrix::Case> cases, const fs::path& worker,
                 const std::map<std::string, std::vector<std::string>>& folders) {
    Places places;
    for (const matrix::Case& case_ : cases) {
        const fs::path folder = fs::absolute(case_.directory);
        places.add(folder, fmt::format("{}/{}", record::cases_word, matrix::folder_of(case_.name)));
        places.add(folder.parent_path(), record::cases_word);
    }
    places.add(fs::absolute(worker).parent_path(), record::worker_word);
    for (const auto& [name, all] : folders) {
        for (const std::string& folder : all)
            places.add(folder, fmt::format("<{}>", name));
    }
    places.add(home(), record::home_word);
    for (const char* variable : {"TMPDIR", "TMP", "TEMP"}) {
        if (const char* named = std::getenv(variable)) places.add(named, record::temporary_word);
    }
    places.add("/tmp", record::temporary_word);
    places.add("/var/tmp", record::temporary_word);
    return places;
}

}  // namespace exportgate::run
