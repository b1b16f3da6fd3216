#include "repro/repro.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "environment/build.h"
#include "record/record_file.h"
#include "repro/package.h"

namespace exportgate::repro {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* program =
    "import sys; sys.path.insert(0, sys.argv[1]); from exportgate_repro import main; "
    "main.main(sys.argv[2:])";

Result<void> write_package(const fs::path& scratch) {
    const std::array<std::pair<const char*, std::string_view>, 9> files{
        {{"__init__.py", init_py},
         {"checks_text.py", checks_text_py},
         {"leaves_text.py", leaves_text_py},
         {"linear.py", linear_py},
         {"main.py", main_py},
         {"problem.py", problem_py},
         {"script.py", script_py},
         {"shapes_text.py", shapes_text_py},
         {"sources.py", sources_py}}};
    for (const auto& [name, text] : files) {
        Result<void> written = write_file(scratch / "exportgate_repro" / name, std::string(text));
        if (!written) return written;
    }
    return {};
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

json request_of(const Asked& asked) {
    json failing = json::object();
    for (const outcome::CheckResult& check : asked.failing)
        failing[check.name] = check.reasons;
    const auto& cell = asked.cell;
    return {{"name", cell.name()},
            {"torch", asked.torch},
            {"case", json::parse(record::to_json(*asked.declared))},
            {"directory", fs::absolute(asked.declared->directory).string()},
            {"cell",
             {{"kind", matrix::to_string(cell.kind)},
              {"mode", matrix::to_string(cell.mode)},
              {"dims", matrix::to_string(cell.dims)},
              {"pair", cell.pair}}},
            {"ends_in_export", asked.rejected ? fmt::format("{}: {}", asked.rejected->exception,
                                                            first_line(asked.rejected->message))
                                              : asked.dies},
            {"failing", failing}};
}

Error said_nothing(const environment::Finished& finished, const fs::path& python) {
    std::string what = fmt::format("ended with {} while it wrote the script", finished.how);
    for (const std::string& line : environment::lines_that_matter(finished.output))
        what += "\n  " + line;
    return {python.string(), 0, what, "`exportgate show` says what the cell came to"};
}

Result<Script> understood(const std::string& text, const Asked& asked, const fs::path& python) {
    try {
        const json answer = json::parse(text);
        if (const auto error = answer.find("error"); error != answer.end()) {
            return tl::unexpected(Error{"", 0, error->at("what").get<std::string>(),
                                        error->at("remedy").get<std::string>()});
        }
        return Script{answer.at("script").get<std::string>(),
                      answer.at("export_begins").get<int>(),
                      answer.at("export_ends").get<int>(),
                      answer.at("check").get<std::string>(),
                      asked.rejected ? asked.rejected->exception : "",
                      !asked.dies.empty()};
    } catch (const json::exception& problem) {
        return tl::unexpected(Error{python.string(), 0,
                                    fmt::format("answered what cannot be read: {}", problem.what()),
                                    "try again"});
    }
}

/// The line of the script itself at which it was when it failed; 0 where no traceback says so. The
/// last traceback counts: it is that of what was raised, after those of its causes.
int failing_line(const std::string& output, const fs::path& file) {
    const std::string place = fmt::format("File \"{}\", line ", file.string());
    int found = 0;
    for (const std::string_view line : split(output, '\n')) {
        const std::size_t at = line.find(place);
        if (at == std::string_view::npos || !line.ends_with(", in <module>")) continue;
        const std::string_view number = line.substr(at + place.size());
        std::from_chars(number.data(), number.data() + number.size(), found);
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

/// Whether `error`, as Python prints it, is of the class `exception`, as a record names it.
bool is_of_class(const std::string& error, const std::string& exception) {
    return error == exception || error.starts_with(exception + ":");
}

Shown shown_by(const Script& script, int line, const Ran& ran) {
    if (line < script.export_begins) return Shown::fails_before;
    if (line > script.export_ends)
        return script.export_raises.empty() ? Shown::fails : Shown::fails_otherwise;
    return is_of_class(ran.error, script.export_raises) ? Shown::fails : Shown::fails_otherwise;
}

}  // namespace

Result<Script> write_script(const Asked& asked, const fs::path& python, const fs::path& scratch,
                            environment::Commands& commands) {
    if (Result<void> written = write_package(scratch); !written)
        return tl::unexpected(written.error());
    const fs::path request = scratch / "request.json";
    const fs::path answer = scratch / "answer.json";
    const std::string text = request_of(asked).dump(-1, ' ', false, json::error_handler_t::replace);
    if (Result<void> written = write_file(request, text); !written)
        return tl::unexpected(written.error());
    const Result<environment::Finished> finished =
        commands.run("writing the script", {python.string(), "-B", "-c", program, scratch.string(),
                                            request.string(), answer.string()});
    if (!finished) return tl::unexpected(finished.error());
    if (finished->ending == environment::Ending::interrupted)
        return tl::unexpected(Error{"", 0, environment::interrupted_text, ""});
    const Result<std::string> said_back = read_file(answer);
    if (finished->ending != environment::Ending::good || !said_back)
        return tl::unexpected(said_nothing(*finished, python));
    return understood(*said_back, asked, python);
}

Result<Ran> run_script(const Script& script, const fs::path& file, const fs::path& python,
                       environment::Commands& commands) {
    const Result<environment::Finished> finished =
        commands.run("running the script", {python.string(), "-B", "-W", "ignore", file.string()});
    if (!finished) return tl::unexpected(finished.error());
    if (finished->ending == environment::Ending::interrupted)
        return tl::unexpected(Error{"", 0, environment::interrupted_text, ""});
    Ran ran{Shown::passes, printed_torch(finished->output), ""};
    if (finished->ending == environment::Ending::good) return ran;
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
