#include "environment/installed.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/new_file.h"
#include "base/text.h"
#include "base/torch_version.h"
#include "environment/sources.h"
#include "record/record_file.h"
#include "run/digest.h"

namespace exportgate::environment {

namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson facts_json(const record::Environment& facts) {
    return {{"name", facts.name},
            {"torch", facts.torch},
            {"torch_build", facts.torch_build},
            {"python", facts.python},
            {"platform", facts.platform},
            {"cxx11_abi", facts.cxx11_abi},
            {"packages", facts.packages}};
}

Error no_such(const std::filesystem::path& root, const std::string& name) {
    const std::vector<std::string> known = names(root);
    // Another release is never what was meant: "2.13.0" for "2.10.0".
    const std::string near = TorchVersion::parse(name) ? "" : closest(name, known);
    std::string what = fmt::format("there is no environment \"{}\"", name);
    if (!known.empty()) what += fmt::format(", there are: {}", join(known, ", "));
    return {root.string(), 0, what,
            near.empty()
                ? fmt::format("`exportgate env add {}` makes it", name)
                : fmt::format("did you mean \"{}\"? `exportgate env add {}` makes a new one", near,
                              name)};
}

}  // namespace

Result<Installed> load(const std::filesystem::path& root, const std::string& name) {
    if (Result<void> fits = check_name(name); !fits) return tl::unexpected(fits.error());
    Installed installed;
    installed.places = layout(root, name);
    const std::string file = installed.places.description.string();
    if (!std::filesystem::exists(installed.places.folder))
        return tl::unexpected(no_such(root, name));
    if (!std::filesystem::exists(installed.places.description)) {
        return tl::unexpected(Error{installed.places.folder.string(), 0,
                                    fmt::format("environment \"{}\" was never finished", name),
                                    fmt::format("`exportgate env add {}` makes it anew", name)});
    }
    const Result<std::string> text = read_file(installed.places.description);
    if (!text) return tl::unexpected(text.error());
    const std::string remedy =
        fmt::format("`exportgate env remove {0}`, then `exportgate env add {0}`", name);
    try {
        const OrderedJson json = OrderedJson::parse(*text);
        const int format = json.at("format").get<int>();
        if (format != format_version) {
            return tl::unexpected(
                Error{file, 0,
                      fmt::format("has format {}, this exportgate reads format {}", format,
                                  format_version),
                      remedy});
        }
        installed.python = json.at("python").get<std::string>();
        installed.own_venv = json.at("own_venv").get<bool>();
        installed.stands_on = json.value("stands_on", "");
        if (json.contains("with")) installed.with = json.at("with").get<std::vector<std::string>>();
        installed.cases = json.at("cases").get<std::string>();
        installed.sources_digest = json.at("sources_digest").get<std::string>();
        installed.natives = json.at("natives").get<std::map<std::string, std::string>>();
        Result<record::Environment> facts =
            record::parse_environment(json.at("environment").dump(), file, 0);
        if (!facts) return tl::unexpected(facts.error());
        installed.facts = std::move(*facts);
    } catch (const nlohmann::json::exception& problem) {
        return tl::unexpected(
            Error{file, 0, fmt::format("cannot be read: {}", problem.what()), remedy});
    }
    installed.facts.name = name;
    return installed;
}

Result<void> save(const Installed& installed) {
    OrderedJson json = {{"format", format_version},
                        {"python", installed.python.string()},
                        {"own_venv", installed.own_venv},
                        {"cases", installed.cases.string()},
                        {"environment", facts_json(installed.facts)},
                        {"sources_digest", installed.sources_digest},
                        {"natives", installed.natives}};
    if (!installed.stands_on.empty()) json["stands_on"] = installed.stands_on.string();
    if (installed.with) json["with"] = *installed.with;
    remove_abandoned(installed.places.folder);
    return write_file(installed.places.description, json.dump(1) + "\n");
}

std::optional<Obstacle> lost_python(const Installed& installed) {
    const std::string remedy =
        fmt::format("`exportgate env remove {}`, and add it anew", installed.facts.name);
    if (!std::filesystem::exists(installed.python))
        return Obstacle{fmt::format("its Python is gone ({})", installed.python.string()), remedy};
    if (!installed.stands_on.empty() && !std::filesystem::exists(installed.stands_on)) {
        return Obstacle{
            fmt::format("the Python that it stands on is gone ({})", installed.stands_on.string()),
            remedy};
    }
    return std::nullopt;
}

std::vector<Obstacle> obstacles(
    const Installed& installed, const std::filesystem::path& worker_sources,
    const std::map<std::string, std::filesystem::path>& case_directories) {
    if (std::optional<Obstacle> lost = lost_python(installed)) return {std::move(*lost)};
    std::vector<Obstacle> found;
    const std::string update = "`exportgate env update " + installed.facts.name;
    const auto add = [&](std::string what) { found.push_back({std::move(what), update + "`"}); };
    const std::filesystem::path& worker = installed.places.worker;
    if (!std::filesystem::exists(worker)) {
        add("its worker is gone");
    } else if (installed.sources_digest.empty()) {
        add("its worker was never finished");
    } else {
        const Result<std::string> sources = sources_digest(worker_sources);
        if (!sources || *sources != installed.sources_digest)
            add("the worker's sources changed since it was built");
        if (!run::is_built_for(worker, installed.facts))
            add("its torch or Python was replaced since its worker was built");
    }
    for (const auto& [case_name, directory] : case_directories) {
        const std::string with_cases =
            update + " --cases " + directory.parent_path().string() + "`";
        const auto built = installed.natives.find(case_name);
        if (built == installed.natives.end()) {
            found.push_back(
                {fmt::format("native.cpp of {} was never built for it", case_name), with_cases});
        } else if (const Result<void> current =
                       run::native_is_current(directory, case_name, worker);
                   !current) {
            found.push_back({current.error().file + " " + current.error().what, with_cases});
        }
    }
    return found;
}

std::map<std::string, std::filesystem::path> native_cases(const std::filesystem::path& cases) {
    std::map<std::string, std::filesystem::path> directories;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(cases, ignored)) {
        if (std::filesystem::exists(entry.path() / "native.cpp", ignored))
            directories[entry.path().filename().string()] = entry.path();
    }
    return directories;
}

}  // namespace exportgate::environment
