#include "edited.h"

#include "record/case_files.h"
#include "run/case_files.h"

namespace exportgate::cli {

Result<std::string> edited_since(const record::Record& record, const matrix::Case& declared) {
    if (!record.header.made_of) return "the record does not say of which files";
    const auto files = record::files_of_case(record, matrix::folder_of(declared.name));
    return run::what_was_edited(declared, files);
}

}  // namespace exportgate::cli
