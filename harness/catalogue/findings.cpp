#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalogue/catalogue.h"

namespace exportgate::catalogue {
namespace {

using outcome::Outcome;
using outcome::Status;

/// The value of "stage: export" in the lines above the message.
std::string field(const Outcome& outcome, std::string_view key) {
    for (const std::string_view line : split(outcome.text, '\n')) {
        if (line.starts_with(key)) return std::string(line.substr(key.size()));
        if (line == "message:") break;
    }
    return "";
}

std::vector<std::string> message_lines(const Outcome& outcome) {
    constexpr std::string_view heading = "\nmessage:\n";
    const auto begin = outcome.text.find(heading);
    if (begin == std::string::npos) return {};
    std::vector<std::string> lines;
    for (const std::string_view line :
         split(std::string_view(outcome.text).substr(begin + heading.size()), '\n')) {
        const auto text = line.find_first_not_of(' ');
        if (text == std::string_view::npos) continue;
        lines.emplace_back(line.starts_with("  ") ? line.substr(2) : line);
    }
    return lines;
}

std::string how_it_crashed(const Outcome& outcome) {
    const std::string signal = field(outcome, "signal: ");
    return signal.empty() ? "exit code " + field(outcome, "exit code: ") : signal;
}

std::vector<Finding> failing_checks(const Outcome& outcome) {
    std::vector<Finding> found;
    for (const auto& check : outcome.checks) {
        if (check.status != outcome::CheckStatus::fail) continue;
        if (check.reasons.empty()) found.push_back({Place::check, check.name, "", {"fails"}});
        for (const std::string& reason : check.reasons)
            found.push_back({Place::check, check.name, "", {reason}});
    }
    return found;
}

}  // namespace

std::string headline(const Finding& finding) {
    switch (finding.place) {
        case Place::rejected:
            return fmt::format("rejected in {}: {}", finding.where, finding.exception);
        case Place::crashed:
            return "crashed in " + finding.where;
        case Place::timeout:
            return "timeout in " + finding.where;
        case Place::check:
            return "check " + finding.where;
        case Place::unobserved:
            return "not observed";
    }
    return "";
}

std::vector<Finding> findings(const Outcome& outcome) {
    switch (outcome.status) {
        case Status::exported:
            return failing_checks(outcome);
        case Status::rejected:
            return {{Place::rejected, field(outcome, "stage: "), field(outcome, "exception: "),
                     message_lines(outcome)}};
        case Status::crashed:
            return {{Place::crashed, field(outcome, "stage: "), "", {how_it_crashed(outcome)}}};
        case Status::timeout:
            return {{Place::timeout, field(outcome, "stage: "), "", {}}};
    }
    return {};
}

Finding unobserved(const std::string& why) {
    return {Place::unobserved, "", "", {why}};
}

}  // namespace exportgate::catalogue
