#include "environment/ask_python.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "environment/build.h"

namespace exportgate::environment {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// -c has the current folder first on Python's path, for a package that lies there. It is put back
/// after our own imports: a file that lies there may be called json.py.
std::string program_of(const PythonPackage& package) {
    return fmt::format(
        "import sys; here = [one for one in sys.path[:1] if one == '']; del sys.path[:len(here)]; "
        "sys.path.append(sys.argv[1]); from {} import main; sys.path[:0] = here; "
        "main.main(sys.argv[2:])",
        package.name);
}

Result<void> write_package(const PythonPackage& package, const fs::path& scratch) {
    for (const PythonModule& module : package.modules) {
        Result<void> written =
            write_file(scratch / package.name / module.file, std::string(module.text));
        if (!written) return written;
    }
    return {};
}

/// The process said nothing: what it printed last tells why.
Error ended_early(const Finished& finished, const Question& question, const fs::path& python) {
    std::string what = fmt::format("{} {} while it {}",
                                   finished.ending == Ending::timed_out ? "took" : "ended with",
                                   finished.how, question.doing);
    for (const std::string& line : lines_that_matter(finished.output))
        what += "\n  " + line;
    return {python.string(), 0, what, question.remedy};
}

Result<json> without_error(const std::string& text, const fs::path& python) {
    try {
        json answer = json::parse(text);
        if (const auto error = answer.find("error"); error != answer.end()) {
            return tl::unexpected(Error{"", 0, error->at("what").get<std::string>(),
                                        error->at("remedy").get<std::string>()});
        }
        return answer;
    } catch (const json::exception& problem) {
        return tl::unexpected(not_understood(python, problem.what()));
    }
}

}  // namespace

Error not_understood(const fs::path& python, std::string_view problem) {
    return {python.string(), 0, fmt::format("answered what cannot be read: {}", problem),
            "try again"};
}

Result<json> ask_python(const PythonPackage& package, const Question& question, const json& request,
                        const fs::path& python, const fs::path& scratch, Commands& commands) {
    if (Result<void> written = write_package(package, scratch); !written)
        return tl::unexpected(written.error());
    const fs::path asked = scratch / "request.json";
    const fs::path answer = scratch / "answer.json";
    const std::string text = request.dump(-1, ' ', false, json::error_handler_t::replace);
    if (Result<void> written = write_file(asked, text); !written)
        return tl::unexpected(written.error());
    std::error_code ignored;
    fs::remove(answer, ignored);  // of an earlier question
    std::vector<std::string> command{
        python.string(),  "-B",           "-c",           program_of(package),
        scratch.string(), asked.string(), answer.string()};
    command.insert(command.end(), question.arguments.begin(), question.arguments.end());
    const Result<Finished> finished = commands.run(question.step, command, question.budget);
    if (!finished) return tl::unexpected(finished.error());
    if (finished->ending == Ending::interrupted)
        return tl::unexpected(Error{"", 0, interrupted_text, ""});
    const Result<std::string> said_back = read_file(answer);
    if (finished->ending != Ending::good || !said_back)
        return tl::unexpected(ended_early(*finished, question, python));
    return without_error(*said_back, python);
}

}  // namespace exportgate::environment
