#include "run/ingredients.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "base/files.h"
#include "base/text.h"
#include "record/place_words.h"

namespace exportgate::run {

namespace {

namespace fs = std::filesystem;
using record::Ingredient;
using record::IngredientKind;

/// Weights, for example. To read all of them would take longer than to export the cell again.
constexpr std::uintmax_t largest_that_is_read = std::uintmax_t{256} << 20;

FileTime nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::string all_names(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return join(names, "\n");
}

std::string digest_of_file(const fs::path& file) {
    const std::optional<Stamp> stamp = stamp_of(file);
    if (!stamp) return "";
    std::error_code failure;
    const bool is_file = fs::is_regular_file(file, failure);
    if (!is_file) return fs::is_directory(file, failure) ? "folder" : "";
    if (fs::file_size(file, failure) > largest_that_is_read) return "stamp " + digest(stamp->text);
    const Result<std::string> content = read_file(file);
    return content ? digest(*content) : "";
}

/// What the worker calls the names of all variables.
constexpr std::string_view all_variables = "*";

std::string digest_of_names_of_variables() {
    std::vector<std::string> names;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
        const std::string_view variable = *each;
        names.emplace_back(variable.substr(0, variable.find('=')));
    }
    std::sort(names.begin(), names.end());
    return digest(join(names, "\n"));
}

std::string digest_of_variable(const std::string& name) {
    if (name == all_variables) return digest_of_names_of_variables();
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? "" : digest(value);
}

/// The folder of a word, without a slash at its end; empty where it would stand for everything.
std::string folder_of_word(const fs::path& folder) {
    std::string text = fs::absolute(folder).lexically_normal().string();
    while (text.ends_with('/'))
        text.pop_back();
    return text;
}

}  // namespace

FileTime file_time_now() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return nanoseconds(now);
}

std::optional<Stamp> stamp_of(const fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return std::nullopt;
    return Stamp{
        std::max(nanoseconds(status.st_ctim), nanoseconds(status.st_mtim)),
        fmt::format("{} {} {}", status.st_size, nanoseconds(status.st_mtim), status.st_ino)};
}

std::string importable_names(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        const std::string stem = name.substr(0, name.find('.'));
        const bool is_name =
            !stem.empty() && std::all_of(stem.begin(), stem.end(), [](unsigned char c) {
                return std::isalnum(c) != 0 || c == '_' || c >= 0x80;
            });
        const bool is_module = name.ends_with(".py") || name.ends_with(".so") ||
                               name.ends_with(".pyc") || name == stem;
        if (!is_name || !is_module || name == "__pycache__") continue;
        if (name == stem && !entry.is_directory(ignored)) continue;
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return join(names, "\n");
}

IngredientsNow::IngredientsNow(std::span<const matrix::Case> cases, const fs::path& worker) {
    const auto add = [&](std::string_view word, const fs::path& folder) {
        std::string text = folder_of_word(folder);
        if (!text.empty()) words_.emplace_back(word, std::move(text));
    };
    if (!cases.empty()) {
        const fs::path folder = fs::absolute(cases.front().directory).parent_path();
        add(record::cases_word, folder);
        // What lies beside the cases is found again in another checkout.
        add(fmt::format("{}/..", record::cases_word), folder.parent_path());
    }
    if (!worker.empty()) add(record::worker_word, fs::absolute(worker).parent_path());
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
        add(record::home_word, home);
    std::stable_sort(words_.begin(), words_.end(), [](const auto& a, const auto& b) {
        return a.second.size() > b.second.size();
    });
}

std::string IngredientsNow::in_words(const std::string& path) const {
    for (const auto& [word, folder] : words_) {
        if (path == folder || path.starts_with(folder + "/"))
            return word + path.substr(folder.size());
    }
    return path;
}

std::string IngredientsNow::path_of(const std::string& in_words) const {
    std::string path = in_words;
    std::size_t longest = 0;
    for (const auto& [word, folder] : words_) {
        const bool begins = in_words == word || in_words.starts_with(word + "/");
        if (!begins || word.size() < longest) continue;
        longest = word.size();
        path = folder + in_words.substr(word.size());
    }
    return path;
}

const IngredientsNow::Seen& IngredientsNow::look(IngredientKind kind, const std::string& path) {
    const auto [at, is_new] = seen_.try_emplace({kind, path});
    Seen& seen = at->second;
    if (!is_new) return seen;
    // Before it is read: what is written meanwhile is later.
    if (kind != IngredientKind::variable) {
        if (const std::optional<Stamp> stamp = stamp_of(path)) seen.changed = stamp->changed;
    }
    std::error_code ignored;
    switch (kind) {
        case IngredientKind::file:
            seen.digest = digest_of_file(path);
            break;
        case IngredientKind::variable:
            seen.digest = digest_of_variable(path);
            break;
        case IngredientKind::modules:
            if (fs::is_directory(path, ignored)) seen.digest = digest(importable_names(path));
            break;
        case IngredientKind::names:
            if (fs::is_directory(path, ignored)) seen.digest = digest(all_names(path));
            break;
        case IngredientKind::unknown:
            break;
    }
    return seen;
}

Ingredient IngredientsNow::kept(const Ingredient& seen, FileTime since) {
    if (seen.kind == IngredientKind::unknown) return seen;
    if (seen.kind == IngredientKind::variable)
        return {seen.kind, seen.name, look(seen.kind, seen.name).digest};
    const std::string name = in_words(seen.name);
    const Seen& now = look(seen.kind, seen.name);
    // A folder that Python writes byte code into changes; its names say whether that matters.
    if (seen.kind == IngredientKind::file && now.changed > since)
        return {IngredientKind::unknown, name + " changed while the cells ran", ""};
    return {seen.kind, name, now.digest};
}

bool IngredientsNow::is_same(const Ingredient& kept) {
    if (kept.kind == IngredientKind::unknown) return false;
    const bool is_path = kept.kind != IngredientKind::variable;
    return look(kept.kind, is_path ? path_of(kept.name) : kept.name).digest == kept.digest;
}

}  // namespace exportgate::run
