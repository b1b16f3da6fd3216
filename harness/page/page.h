// One self-contained page about records: the verdict, cells x releases with the detail of each, and
// what changed from each release to the next. No network, no files beside it; it works from
// file://. All text of records is data in it, never markup.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "page/figures.h"
#include "verdict/history.h"
#include "verdict/upgrade.h"

namespace exportgate::page {

/// One record, judged against the goldens.
struct Run {
    verdict::Release release;  // its column, with what each of the selected cells came to
    std::string file;
    std::string made_by;
    verdict::Judged judged;
};

/// What a page is about. The spans must stay valid until the call returns.
struct Subject {
    std::span<const matrix::Case> cases;
    std::span<const matrix::Cell> cells;     // those that are shown, in matrix order
    std::vector<Run> runs;                   // oldest first
    std::vector<verdict::Upgrade> upgrades;  // from each run to the next; one less than runs
    std::vector<BenchmarkPart> benchmarks;   // tables and figures of measurements and sessions
    std::string made_by;                     // "exportgate 0.1.0"
    std::string against;  // a sentence: which goldens the runs were judged against
};

/// The verdict of the whole, in front of everything else.
struct Conclusion {
    int exit_code = 0;  // 0 good, 1 a verdict fails, 2 could not be judged
    std::string word;   // "PASSED", "FAILED", "COULD NOT BE JUDGED"; "SHOWN" where nothing is
                        // judged, since there are only measurements
    std::vector<std::pair<int, std::string>> parts;  // each with its exit code: "10 records, 1620
                                                     // cells: all as expected"

    std::string sentence() const;  // all of them
};

/// Upgrades do not count: what was accepted for each release may well be worse than before.
Conclusion conclude(const Subject& subject);

/// The page. `drawings` has the figures' SVG documents; of a figure without one the page says that
/// its chart was left away.
std::string html(const Subject& subject, const Drawings& drawings);

/// The same in GitHub's Markdown, with the figures as files beside it:
/// "kv_cache-flatten-plain.svg".
std::string markdown(const Subject& subject, const Drawings& drawings);

}  // namespace exportgate::page
