// The facts of a program that its print does not say, as text: how its inputs lie in memory, the
// values of its constant inputs, what it carries, which calls keep their signature, and its guards.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "matrix/case.h"
#include "outcome/outcome.h"
#include "record/facts.h"

namespace exportgate::outcome {

/// "\nfacts 1\n", then a section for each kind of fact that was observed ("  layout\n") with its
/// lines, or "    none"; "" where nothing was. Inputs are called as the case calls its leaves,
/// symbols as `program` does. Guards that follow from the shapes and ranges of the program are left
/// out: these are compared anyway. Left out, too: values of parameters and buffers, which need not
/// be the same in two runs, and schemas. Error: they are not those of `program`.
Result<std::string> facts_text(const record::Facts& facts, const graph::Canonical& program,
                               const matrix::Case& asked, const std::string& file);

/// What the text says: revision, and lines by section.
struct FactsRead {
    int revision = 0;  // 0: nothing was observed
    std::map<std::string, std::vector<std::string>> sections;
};
FactsRead read_facts(std::string_view text);

/// What a golden file of the outcome holds: its text, and its facts behind it.
std::string stored_text(const Outcome& outcome);

/// Takes the two apart again.
void set_stored_text(Outcome& outcome, std::string stored);

}  // namespace exportgate::outcome
