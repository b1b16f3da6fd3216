// The text files beside expected.tsv and pending.tsv: an outcome's canonical text, and that of its
// decomposed program, shared by all rows with that text. The name carries the digest of the text,
// so equal texts share a file and an edit by hand is seen.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/error.h"
#include "outcome/outcome.h"

namespace exportgate::golden {

/// "exported-0123456789.txt": status, and the first ten digits of the digest of the outcome's text.
std::string outcome_file_name(const outcome::Outcome& outcome);

/// "decomposed-0123456789.txt", by the digest of outcome.decomposed; "" where that is empty.
std::string decomposed_file_name(const outcome::Outcome& outcome);

/// The status that a well-formed name begins with. Error (what only): not such a name.
Result<outcome::Status> status_of_file(std::string_view name);

/// Error (what only): not the name of the text of a decomposed program.
Result<void> check_decomposed_name(std::string_view name);

/// Whether `name` is that of a text file of either kind.
bool is_text_file(std::string_view name);

struct OutcomeFile {
    std::string replaces;  // the file that this one took the place of, for the reviewer's diff;
                           // mostly empty
    std::string text;      // outcome.text or outcome.decomposed, exactly
};

/// The texts of an outcome by the names of their files.
std::map<std::string, std::string> texts_of(const outcome::Outcome& outcome);

/// The bytes: a line "# replaces <file>" where there is one, then the text. The line is not part of
/// the digest.
std::string print_outcome_file(const OutcomeFile& file);

/// Errors: missing, empty, not UTF-8, CRLF, of another canonical format, or edited by hand: the
/// digest is not that of the name.
Results<OutcomeFile> read_outcome_file(const std::filesystem::path& path,
                                       const std::string& case_name);

/// What is to be written into a folder: name -> content. On an error, files and folders that this
/// call made are removed again. A file that is there already with the same text stays as it is.
/// `made` gets the paths that were created, newest last.
Result<void> write_outcome_files(const std::filesystem::path& directory,
                                 const std::map<std::string, OutcomeFile>& files,
                                 std::vector<std::filesystem::path>& made);

/// Removes what write_outcome_files made.
void remove_made(const std::vector<std::filesystem::path>& made);

/// Removes every text file of `directory` whose name is not in `used`; the first failure.
Result<void> remove_unused(const std::filesystem::path& directory,
                           const std::set<std::string>& used);

}  // namespace exportgate::golden
