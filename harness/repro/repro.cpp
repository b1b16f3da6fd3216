#include "repro/repro.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/text.h"
#include "environment/build.h"
#include "record/record_file.h"
#include "repro/package.h"
#include "repro/request.h"
#include "repro/same_error.h"

namespace exportgate::repro {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Script script_of(const json& answer, const Asked& asked) {
    return {answer.at("script").get<std::string>(),
            answer.at("export_begins").get<int>(),
            answer.at("export_ends").get<int>(),
            answer.at("check").get<std::string>(),
            answer.at("raises").get<std::string>(),
            asked.rejected ? first_line(asked.rejected->message) : "",
            !asked.dies.empty()};
}

/// The line of the script itself at which it was when it failed; 0 where no traceback says so. That
/// is one of the module, or of the function which the module calls. The last traceback counts: it
/// is that of what was raised, after those of its causes.
int failing_line(const std::string& output, const fs::path& file) {
    const std::string place = fmt::format("  File \"{}\", line ", file.string());
    int found = 0;
    bool is_called_by_module = false;
    for (const std::string_view line : split(output, '\n')) {
        if (!line.starts_with("  File \"")) continue;
        const bool is_of_script = line.starts_with(place);
        const bool is_module = is_of_script && line.ends_with(", in <module>");
        if (is_of_script && (is_module || is_called_by_module)) {
            const std::string_view number = line.substr(place.size());
            std::from_chars(number.data(), number.data() + number.size(), found);
        }
        is_called_by_module = is_module;
    }
    return found;
}

/// What was raised: the first line behind the last traceback that is not indented.
std::string raised(const std::string& output) {
    std::string found;
    bool in_traceback = false;
    for (const std::string_view line : split(output, '\n')) {
        if (line.starts_with("Traceback (most recent call last)")) {
            in_traceback = true;
        } else if (in_traceback && !line.empty() && line.front() != ' ') {
            found = std::string(line);
            in_traceback = false;
        }
    }
    return found;
}

std::string printed_torch(const std::string& output) {
    for (const std::string_view line : split(output, '\n')) {
        if (line.starts_with("torch ")) return std::string(line.substr(6));
    }
    return "";
}

/// What draft_export said: all behind the line that announces it (script.py).
std::string printed_report(const std::string& output) {
    constexpr std::string_view announced = "\ndraft_export says\n";
    const std::size_t at = output.find(announced);
    return at == std::string::npos ? "" : output.substr(at + announced.size());
}

Shown shown_by(const Script& script, int line, const Ran& ran) {
    if (line < script.export_begins) return Shown::fails_before;
    if (line > script.export_ends)
        return script.export_raises.empty() ? Shown::fails : Shown::fails_otherwise;
    const bool is_same = is_same_error(ran.error, script.export_raises, script.message);
    return is_same ? Shown::fails : Shown::fails_otherwise;
}

}  // namespace

Result<Script> write_script(const Asked& asked, const fs::path& python, const fs::path& scratch,
                            environment::Commands& commands) {
    const environment::Question question{"writing the script",
                                         "wrote the script",
                                         "`exportgate show` says what the cell came to",
                                         {}};
    const Result<json> answer =
        environment::ask_python(package, question, request_of(asked), python, scratch, commands);
    if (!answer) return tl::unexpected(answer.error());
    try {
        return script_of(*answer, asked);
    } catch (const json::exception& problem) {
        return tl::unexpected(environment::not_understood(python, problem.what()));
    }
}

Result<Ran> run_script(const Script& script, const fs::path& file, const fs::path& python,
                       std::chrono::seconds budget, environment::Commands& commands) {
    const Result<environment::Finished> finished = commands.run(
        "running the script", {python.string(), "-B", "-W", "ignore", file.string()}, budget);
    if (!finished) return tl::unexpected(finished.error());
    if (finished->ending == environment::Ending::interrupted)
        return tl::unexpected(Error{"", 0, environment::interrupted_text, ""});
    Ran ran{Shown::passes, printed_torch(finished->output), "", printed_report(finished->output)};
    if (finished->ending == environment::Ending::good) return ran;
    if (finished->ending == environment::Ending::timed_out) {
        ran.shown = Shown::does_not_end;
        ran.error = finished->how;
        return ran;
    }
    ran.error = raised(finished->output);
    if (!ran.error.empty()) {
        ran.shown = shown_by(script, failing_line(finished->output, file), ran);
    } else {  // the process died: that is what is shown where the cell's did
        ran.error = finished->how;
        ran.shown = script.dies         ? Shown::fails
                    : ran.torch.empty() ? Shown::fails_before
                                        : Shown::fails_otherwise;
    }
    return ran;
}

}  // namespace exportgate::repro
