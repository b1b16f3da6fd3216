#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "base/printable.h"
#include "base/text.h"
#include "report/junit_words.h"
#include "report/mismatch.h"
#include "report/reason_words.h"
#include "report/report.h"

namespace exportgate::report {
namespace {

using verdict::Judged;
using verdict::Judgement;

constexpr std::string_view suite_of_the_whole = "exportgate";

/// A <testsuite> and what it has to count.
struct Suite {
    pugi::xml_node node;
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
    double seconds = 0;
};

void set(pugi::xml_node node, const char* name, std::string_view value) {
    node.append_attribute(name).set_value(printable(value).c_str());
}

std::string seconds_text(double seconds) {
    return fmt::format("{:.3f}", seconds);
}

pugi::xml_node add_testcase(Suite& suite, std::string_view class_name, std::string_view name,
                            double seconds) {
    auto node = suite.node.append_child("testcase");
    set(node, "classname", class_name);
    set(node, "name", name);
    set(node, "time", seconds_text(seconds));
    ++suite.tests;
    suite.seconds += seconds;
    return node;
}

void add_fault(pugi::xml_node testcase, const char* element, std::string_view type,
               std::string_view message, std::string_view text) {
    auto node = testcase.append_child(element);
    set(node, "type", type);
    set(node, "message", message);
    node.append_child(pugi::node_pcdata).set_value(printable(text).c_str());
}

void add_cell(Suite& suite, const Judgement& judgement, const JunitCell& said) {
    auto node = add_testcase(suite, judgement.cell.folder(), judgement.cell.name_in_folder(),
                             judgement.seconds);
    if (!judgement.taken_from.empty()) {
        auto property = node.append_child("properties").append_child("property");
        set(property, "name", "taken_from");
        set(property, "value", judgement.taken_from);
    }
    if (judgement.waiver) {
        // Neither a failure nor plain green: CI systems list what was skipped, with its message.
        auto skipped = node.append_child("skipped");
        set(skipped, "message", waiver_line(judgement));
        skipped.append_child(pugi::node_pcdata)
            .set_value(printable(join(words_of(judgement.reasons), "\n")).c_str());
        ++suite.skipped;
        return;
    }
    if (said.result == JunitCell::Result::pass) return;
    const bool is_error = said.result == JunitCell::Result::error;
    (is_error ? suite.errors : suite.failures) += 1;
    const auto& reasons = judgement.reasons;
    add_fault(node, is_error ? "error" : "failure", said.type,
              reasons.empty() ? said.type : words_of(reasons.front()), said.text);
}

void add_errors(Suite& suite, const Errors& errors, const char* element, std::string_view type) {
    for (const auto& error : errors) {
        const auto text = to_string(error);
        // Names must differ, so that a CI system does not take two for one.
        auto node = add_testcase(suite, suite_of_the_whole,
                                 fmt::format("{} {}: {}", type, suite.tests + 1, error.file), 0);
        add_fault(node, element, type, error.what, text);
        (std::string_view(element) == "error" ? suite.errors : suite.failures) += 1;
    }
}

void set_counts(pugi::xml_node node, const Suite& counts) {
    set(node, "tests", std::to_string(counts.tests));
    set(node, "failures", std::to_string(counts.failures));
    set(node, "errors", std::to_string(counts.errors));
    set(node, "skipped", std::to_string(counts.skipped));
    set(node, "time", seconds_text(counts.seconds));
}

void add_properties(Suite& suite, const record::Environment& environment) {
    auto properties = suite.node.append_child("properties");
    const auto add = [&](std::string_view name, std::string_view value) {
        auto node = properties.append_child("property");
        set(node, "name", name);
        set(node, "value", value);
    };
    add("environment", environment.name);
    add("torch", environment.torch_build.empty() ? environment.torch : environment.torch_build);
    add("python", environment.python);
    add("platform", environment.platform);
}

}  // namespace

std::string junit(const Judged& judged, const JunitWords& words) {
    pugi::xml_document document;
    auto declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    Suite whole{document.append_child("testsuites")};
    set(whole.node, "name", suite_of_the_whole);

    std::vector<Suite> suites;
    std::map<std::string, std::size_t> places;
    const auto suite_named = [&](const std::string& name) -> Suite& {
        const auto [place, is_new] = places.emplace(name, suites.size());
        if (is_new) {
            suites.push_back({whole.node.append_child("testsuite")});
            set(suites.back().node, "name", name);
            add_properties(suites.back(), judged.environment);
        }
        return suites[place->second];
    };
    for (const auto& judgement : judged.judgements)
        add_cell(suite_named(judgement.cell.folder()), judgement, words(judgement));
    if (!judged.problems.empty() || !judged.failures.empty()) {
        // A case may be called exportgate too: its name has no brackets.
        auto& suite = suite_named(fmt::format("({})", suite_of_the_whole));
        add_errors(suite, judged.problems, "error", "problem");
        add_errors(suite, judged.failures, "failure", "failure");
    }
    for (auto& suite : suites) {
        set_counts(suite.node, suite);
        whole.tests += suite.tests;
        whole.failures += suite.failures;
        whole.errors += suite.errors;
        whole.skipped += suite.skipped;
        whole.seconds += suite.seconds;
    }
    set_counts(whole.node, whole);
    std::ostringstream text;
    document.save(text, "  ");
    return text.str();
}

std::string junit(const Judged& judged) {
    return junit(judged, [](const Judgement& judgement) {
        const auto& info = verdict::info(judgement.verdict);
        const auto result = info.cannot_judge ? JunitCell::Result::error
                            : info.fails      ? JunitCell::Result::failure
                                              : JunitCell::Result::pass;
        const bool passes = result == JunitCell::Result::pass;
        return JunitCell{result, std::string(info.label), passes ? "" : paragraph(judgement, {})};
    });
}

}  // namespace exportgate::report
