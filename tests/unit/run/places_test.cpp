#include "run/places.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"

namespace exportgate::run {
namespace {

namespace fs = std::filesystem;

Places some_places() {
    Places places;
    places.add("/tmp", "<temporary>");
    places.add("/user/me", "<home>");
    places.add("/user/me/suite/cases", "<cases>");
    places.add("/user/me/venv", "<environment>");
    places.add("/user/me/venv/lib/python3.11/site-packages", "<environment>");
    places.add("/usr/lib/python3.11", "<python>");
    return places;
}

std::string neutral(const std::string& text) {
    return some_places().neutral(text);
}

TEST(Places, TheLongestFolderWins) {
    EXPECT_EQ(neutral("/user/me/suite/cases/a/case.py:3"), "<cases>/a/case.py:3");
    EXPECT_EQ(neutral("/user/me/venv/lib/python3.11/site-packages/torch/a.py"),
              "<environment>/torch/a.py");
    EXPECT_EQ(neutral("/user/me/venv/bin/python"), "<environment>/bin/python");
    EXPECT_EQ(neutral("/user/me/notes"), "<home>/notes");
    EXPECT_EQ(neutral("/usr/lib/python3.11/ast.py"), "<python>/ast.py");
}

TEST(Places, AFolderIsReplacedWhereAPathBeginsWithItOnly) {
    for (const char* text : {"/user/men/x", "/user/me2", "/user/me-2/x", "/user/me.old/x",
                             "a/tmp/x", "./tmp/x", "//tmp/x", "../tmp/x", "<cases>/tmp/x",
                             "http://host/tmp/x", "/usr/lib/python3.11x/y", "/tmpé/x"}) {
        EXPECT_EQ(neutral(text), text);
    }
}

TEST(Places, PathsEndAndBeginAtPunctuation) {
    EXPECT_EQ(neutral("in /user/me."), "in <home>.");
    EXPECT_EQ(neutral("(/user/me), '/tmp'"), "(<home>), '<temporary>'");
    EXPECT_EQ(neutral("PATH=/user/me/bin:/tmp/bin"), "PATH=<home>/bin:<temporary>/bin");
    EXPECT_EQ(neutral("file:///tmp/x -I/user/me/include"), "file://<temporary>/x -I<home>/include");
    EXPECT_EQ(neutral("/user/me/.cache"), "<home>/.cache");
}

TEST(Places, SymbolicLinksAreKnownUnderBothNames) {
    const fs::path folder = fs::path(testing::TempDir()) / ("places" + std::to_string(::getpid()));
    fs::create_directories(folder / "real");
    fs::create_directory_symlink("real", folder / "link");
    Places places;
    places.add(folder / "." / "link", "<cases>");
    const std::string base = fs::canonical(folder).string();
    EXPECT_EQ(places.neutral(base + "/link/a " + base + "/real/a " + base + "/./link/a"),
              "<cases>/a <cases>/a <cases>/a");
    fs::remove_all(folder);
}

TEST(Places, WhatIsNoFolderIsLeftOut) {
    Places places;
    for (const char* folder : {"", "/", "relative", "//"})
        places.add(folder, "<home>");
    EXPECT_EQ(places.neutral("/ // relative/x /x"), "/ // relative/x /x");
}

TEST(Places, OfAPrintOnlyCommentsAreRewritten) {
    record::Observation observation;
    record::Exported exported;
    exported.print =
        "    # File: /user/me/suite/cases/c/case.py:4 in forward, code: x\n"
        "    load = torch.ops.my.load.default('/user/me/weights');\n";
    exported.checks = {{"run", record::CheckStatus::fail, {"raises OSError: /tmp/x is gone"}}};
    observation.result = exported;
    observation.output = "/user/me/venv/x.py:1: UserWarning\n";
    some_places().neutralise(observation);
    const auto& seen = std::get<record::Exported>(observation.result);
    EXPECT_EQ(seen.print,
              "    # File: <cases>/c/case.py:4 in forward, code: x\n"
              "    load = torch.ops.my.load.default('/user/me/weights');\n");
    EXPECT_EQ(seen.checks[0].reasons[0], "raises OSError: <temporary>/x is gone");
    EXPECT_EQ(observation.output, "<environment>/x.py:1: UserWarning\n");
}

TEST(Places, EveryPrintIsRewrittenAsThePrintIs) {
    const std::string print = "    # File: /tmp/case.py:4\n    load('/tmp/w');\n";
    const std::string neutral = "    # File: <temporary>/case.py:4\n    load('/tmp/w');\n";
    record::Exported exported;
    exported.print = exported.loaded = exported.retraced = exported.decomposed = print;
    record::Observation observation;
    observation.result = exported;
    observation.earlier = {"2.8.0", record::CheckStatus::fail, {"raises /tmp/x"}, print};
    some_places().neutralise(observation);
    const auto& seen = std::get<record::Exported>(observation.result);
    for (const std::string* each : {&seen.print, &seen.loaded, &seen.retraced, &seen.decomposed})
        EXPECT_EQ(*each, neutral);
    EXPECT_EQ(observation.earlier->print, neutral);
    EXPECT_EQ(observation.earlier->reasons.at(0), "raises <temporary>/x");
}

TEST(Places, MessagesAndReasonsAreRewritten) {
    record::Observation observation;
    observation.result = record::Rejected{"export", "E", "File \"/tmp/a.py\", line 1"};
    some_places().neutralise(observation);
    EXPECT_EQ(std::get<record::Rejected>(observation.result).message,
              "File \"<temporary>/a.py\", line 1");
    observation.result = record::Unobserved{"the worker died: /tmp/a"};
    some_places().neutralise(observation);
    EXPECT_EQ(std::get<record::Unobserved>(observation.result).reason,
              "the worker died: <temporary>/a");
}

TEST(Places, FramesOfTheFrameworkAreCountedOnly) {
    record::Observation observation;
    const std::string before = "Constraints violated (batch)!\n  - You marked batch\n\n";
    const std::string after = "\n\nUser stack:\n  File \"case.py\", line 54, in forward\n";
    // as torch 2.8.0 writes them
    const std::string frames =
        "  File \"??\", line 0, in _start\n  File \"/b/Python-3.11.7/Objects/call.c\", line 257, "
        "in "
        "_PyVectorcall_Call\n    CapturedTraceback.extract(cpp=True)\n";
    observation.result =
        record::Rejected{"export", "E", before + "Framework stack:\n" + frames + after};
    some_places().neutralise(observation);
    EXPECT_EQ(std::get<record::Rejected>(observation.result).message,
              before + "Framework stack:\n  (3 lines left out)\n" + after);
    observation.result = record::Rejected{"export", "E", "x\nFramework stack:\n  File \"??\""};
    some_places().neutralise(observation);
    EXPECT_EQ(std::get<record::Rejected>(observation.result).message,
              "x\nFramework stack:\n  (1 lines left out)");
}

TEST(Places, LogLinesLoseTheirTimeAndProcess) {
    record::Observation observation;
    // the first as torch 2.13.0 writes it
    observation.output =
        "W1125 09:08:31.123000 4711 torch/_dynamo/a.py:1] [0/0] text\n"
        "E1125 09:08:31.123 4711\n"
        "W1125 is no log line\nW1125 09:08:31.123000 x";
    some_places().neutralise(observation);
    EXPECT_EQ(observation.output,
              "W<time> <pid> torch/_dynamo/a.py:1] [0/0] text\n"
              "E1125 09:08:31.123 4711\n"
              "W1125 is no log line\nW1125 09:08:31.123000 x");
}

TEST(Places, OfWhatWasPrintedTheLastLinesAreKept) {
    const auto kept = [](const std::string& printed) {
        record::Observation observation;
        observation.output = printed;
        some_places().neutralise(observation);
        return observation.output;
    };
    EXPECT_EQ(kept(std::string(4096, 'x')), std::string(4096, 'x'));
    EXPECT_EQ(kept(std::string(4097, 'x')), std::string(4096, 'x'));
    EXPECT_EQ(kept(std::string(5000, 'x') + '\n'), std::string(4095, 'x') + '\n');
    EXPECT_EQ(kept("a\n" + std::string(4095, 'x') + '\n'), std::string(4095, 'x') + '\n');
    EXPECT_EQ(kept(std::string(5000, 'x') + "\nb\n"), "b\n");
}

/// 2.7.1 warns and traces in some 9 KiB; pids of 4 and of 6 digits moved the cut.
TEST(Places, WhatIsKeptDoesNotDependOnTheMachine) {
    const auto kept = [](const std::string& folder, const std::string& pid) {
        record::Observation observation;
        for (int i = 0; i < 200; ++i) {
            observation.output += "E1125 09:08:31.123000 " + pid + " torch/a.py:1] " + folder +
                                  "/x.py, line " + std::to_string(i) + "\n";
        }
        some_places().neutralise(observation);
        return observation.output;
    };
    const std::string output = kept("/user/me/venv", "4711");
    EXPECT_EQ(output, kept("/user/me/venv/lib/python3.11/site-packages", "104711"));
    EXPECT_TRUE(output.starts_with("E<time> <pid> torch/a.py:1] <environment>/x.py"));
    EXPECT_LE(output.size(), 4096U);
}

TEST(Places, OfARun) {
    std::vector<matrix::Case> cases(1);
    cases[0].name = "c";
    cases[0].directory = "/suite/my cases/c";
    const Places places =
        places_of(cases, "/build/worker/exportgate-worker",
                  {{"environment", {"/venv"}}, {"python", {"/opt/python"}}, {"worker", {"/w"}}});
    EXPECT_EQ(places.neutral("/suite/my cases/c/case.py /suite/my cases/d /build/worker/x.py "
                             "/w/y.py /venv/z /opt/python/a /tmp/b"),
              "<cases>/c/case.py <cases>/d <worker>/x.py <worker>/y.py <environment>/z "
              "<python>/a <temporary>/b");
}

}  // namespace
}  // namespace exportgate::run
