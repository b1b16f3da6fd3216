// Error messages of torch and of cases in canonical form: all of their lines, without what differs
// from machine to machine and from run to run.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace exportgate::outcome {

/// The lines of `message` as neutral_line() leaves them, in torch's order and with torch's names of
/// symbols, without noise and without the frames under "Framework stack:", which torch 2.8.0 adds:
/// they are those of the machine's Python and of whoever called torch.
std::vector<std::string> telling_lines(std::string_view message);

/// telling_lines() in canonical form:
/// - symbols renamed by first appearance except for the names in `kept`;
/// - bullets ("  - You marked batch ...") that follow each other sorted, since torch collects them
///   in dicts and sets whose order is its own business; equal ones once, with their count, since
///   their number is the number of dims concerned;
/// - the fixes under "Suggested fixes:" and the names in "Constraints violated (...)!" sorted for
///   the same reason;
/// - no empty line at the ends, and never two in a row.
std::vector<std::string> canonical_message(std::string_view message,
                                           const std::set<std::string>& kept);

/// canonical_message as one line.
std::string canonical_reason(std::string_view reason, const std::set<std::string>& kept);

}  // namespace exportgate::outcome
