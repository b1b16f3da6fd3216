#include "run/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "record/record_file.h"
#include "run/remedy.h"

namespace exportgate::run {

namespace {

using Json = nlohmann::ordered_json;

Error not_understood(const std::string& who, std::string_view line, std::string_view why) {
    return Error{who, 0,
                 fmt::format("sent a message that is not understood ({}): {:.200}", why, line),
                 build_again};
}

std::map<std::string, double> timings_of(const Json& body) {
    if (!body.contains("timings_s")) return {};
    return body.at("timings_s").get<std::map<std::string, double>>();
}

using Folders = std::map<std::string, std::vector<std::string>>;

/// Records would hold the paths of this machine without them.
Result<Folders> folders_of(const Json& body, const std::string& worker) {
    Folders folders;
    if (body.contains("folders")) folders = body.at("folders").get<Folders>();
    for (const std::string name : {"environment", "python", "worker"}) {
        if (folders.contains(name)) continue;
        return tl::unexpected(Error{
            worker, 0,
            fmt::format("does not say where the folders of its {} are, as older workers do not",
                        name),
            build_again});
    }
    if (folders.size() != 3)
        return tl::unexpected(not_understood(worker, body.dump(), "other folders than expected"));
    return folders;
}

Result<ControlMessage> hello(const Json& body, const std::string& worker) {
    const int protocol = body.at("protocol").get<int>();
    if (protocol != protocol_version) {
        return tl::unexpected(
            Error{worker, 0,
                  fmt::format("speaks protocol version {}, this exportgate speaks version {}",
                              protocol, protocol_version),
                  build_again});
    }
    Result<record::Environment> environment =
        record::parse_environment(body.at("environment").dump(), worker, 0);
    if (!environment) return tl::unexpected(environment.error());
    Result<Folders> folders = folders_of(body, worker);
    if (!folders) return tl::unexpected(folders.error());
    Result<record::Revisions> checks = record::parse_revisions(body.at("checks").dump(), worker);
    if (!checks) return tl::unexpected(checks.error());
    std::vector<std::string> python_path;
    if (body.contains("python_path"))
        python_path = body.at("python_path").get<std::vector<std::string>>();
    return Hello{std::move(*environment), std::move(*folders), std::move(python_path),
                 std::move(*checks), timings_of(body)};
}

Result<ControlMessage> ready(const Json& body, const std::string& worker) {
    const auto name = body.at("mode").get<std::string>();
    const std::vector<std::string>& names = matrix::mode_names();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return tl::unexpected(not_understood(worker, name, "unknown mode"));
    return Ready{static_cast<matrix::Mode>(found - names.begin()), timings_of(body)};
}

/// What the child names. None where it does not say it, as older workers do not.
std::optional<record::Ingredients> made_of(const Json& message) {
    using record::IngredientKind;
    if (!message.contains("made_of")) return std::nullopt;
    record::Ingredients all;
    const auto add = [&](const char* key, IngredientKind kind) {
        for (const Json& name : message.at("made_of").at(key))
            all.push_back({kind, name.get<std::string>(), ""});
    };
    add("files", IngredientKind::file);
    add("modules", IngredientKind::modules);
    add("names", IngredientKind::names);
    add("variables", IngredientKind::variable);
    add("unknown", IngredientKind::unknown);
    return all;
}

}  // namespace

Result<ControlMessage> parse_control_message(std::string_view line, const std::string& worker) try {
    const Json message = Json::parse(line);
    if (message.size() != 1)
        return tl::unexpected(not_understood(worker, line, "one key expected"));
    const auto only = message.begin();
    const std::string& kind = only.key();
    const Json& body = only.value();
    if (kind == "hello") return hello(body, worker);
    if (kind == "ready") return ready(body, worker);
    if (kind == "fatal")
        return Fatal{body.at("what").get<std::string>(), body.at("remedy").get<std::string>()};
    if (kind == "forked")
        return Forked{body.at("id").get<std::uint64_t>(), body.at("pid").get<int>()};
    if (kind == "exited") {
        return Exited{body.at("id").get<std::uint64_t>(), body.at("signal").get<int>(),
                      body.at("exit_code").get<int>()};
    }
    return tl::unexpected(not_understood(worker, line, "unknown kind"));
} catch (const nlohmann::json::exception& problem) {
    return tl::unexpected(not_understood(worker, line, problem.what()));
}

Result<ChildMessage> parse_child_message(std::string_view line, const std::string& cell,
                                         const std::string& token) try {
    const Json message = Json::parse(line, nullptr, false);
    if (!message.is_object() || message.value("token", "") != token) {
        return tl::unexpected(Error{
            cell, 0, fmt::format("a message came that the worker did not write: {:.200}", line),
            "case code must not write to descriptors that it did not open"});
    }
    if (message.contains("stage")) {
        const Json& body = message.at("stage");
        return StageBegins{body.at("cell").get<std::string>(), body.at("stage").get<std::string>()};
    }
    Result<record::Observation> observation =
        record::parse_observation(message.at("observation").dump(), cell, 0);
    if (!observation) return tl::unexpected(observation.error());
    observation->made_of = made_of(message);
    return std::move(*observation);
} catch (const nlohmann::json::exception& problem) {
    return tl::unexpected(not_understood(cell, line, problem.what()));
}

std::string run_message(std::uint64_t id, const std::string& token,
                        std::span<const Request> requests, const Asked& asked) {
    Json all = Json::array();
    for (const Request& request : requests) {
        const matrix::Cell& cell = request.cell;
        Json one{{"cell", cell.name()},
                 {"kind", matrix::to_string(cell.kind)},
                 {"mode", matrix::to_string(cell.mode)},
                 {"dims", matrix::to_string(cell.dims)},
                 {"pair", cell.pair},
                 {"case_directory", asked.case_directories.at(cell.case_name)},
                 {"case", Json::parse(asked.declarations.at(cell.case_name))},
                 {"seed", asked.seed},
                 {"check_budget_s", asked.check_budget_s},
                 {"consumer_budget_s", asked.consumer_budget_s}};
        if (!asked.consumer_command.empty()) one["consumer_command"] = asked.consumer_command;
        if (!asked.artefact_folder.empty()) one["artefact_folder"] = asked.artefact_folder;
        if (request.only_exports)
            one["checks"] = Json::array();
        else if (!asked.checks.empty())
            one["checks"] = asked.checks;
        if (!request.save_program.empty()) one["save_program"] = request.save_program.string();
        if (!request.load_program.empty()) {
            one["load_program"] = {{"file", request.load_program.string()},
                                   {"torch_build", asked.saved_by}};
        }
        all.push_back(std::move(one));
    }
    const Json body = {{"id", id},
                       {"token", token},
                       {"requests", std::move(all)},
                       {"memory_limit_bytes", asked.memory_limit_bytes}};
    return Json{{"run", body}}.dump();
}

}  // namespace exportgate::run
