#include "archive/compare_paths.h"

#include <set>

#include "archive/json_place.h"

namespace exportgate::archive {

Part compare_module_paths(const SavedModel& a, const SavedModel& b) {
    Part part{"paths of modules"};
    FirstMistake mistake;
    const auto of = [&](const SavedModel& model) {
        std::set<std::string> paths;
        const Place module = Place(model.document, "", mistake).at("graph_module");
        for (const Place& entry : module.at("module_call_graph").items())
            paths.insert(entry.at("fqn").text());
        return paths;
    };
    const std::set<std::string> first = of(a);
    const std::set<std::string> second = of(b);
    for (const std::string& path : first)
        if (!second.contains(path)) part.lines.push_back(path + ": only in a");
    for (const std::string& path : second)
        if (!first.contains(path)) part.lines.push_back(path + ": only in b");
    if (!part.lines.empty()) part.found = Found::file_only;
    if (!mistake.none()) {
        part.found = Found::unreadable;
        part.lines.push_back(mistake.what());
    }
    return part;
}

}  // namespace exportgate::archive
