#include "run/messages.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace exportgate::run {
namespace {

using testing::HasSubstr;

// As the worker of torch 2.13.0 sent it.
const std::string hello =
    R"({"hello": {"protocol": 3, "pid": 4711, "environment": {"torch": "2.13.0", "torch_build": "2.13.0+cpu",)"
    R"( "python": "3.11.2", "platform": "linux-x86_64", "cxx11_abi": 1, "packages": {"torch": "2.13.0+cpu"}},)"
    R"( "folders": {"environment": ["/venv"], "python": ["/usr/lib/python3.11"], "worker": ["/w"]},)"
    R"( "checks": {"run": 2, "constants": 1}, "timings_s": {"import": 1.1}}})";

TEST(ControlMessage, HelloCarriesTheEnvironment) {
    const Result<ControlMessage> message = parse_control_message(hello, "worker");
    ASSERT_TRUE(message) << to_string(message.error());
    const auto& greeted = std::get<Hello>(*message);
    EXPECT_EQ(greeted.environment.torch, "2.13.0");
    EXPECT_EQ(greeted.environment.torch_build, "2.13.0+cpu");
    EXPECT_EQ(greeted.timings_s.at("import"), 1.1);
    EXPECT_EQ(greeted.checks, (record::Revisions{{"constants", 1}, {"run", 2}}));
    EXPECT_EQ(greeted.folders.at("environment"), std::vector<std::string>{"/venv"});
}

TEST(ControlMessage, HelloSaysWherePythonLooksForModules) {
    std::string told = hello;
    told.insert(told.find(" \"checks\""), R"( "python_path": ["/a", "/b"],)");
    const Result<ControlMessage> message = parse_control_message(told, "worker");
    ASSERT_TRUE(message) << to_string(message.error());
    EXPECT_EQ(std::get<Hello>(*message).python_path, (std::vector<std::string>{"/a", "/b"}));
}

TEST(ChildMessageTest, AnObservationSaysWhatItWasMadeOf) {
    const std::string observation =
        R"("observation": {"cell": "a/plain/strict/named/p", "unobserved": {"reason": "r"}})";
    const auto parsed = [&](const std::string& made_of) {
        return parse_child_message("{" + observation + made_of + "}", "a/plain/strict/named/p", "");
    };
    const auto message = parsed(
        R"(, "made_of": {"files": ["/f"], "modules": [], "names": [], "variables": ["V"], "unknown": []})");
    ASSERT_TRUE(message) << to_string(message.error());
    EXPECT_EQ(std::get<record::Observation>(*message).made_of,
              (record::Ingredients{{record::IngredientKind::file, "/f", ""},
                                   {record::IngredientKind::variable, "V", ""}}));
    EXPECT_FALSE(std::get<record::Observation>(parsed("").value()).made_of);
    EXPECT_FALSE(parsed(R"(, "made_of": {"files": ["/f"]})"));
}

TEST(ControlMessage, AWorkerThatDoesNotSayWhereItsFoldersAreIsToBeBuiltAgain) {
    std::string older = hello;
    const std::size_t begin = older.find(" \"folders\"");
    older.erase(begin, older.find(" \"timings_s\"") - begin);
    const Result<ControlMessage> message = parse_control_message(older, "worker");
    ASSERT_FALSE(message);
    EXPECT_THAT(to_string(message.error()),
                HasSubstr("build the worker again: `exportgate env update NAME`"));
    for (const char* key : {"environment\": [", "python", "worker\": ["}) {
        std::string other = hello;
        other.replace(other.find(key, begin), 1, "x");
        EXPECT_FALSE(parse_control_message(other, "worker")) << key;
    }
}

TEST(ControlMessage, AWorkerWhoseChecksAreNotKnownIsRefused) {
    for (const char* checks : {"{\"dims\": 1}", "{\"new\": 1}", "{\"run\": 0}", "[\"run\"]"}) {
        std::string other = hello;
        const std::string usual = "{\"run\": 2, \"constants\": 1}";
        other.replace(other.find(usual), usual.size(), checks);
        EXPECT_FALSE(parse_control_message(other, "worker")) << checks;
    }
}

TEST(ControlMessage, AnotherProtocolVersionIsRefusedWithBothVersions) {
    std::string other = hello;
    other.replace(other.find("\"protocol\": 3"), 13, "\"protocol\": 1");
    const Result<ControlMessage> message = parse_control_message(other, "worker");
    ASSERT_FALSE(message);
    EXPECT_THAT(to_string(message.error()),
                HasSubstr("speaks protocol version 1, this exportgate speaks version 3"));
    EXPECT_THAT(to_string(message.error()), HasSubstr("ci/conform"));
}

TEST(ControlMessage, ReadyNamesAModeThatExists) {
    const Result<ControlMessage> strict =
        parse_control_message(R"({"ready": {"mode": "strict", "timings_s": {}}})", "worker");
    ASSERT_TRUE(strict);
    EXPECT_EQ(std::get<Ready>(*strict).mode, matrix::Mode::strict);
    EXPECT_FALSE(parse_control_message(R"({"ready": {"mode": "lenient"}})", "worker"));
}

TEST(ControlMessage, WhatIsNotAMessageIsAnErrorThatQuotesIt) {
    for (const char* line : {"", "not json", "[]", "{}", R"({"surprise": {}})",
                             R"({"forked": {"id": "seven", "pid": 1}})", R"({"exited": {"id": 7}})",
                             R"({"forked": {"id": 1, "pid": 2}, "exited": {}})"}) {
        const Result<ControlMessage> message = parse_control_message(line, "worker");
        ASSERT_FALSE(message) << line;
        EXPECT_THAT(to_string(message.error()), HasSubstr("not understood"));
    }
}

TEST(ChildMessage, AStageOrAnObservation) {
    const Result<ChildMessage> stage = parse_child_message(
        R"({"token": "t", "stage": {"cell": "c/plain/strict/named/p", "stage": "export"}})", "c",
        "t");
    ASSERT_TRUE(stage);
    EXPECT_EQ(std::get<StageBegins>(*stage).stage, "export");

    const Result<ChildMessage> observed = parse_child_message(
        R"({"token": "t", "observation": {"cell": "c/plain/strict/named/p", "rejected": {"stage": "export", "exception": "E", "message": "m"},)"
        R"( "timings_s": {"export": 0.5}, "output": ""}})",
        "c", "t");
    ASSERT_TRUE(observed) << to_string(observed.error());
    EXPECT_EQ(std::get<record::Rejected>(std::get<record::Observation>(*observed).result).stage,
              "export");
}

TEST(ChildMessage, AnUnknownResultIsAnError) {
    EXPECT_FALSE(parse_child_message(
        R"({"token": "t", "observation": {"cell": "c", "succeeded": {}}})", "c", "t"));
    EXPECT_FALSE(parse_child_message("torch says hello", "c", "t"));
}

TEST(ChildMessage, OneWithoutTheTokenOfTheRunIsAnError) {
    for (const std::string line :
         {"done", "[]", R"({"stage": {"cell": "c", "stage": "export"}})",
          R"({"token": "other", "stage": {"cell": "c", "stage": "export"}})"}) {
        const Result<ChildMessage> message = parse_child_message(line, "c", "t");
        ASSERT_FALSE(message) << line;
        EXPECT_THAT(to_string(message.error()), HasSubstr("the worker did not write"));
    }
}

const matrix::Cell cell{"c", matrix::Kind::module, matrix::Mode::nonstrict,
                        matrix::DimsStyle::automatic, "b3"};
const Asked asked_of_all = [] {
    Asked all;
    all.declarations = {{"c", R"({"name": "c"})"}};
    all.case_directories = {{"c", "/cases/c"}};
    all.seed = 9;
    all.check_budget_s = 2.5;
    all.saved_by = "2.8.0+cu128";
    all.memory_limit_bytes = 1024;
    return all;
}();

TEST(RunMessage, NamesTheChecksWhereNotAllAreAsked) {
    Asked some = asked_of_all;
    some.checks = {"run", "constants"};
    const auto request_of = [&](const Asked& some_checks) {
        const std::vector<Request> requests{{cell, "", ""}};
        return nlohmann::json::parse(run_message(7, "t", requests, some_checks))
            .at("run")
            .at("requests")[0];
    };
    EXPECT_EQ(request_of(some).at("checks"), (std::vector<std::string>{"run", "constants"}));
    EXPECT_FALSE(request_of(asked_of_all).contains("checks"));
}

TEST(RunMessage, OfAnExportAloneNamesNoCheckHoweverManyCellsThereAre) {
    Asked some = asked_of_all;
    some.checks = {"run"};
    for (const Asked& either : {asked_of_all, some}) {
        for (const std::size_t cells : {1U, 2U}) {
            const std::vector<Request> requests(cells, Request{cell, "", "", true});
            const auto message = nlohmann::json::parse(run_message(7, "t", requests, either));
            for (const auto& request : message.at("run").at("requests"))
                EXPECT_EQ(request.at("checks"), nlohmann::json::array());
        }
    }
}

TEST(RunMessage, IsOneLineWithARequestPerCell) {
    const std::string line =
        run_message(7, "t", std::vector<Request>{{cell, "", ""}}, asked_of_all);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto message = nlohmann::json::parse(line).at("run");
    EXPECT_EQ(message.at("id"), 7);
    EXPECT_EQ(message.at("token"), "t");
    EXPECT_EQ(message.at("memory_limit_bytes"), 1024);
    const auto& request = message.at("requests").at(0);
    EXPECT_EQ(request.at("cell"), "c/module/nonstrict/auto/b3");
    EXPECT_EQ(request.at("dims"), "auto");
    EXPECT_EQ(request.at("case_directory"), "/cases/c");
    EXPECT_EQ(request.at("case").at("name"), "c");
    EXPECT_EQ(request.at("seed"), 9);
    EXPECT_EQ(request.at("check_budget_s"), 2.5);
    EXPECT_FALSE(request.contains("save_program"));
    EXPECT_FALSE(request.contains("load_program"));
}

TEST(RunMessage, SaysWhereAProgramIsLeftAndWhoseOneIsLoaded) {
    const std::vector<Request> requests{{cell, "/p/here.pt2", "/p/there.pt2"}};
    const auto message = nlohmann::json::parse(run_message(7, "t", requests, asked_of_all));
    const auto& request = message.at("run").at("requests").at(0);
    EXPECT_EQ(request.at("save_program"), "/p/here.pt2");
    EXPECT_EQ(request.at("load_program"),
              (nlohmann::json{{"file", "/p/there.pt2"}, {"torch_build", "2.8.0+cu128"}}));
}

}  // namespace
}  // namespace exportgate::run
