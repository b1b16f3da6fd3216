#include "environment/installed.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/text.h"
#include "environment/sources.h"
#include "record/record_file.h"

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
    const std::string near = closest(name, known);
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
        installed.cases = json.at("cases").get<std::string>();
        installed.torch_version_file = json.at("torch_version_file").get<std::string>();
        installed.torch_version_digest = json.at("torch_version_digest").get<std::string>();
        installed.sources_digest = json.at("sources_digest").get<std::string>();
        for (const auto& [case_name, native] : json.at("natives").items()) {
            installed.natives[case_name] = {native.at("source_digest").get<std::string>(),
                                            native.at("obstacle").get<std::string>()};
        }
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
    OrderedJson natives = OrderedJson::object();
    for (const auto& [case_name, native] : installed.natives) {
        natives[case_name] = {{"source_digest", native.source_digest},
                              {"obstacle", native.obstacle}};
    }
    const OrderedJson json = {{"format", format_version},
                              {"python", installed.python.string()},
                              {"own_venv", installed.own_venv},
                              {"cases", installed.cases.string()},
                              {"environment", facts_json(installed.facts)},
                              {"torch_version_file", installed.torch_version_file.string()},
                              {"torch_version_digest", installed.torch_version_digest},
                              {"sources_digest", installed.sources_digest},
                              {"natives", std::move(natives)}};
    return write_file(installed.places.description, json.dump(1) + "\n");
}

std::vector<std::string> obstacles(const Installed& installed,
                                   const std::filesystem::path& worker_sources,
                                   const std::map<std::string, std::string>& natives) {
    std::vector<std::string> found;
    if (!std::filesystem::exists(installed.python))
        found.push_back(fmt::format("its Python is gone ({})", installed.python.string()));
    if (!std::filesystem::exists(installed.places.worker)) found.push_back("its worker is gone");
    const Result<std::string> version = read_file(installed.torch_version_file);
    if (!version) {
        found.push_back("its torch is gone");
    } else if (digest(*version) != installed.torch_version_digest) {
        found.push_back("another torch was installed in it since its worker was built");
    }
    if (installed.sources_digest.empty()) {
        found.push_back("its worker was never finished");
    } else if (const Result<std::string> sources = sources_digest(worker_sources);
               !sources || *sources != installed.sources_digest) {
        found.push_back("the worker's sources changed since it was built");
    }
    for (const auto& [case_name, source_digest] : natives) {
        const auto built = installed.natives.find(case_name);
        if (built == installed.natives.end()) {
            found.push_back(fmt::format("native.cpp of {} was never built for it", case_name));
        } else if (built->second.source_digest != source_digest) {
            found.push_back(fmt::format("native.cpp of {} changed since it was built", case_name));
        }
    }
    return found;
}

}  // namespace exportgate::environment
