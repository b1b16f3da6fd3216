// The files of the project that the outcomes of one case were made of. Every checkout of the
// project has them, so whoever accepts the outcomes can see whether one was edited since.
#pragma once

#include <string>
#include <string_view>

#include "record/made_of.h"
#include "record/record_file.h"

namespace exportgate::record {

struct CaseFiles {
    std::string folder;  // the digest of the case's folder; empty: not known
    Ingredients others;  // files below or beside the folder of the cases that its cells opened

    bool operator==(const CaseFiles&) const = default;
};

/// What `record` says of the cases of a folder. The folder is not known where it changed while
/// cells ran, or where the record does not say what its cells were made of.
CaseFiles files_of_case(const Record& record, std::string_view case_folder);

/// Adds what `more` has. False, and nothing is added, where the two are not of the same files.
bool add(CaseFiles& files, const CaseFiles& more);

}  // namespace exportgate::record
