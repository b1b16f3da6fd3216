#include "record/case_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "matrix/parameters.h"
#include "record/place_words.h"

namespace exportgate::record {
namespace {

/// What lies in the folder of the case is in its digest.
bool is_of_the_project(const Ingredient& one, const std::string& folder) {
    const bool counts = one.kind == IngredientKind::file || one.kind == IngredientKind::unknown;
    return counts && one.name.starts_with(std::string(cases_word) + "/") &&
           !one.name.starts_with(folder);
}

void sort_once(Ingredients& parts) {
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
}

}  // namespace

CaseFiles files_of_case(const Record& record, std::string_view case_folder) {
    CaseFiles files;
    if (!record.header.made_of) return files;
    const auto& digests = record.header.made_of->cases;
    const auto digest = digests.find(std::string(case_folder));
    if (digest != digests.end()) files.folder = digest->second;
    const std::string folder = fmt::format("{}/{}/", cases_word, case_folder);
    for (const Observation& observation : record.observations) {
        const std::string case_name = observation.cell.substr(0, observation.cell.find('/'));
        if (matrix::folder_of(case_name) != case_folder || !observation.made_of) continue;
        std::copy_if(observation.made_of->begin(), observation.made_of->end(),
                     std::back_inserter(files.others),
                     [&](const Ingredient& one) { return is_of_the_project(one, folder); });
    }
    sort_once(files.others);
    return files;
}

bool add(CaseFiles& files, const CaseFiles& more) {
    if (files.folder != more.folder) return false;
    for (const Ingredient& one : more.others) {
        for (const Ingredient& other : files.others) {
            if (one.name == other.name && one != other) return false;
        }
    }
    files.others.insert(files.others.end(), more.others.begin(), more.others.end());
    sort_once(files.others);
    return true;
}

}  // namespace exportgate::record
