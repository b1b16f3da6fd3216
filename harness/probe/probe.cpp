#include "probe/probe.h"

#include <nlohmann/json.hpp>

#include "probe/package.h"

namespace exportgate::probe {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

environment::Question question_of(const Asked& asked, const fs::path& folder) {
    const std::string name = asked.class_path.substr(asked.class_path.find(':') + 1);
    return {"looking at " + asked.class_path,
            "made a " + name,
            "see that importing and making it neither exits nor crashes",
            {folder.string()}};
}

}  // namespace

Result<Found> make_case(const Asked& asked, const fs::path& python, const fs::path& folder,
                        const fs::path& scratch, environment::Commands& commands) {
    const json request{{"class", asked.class_path}, {"make", asked.make}, {"fill", asked.fills}};
    const Result<json> answer = environment::ask_python(package, question_of(asked, folder),
                                                        request, python, scratch, commands);
    if (!answer) return tl::unexpected(answer.error());
    try {
        return Found{answer->at("assumed").get<std::vector<std::string>>(),
                     answer->at("registration").get<std::string>(),
                     answer->at("in_current_folder").get<bool>()};
    } catch (const json::exception& problem) {
        return tl::unexpected(environment::not_understood(python, problem.what()));
    }
}

}  // namespace exportgate::probe
