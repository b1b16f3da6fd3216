#include <fmt/format.h>

#include <algorithm>

#include "catalogue/catalogue.h"
#include "outcome/parts.h"

namespace exportgate::catalogue {
namespace {

using outcome::Outcome;

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

struct Find {
    const Outcome& outcome;

    std::vector<Finding> operator()(const outcome::Program&) const {
        return failing_checks(outcome);
    }
    std::vector<Finding> operator()(outcome::Refusal refusal) const {
        std::erase_if(refusal.message, [](const std::string& line) {
            return line.find_first_not_of(' ') == std::string::npos;
        });
        return {{Place::rejected, refusal.stage, refusal.exception, std::move(refusal.message)}};
    }
    std::vector<Finding> operator()(const outcome::Crash& crash) const {
        return {{Place::crashed, crash.stage, "", {crash.how}}};
    }
    std::vector<Finding> operator()(const outcome::Timeout& timeout) const {
        return {{Place::timeout, timeout.stage, "", {}}};
    }
};

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
    return std::visit(Find{outcome}, outcome::parts_of(outcome));
}

Finding unobserved(const std::string& why) {
    return {Place::unobserved, "", "", {why}};
}

}  // namespace exportgate::catalogue
