#include "probe/probe.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "environment/build.h"
#include "probe/package.h"

namespace exportgate::probe {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// -c has the current folder on Python's path, as `python -m` has.
constexpr const char* program =
    "import sys; sys.path.append(sys.argv[1]); from exportgate_probe import main; "
    "main.main(sys.argv[2:])";

Result<void> write_package(const fs::path& scratch) {
    const std::array<std::pair<const char*, std::string_view>, 9> files{
        {{"__init__.py", init_py},
         {"case_text.py", case_text_py},
         {"leaves.py", leaves_py},
         {"main.py", main_py},
         {"problem.py", problem_py},
         {"recipe.py", recipe_py},
         {"registration.py", registration_py},
         {"sizes.py", sizes_py},
         {"tree.py", tree_py}}};
    for (const auto& [name, text] : files) {
        Result<void> written = write_file(scratch / "exportgate_probe" / name, std::string(text));
        if (!written) return written;
    }
    return {};
}

/// The process said nothing: what it printed last tells why.
Error ended_early(const environment::Finished& finished, const Asked& asked,
                  const fs::path& python) {
    std::string what = fmt::format("ended with {} while it made a {}", finished.how,
                                   asked.class_path.substr(asked.class_path.find(':') + 1));
    for (const std::string& line : environment::lines_that_matter(finished.output))
        what += "\n  " + line;
    return {python.string(), 0, what, "see that importing and making it neither exits nor crashes"};
}

Result<Found> understood(const std::string& text, const fs::path& python) {
    try {
        const json answer = json::parse(text);
        if (const auto error = answer.find("error"); error != answer.end()) {
            return tl::unexpected(Error{"", 0, error->at("what").get<std::string>(),
                                        error->at("remedy").get<std::string>()});
        }
        return Found{answer.at("assumed").get<std::vector<std::string>>(),
                     answer.at("registration").get<std::string>(),
                     answer.at("in_current_folder").get<bool>()};
    } catch (const json::exception& problem) {
        return tl::unexpected(Error{python.string(), 0,
                                    fmt::format("answered what cannot be read: {}", problem.what()),
                                    "try again"});
    }
}

}  // namespace

Result<Found> make_case(const Asked& asked, const fs::path& python, const fs::path& folder,
                        const fs::path& scratch, environment::Commands& commands) {
    if (Result<void> written = write_package(scratch); !written)
        return tl::unexpected(written.error());
    const fs::path request = scratch / "request.json";
    const fs::path answer = scratch / "answer.json";
    const json said{{"class", asked.class_path}, {"make", asked.make}, {"fill", asked.fills}};
    const std::string text = said.dump(-1, ' ', false, json::error_handler_t::replace);
    if (Result<void> written = write_file(request, text); !written)
        return tl::unexpected(written.error());
    const Result<environment::Finished> finished = commands.run(
        "looking at " + asked.class_path, {python.string(), "-B", "-c", program, scratch.string(),
                                           request.string(), answer.string(), folder.string()});
    if (!finished) return tl::unexpected(finished.error());
    if (finished->ending == environment::Ending::interrupted)
        return tl::unexpected(Error{"", 0, environment::interrupted_text, ""});
    const Result<std::string> said_back = read_file(answer);
    if (finished->ending != environment::Ending::good || !said_back)
        return tl::unexpected(ended_early(*finished, asked, python));
    return understood(*said_back, python);
}

}  // namespace exportgate::probe
