// "Why was my cell rejected": the reasons met so far, each with what it looks like, its cause, the
// releases that show it, and what to do about it. Read from entries/*.toml, which are compiled in:
// `exportgate explain`, its page docs/rejected.md and the hint of `run` say the same.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/torch_range.h"
#include "matrix/cell.h"
#include "outcome/outcome.h"

namespace exportgate::catalogue {

/// What of a cell is to be explained.
enum class Place { rejected, crashed, timeout, check, unobserved };

/// One thing about a cell that is not as one would wish it.
struct Finding {
    Place place{};
    std::string where;               // the stage, or the check; "" of unobserved
    std::string exception;           // of rejected: the class, qualified
    std::vector<std::string> lines;  // rejected: of the message in canonical form; check: one
                                     // reason; crashed: how; unobserved: why

    bool operator==(const Finding&) const = default;
};

/// "rejected in export: torch._dynamo.exc.UserError", "check run".
std::string headline(const Finding& finding);

/// A rejection, a crash or a timeout is one; of an exported program each reason of each failing
/// check is one, except for notes on what is no failure. Empty where all checks pass.
std::vector<Finding> findings(const outcome::Outcome& outcome);

/// Of a cell of which there is no outcome: why there is none.
Finding unobserved(const std::string& why);

/// What a finding has to be for an entry to explain it: all that is given here.
struct Pattern {
    Place place{};
    std::string where;                 // a stage or a check; "" is any stage
    std::string exception;             // glob; "" is any
    std::vector<std::string> lines;    // globs, each of which matches a whole line, or its part
                                       // behind the blanks it begins with
    std::vector<std::string> without;  // globs, none of which matches a line
    std::vector<matrix::Kind> kinds;   // one of them; empty is any, as below
    std::vector<matrix::Mode> modes;
    std::vector<matrix::DimsStyle> dims;
    std::optional<TorchRange> torch;
    std::vector<Pattern> with;  // each of which another finding of the cell has to match
};

struct Entry {
    std::string id;     // "len-of-tensor"
    std::string title;  // a sentence without its full stop
    std::vector<Pattern> patterns;
    std::string cause;     // Markdown, one paragraph, as below
    std::string releases;  // in which the cases of exportgate show it, and since when not
    std::string fix;
    std::string tried;  // the release with which the fix mended the cases of tests/remedies; empty:
                        // it was not tried
    std::vector<std::string> links;     // upstream issues and pull requests
    std::vector<std::string> recorded;  // the first and the last recorded release in which a case
                                        // shows it; empty where only a planted defect does
};

/// What belongs together on the page.
struct Section {
    std::string title;
    std::string intro;
    std::vector<Entry> entries;
};

/// The order is the order in which entries are tried: what is special before what is general.
struct Catalogue {
    std::vector<Section> sections;

    const Entry* find(std::string_view id) const;
    std::vector<std::string> ids() const;
};

/// Reads one file of entries. Errors: all mistakes, each with its line.
Results<Section> parse_section(std::string_view text, const std::string& file);

/// The entries that are compiled in.
const Catalogue& shipped();

/// Where a finding was seen: some causes are those of one kind, mode or release.
struct Seen {
    matrix::Cell cell;
    TorchVersion torch;
    std::vector<Finding> findings;  // all of the cell
};

/// Where `pattern` matches: the line of `finding` that its first glob matches (the first line,
/// where it has none). nullptr: it does not match.
const std::string* match(const Pattern& pattern, const Finding& finding, const Seen& seen);

/// An entry that explains a finding, and the line by which it was recognised.
struct Explanation {
    const Entry* entry = nullptr;
    std::string line;
};

/// All entries that match, the most special first; `catalogue` must outlive what is returned.
std::vector<Explanation> explanations(const Catalogue& catalogue, const Finding& finding,
                                      const Seen& seen);

}  // namespace exportgate::catalogue
