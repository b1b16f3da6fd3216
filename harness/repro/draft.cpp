#include "repro/draft.h"

#include <nlohmann/json.hpp>

#include "environment/build.h"
#include "repro/package.h"
#include "repro/request.h"

namespace exportgate::repro {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

outcome::Draft draft_of(const json& answer) {
    outcome::Draft draft;
    answer.at("torch").get_to(draft.torch);
    answer.at("dynamic_shapes").get_to(draft.dynamic_shapes);
    for (const json& issue : answer.at("issues")) {
        draft.issues.push_back(
            {issue.at("kind").get<std::string>(), issue.at("what").get<std::string>(),
             issue.at("where").get<std::string>(), issue.at("code").get<std::string>()});
    }
    return draft;
}

Result<outcome::Draft> obstacle(const Error& error) {
    if (error.what == environment::interrupted_text) return tl::unexpected(error);
    outcome::Draft draft;
    draft.obstacle = error.what;
    draft.remedy = error.remedy;
    return draft;
}

}  // namespace

Result<outcome::Draft> ask_draft(Asked asked, const fs::path& python, const fs::path& scratch,
                                 std::chrono::seconds budget, environment::Commands& commands) {
    asked.draft = true;
    json request = request_of(asked);
    request["draft_in"] = (scratch / "draft.py").string();
    const environment::Question question{"asking draft_export",
                                         "asked draft_export",
                                         "`exportgate repro --draft` writes the script",
                                         {},
                                         budget};
    const Result<json> answer =
        environment::ask_python(package, question, request, python, scratch, commands);
    if (!answer) return obstacle(answer.error());
    try {
        return draft_of(*answer);
    } catch (const json::exception& problem) {
        return tl::unexpected(environment::not_understood(python, problem.what()));
    }
}

}  // namespace exportgate::repro
