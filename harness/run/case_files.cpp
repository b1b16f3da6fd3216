#include "run/case_files.h"

#include <fmt/format.h>

#include "run/digest.h"
#include "run/ingredients.h"

namespace exportgate::run {

Result<std::string> what_was_edited(const matrix::Case& one, const record::CaseFiles& seen) {
    const std::string folder = matrix::folder_of(one.name);
    if (seen.folder.empty())
        return fmt::format(
            "case {} changed while its cells ran: nobody knows of which case they are", folder);
    const Result<bool> is_same = is_digest_of(one, seen.folder);
    if (!is_same) return tl::unexpected(is_same.error());
    if (!*is_same) {
        return fmt::format(
            "case {} was edited since its outcomes were observed: they are of another case",
            folder);
    }
    IngredientsNow now({&one, 1}, "");
    for (const record::Ingredient& other : seen.others) {
        if (now.is_same(other)) continue;
        if (other.kind == record::IngredientKind::unknown)
            return fmt::format("case {} used a file that changed: {}", folder, other.name);
        return fmt::format(
            "case {} used {}, which was edited since its outcomes were observed: they are of other "
            "code",
            folder, other.name);
    }
    return "";
}

}  // namespace exportgate::run
