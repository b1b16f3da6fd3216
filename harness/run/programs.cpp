#include "run/programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/files.h"

namespace exportgate::run {

namespace {

namespace fs = std::filesystem;

constexpr int programs_format = 1;
constexpr std::string_view programs_file = "programs.json";
constexpr std::string_view save_again =
    "save them again: `exportgate run --save-programs DIR` in the environment whose programs they "
    "are";

/// What programs.json says; the folder's programs are looked for only where they are needed.
Result<Programs> read_programs(const fs::path& folder) {
    const fs::path file = folder / programs_file;
    const Result<std::string> text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    try {
        const int format = json.at("format").get<int>();
        if (format != programs_format) {
            return tl::unexpected(
                Error{file.string(), 0,
                      fmt::format("is of format {}, this exportgate reads format {}", format,
                                  programs_format),
                      std::string(save_again)});
        }
        return Programs{folder, json.at("torch_build").get<std::string>(),
                        json.at("inputs_digest").get<std::string>()};
    } catch (const nlohmann::json::exception&) {
        return tl::unexpected(Error{file.string(), 0, "does not say what saved these programs",
                                    std::string(save_again)});
    }
}

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

Error of_other_inputs(const fs::path& folder, std::string remedy) {
    return Error{folder.string(), 0,
                 "holds programs that were saved with other cases or another worker",
                 std::move(remedy)};
}

}  // namespace

fs::path Programs::file_of(const std::string& cell) const {
    return folder / (cell + ".pt2");
}

void Programs::remove(const std::string& cell) const {
    std::error_code ignored;
    fs::path file = file_of(cell);
    fs::remove(file, ignored);
    fs::remove(file += ".part", ignored);
}

std::size_t Programs::count(std::span<const matrix::Cell> cells) const {
    return static_cast<std::size_t>(
        std::count_if(cells.begin(), cells.end(),
                      [&](const matrix::Cell& cell) { return is_there(file_of(cell.name())); }));
}

Result<Programs> find_programs(const fs::path& folder, const std::string& inputs_digest) {
    const fs::path whole = fs::absolute(folder).lexically_normal();
    if (!is_there(whole / programs_file)) {
        return tl::unexpected(
            Error{folder.string(), 0, is_there(whole) ? "holds no saved programs" : "is not there",
                  "name a folder that `exportgate run --save-programs DIR` wrote"});
    }
    Result<Programs> programs = read_programs(whole);
    if (programs && programs->inputs_digest != inputs_digest)
        return tl::unexpected(of_other_inputs(folder, std::string(save_again)));
    return programs;
}

Result<void> may_hold_programs(const fs::path& folder, const std::string& inputs_digest) {
    std::error_code code;
    if (!fs::exists(folder, code)) return {};
    if (is_there(folder / programs_file)) {
        const Result<Programs> programs = read_programs(folder);
        if (!programs) return tl::unexpected(programs.error());
        if (programs->inputs_digest == inputs_digest) return {};
        return tl::unexpected(of_other_inputs(folder, "remove it, or name another folder"));
    }
    if (fs::is_directory(folder, code) && fs::is_empty(folder, code) && !code) return {};
    return tl::unexpected(Error{folder.string(), 0, "is no folder of saved programs and not empty",
                                "name another folder to save programs in"});
}

Result<void> begin_programs(const Programs& programs) {
    if (is_there(programs.folder / programs_file)) {
        const Result<Programs> there = read_programs(programs.folder);
        if (!there) return tl::unexpected(there.error());
        if (there->torch_build == programs.torch_build &&
            there->inputs_digest == programs.inputs_digest)
            return {};
        return tl::unexpected(
            Error{programs.folder.string(), 0,
                  fmt::format("holds programs that torch {} saved, and this is torch {}",
                              there->torch_build, programs.torch_build),
                  "remove it, or name another folder"});
    }
    const nlohmann::ordered_json json{{"format", programs_format},
                                      {"torch_build", programs.torch_build},
                                      {"inputs_digest", programs.inputs_digest}};
    return write_file(programs.folder / programs_file, json.dump(1) + "\n");
}

std::size_t keep_exported(const Programs& programs, const record::Record& made) {
    std::size_t kept = 0;
    for (const std::string& cell : made.header.cells) {
        const record::Observation* seen = made.find(cell);
        const fs::path file = programs.file_of(cell);
        if (seen != nullptr && std::holds_alternative<record::Exported>(seen->result)) {
            if (is_there(file)) ++kept;
        } else {
            programs.remove(cell);
        }
    }
    return kept;
}

}  // namespace exportgate::run
