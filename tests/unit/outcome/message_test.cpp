#include "outcome/message.h"

#include <gmock/gmock.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "outcome_case.h"
#include "record/place_words.h"

namespace exportgate::outcome {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::set<std::string> none;

std::string canonical_text(const std::string& message) {
    return join(canonical_message(message, none), "\n");
}

/// A message of torch 2.13.0, recorded twice: another process, PYTHONHASHSEED, checkout and Python
/// folder (record_rejections.py).
struct Rejection {
    std::string name;
    std::string exception;
    std::string message;
    std::string again;
};

const std::vector<Rejection>& rejections() {
    static const std::vector<Rejection> all = [] {
        std::ifstream file(EXPORTGATE_TEST_DATA "/rejections_2.13.0.json");
        std::vector<Rejection> read;
        for (const auto& one : nlohmann::json::parse(file)) {
            read.push_back(
                {one.at("name"), one.at("exception"), one.at("message"), one.at("again")});
        }
        return read;
    }();
    return all;
}

std::string message_of(const std::string& name) {
    for (const Rejection& one : rejections()) {
        if (one.name == name) return one.message;
    }
    ADD_FAILURE() << "no message recorded as " << name;
    return "";
}

TEST(RecordedMessages, AreTheSameInAnotherProcessAndCheckout) {
    std::size_t differ = 0;
    for (const Rejection& one : rejections()) {
        EXPECT_EQ(canonical_text(one.message), canonical_text(one.again)) << one.name;
        if (one.message != one.again) ++differ;
    }
    EXPECT_GE(differ, 14U)
        << "the recordings must differ before they are canonical, or this shows nothing";
}

std::string with_words_for_folders(std::string message) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> folders{
        {{"/srv/ada/checkout/cases", "<cases>"},
         {"/srv/ada/venv/lib/python3.11/site-packages", "<environment>"},
         {"/srv/ada", "<home>"},
         {"/opt/python", "<python>"}}};
    for (const auto& [folder, word] : folders) {
        for (std::size_t at = 0; (at = message.find(folder, at)) != std::string::npos;)
            message.replace(at, folder.size(), word);
    }
    return message;
}

TEST(RecordedMessages, AreTheSameWithWordsInPlaceOfFolders) {
    std::size_t differ = 0;
    for (const Rejection& one : rejections()) {
        for (const std::string& raw : {one.message, one.again}) {
            const std::string neutral = with_words_for_folders(raw);
            EXPECT_EQ(canonical_text(neutral), canonical_text(raw)) << one.name;
            if (neutral != raw) ++differ;
        }
    }
    EXPECT_GE(differ, 20U) << "nothing was replaced";
}

TEST(Message, FormsOfPathsAreTheSameWithWordsInPlaceOfFolders) {
    for (const char* form : {
             "File \"@/c/case.py\", line 12, in f",
             "(@/c/case.py:48 in forward)",
             "# @/c/case.py:48 in forward",
             "[Errno 2] No such file or directory: '@/c/weights 1.bin'",
             "at @/c/native.cpp:12 (most recent call first)",
             "loaded from @/c/case.py, and from @/d/e",
             "file://@/c/case.py:3",
         }) {
        const auto with = [form](std::string_view folder) {
            std::string text = form;
            for (std::size_t at; (at = text.find('@')) != std::string::npos;)
                text.replace(at, 1, folder);
            return canonical_text(text);
        };
        const std::string raw = with("/user/me/suite/cases");
        for (const std::string_view word : record::place_words)
            EXPECT_EQ(with(word), raw) << form;
    }
}

TEST(Message, AWordForAFolderByItselfStays) {
    EXPECT_EQ(canonical_text("no module in <cases>, <python>"), "no module in <cases>, <python>");
}

TEST(RecordedMessages, LoseFoldersAddressesAndMarks) {
    for (const Rejection& one : rejections()) {
        const std::string text = canonical_text(one.message);
        for (const char* word :
             {"/home", "cases/my_cache", "python3.11", "0x7", "^^^", ".py:", "\", line "}) {
            EXPECT_THAT(text, Not(HasSubstr(word))) << one.name;
        }
    }
}

TEST(RecordedMessages, KeepTheirCauseAndTheirAdvice) {
    const std::string text = canonical_text(message_of("native/strict"));
    EXPECT_THAT(text, HasSubstr("Dynamo does not know how to trace the builtin `<unknown "
                                "module>.pybind11_object.__new__.`"));
    EXPECT_THAT(
        text, HasSubstr("(see https://pytorch.org/tutorials/advanced/custom_ops_landing_page.html "
                        "for more details)"));
    EXPECT_THAT(text, HasSubstr("  File \"case.py\", in unflatten\n    cache = cache_class()\n"));
    EXPECT_THAT(text, HasSubstr("from user code:\n   File \"functional_export.py\", in forward\n"));
}

TEST(RecordedMessages, ThatDifferOnlyInTheirCauseStayDifferent) {
    std::set<std::string> texts;
    std::size_t messages = 0;
    for (const char* name :
         {"named/nonstrict", "dynamic/nonstrict", "one/strict", "one_dynamic/strict",
          "no_keys/strict", "structure/strict", "data_size/strict", "missing/strict",
          "nested/strict", "sorted/strict", "sorted/nonstrict"}) {
        texts.insert(canonical_text(message_of(name)));
        ++messages;
    }
    EXPECT_EQ(texts.size(), messages);
}

TEST(RecordedMessages, CountEqualBullets) {
    EXPECT_EQ(
        canonical_text(message_of("named/nonstrict")),
        "Constraints violated (batch)! For more information, run with TORCH_LOGS=\"+dynamic\".\n"
        "  - You marked batch as dynamic but your code specialized it to be a constant (3). If "
        "you're using mark_dynamic, either "
        "remove it or use maybe_mark_dynamic. If you're using Dim.DYNAMIC, replace it with either "
        "Dim.STATIC or Dim.AUTO. (3 times)\n"
        "Suggested fixes:\n"
        "  batch = 3\n"
        "\n"
        "The error above occurred when calling torch.export.export. If you would like to view some "
        "more information about this "
        "error, and get a list of all other errors that may occur in your export call, you can "
        "replace your `export()` call with "
        "`draft_export()`.");
}

TEST(RecordedMessages, KeepTheStackOfABullet) {
    const auto lines = canonical_message(message_of("sorted/strict"), none);
    std::vector<std::string> starts;
    for (const std::string& line : lines)
        starts.push_back(line.substr(0, 40));
    EXPECT_THAT(starts, ElementsAre("Constraints violated (batch, clength, wi",  //
                                    "  - Not all values of clength = L['dc'][",  //
                                    "  - Not all values of width = L['dc']['v",  //
                                    "  - You marked batch as dynamic but your",  //
                                    "User stack:",                               //
                                    "  File \"functional_export.py\", in forwar",
                                    "    res = self._export_root(*args, **kwa",    //
                                    "  File \"record_rejections.py\", in forwar",  //
                                    "    torch._check(dc.key_cache[0].shape[0",    //
                                    "  - You marked batch as dynamic but your",    //
                                    "Suggested fixes:",                            //
                                    "  _clength = Dim('_clength', min=1, max=",    //
                                    "  batch = 3",                                 //
                                    "  clength = 5*_clength",                      //
                                    "  width = Dim('width', min=5, max=1024)",     //
                                    "",                                            //
                                    "The error above occurred when calling to"));
}

TEST(RecordedMessages, RenameSymbolsByFirstAppearance) {
    EXPECT_THAT(message_of("wrong_shape/nonstrict"),
                HasSubstr("[8*s31, 1] but got: [8*s31, s54]."));
    EXPECT_THAT(canonical_text(message_of("wrong_shape/nonstrict")),
                HasSubstr("[8*s0, 1] but got: [8*s0, s1]."));
    EXPECT_EQ(canonical_text(message_of("raises/nonstrict")),
              "cannot use <object object at 0x...> of torch.Size([s0, 8, s1, 6]) <id>");
}

TEST(Message, DoesNotDependOnTheOrderOfWhatTorchKeepsInSets) {
    const std::string one =
        "Constraints violated (batch, clength)! For more information\n  - You marked s27 as "
        "dynamic\n  - Not all values of s61\n"
        "\nUser stack:\n  File \"/a/case.py\", line 3, in forward\n\n  - You marked s27 as "
        "dynamic\nSuggested fixes:\n  batch = 3\n  clength = 5";
    const std::string other =
        "Constraints violated (clength, batch)! For more information\n  - Not all values of "
        "s4\n\nUser stack:\n"
        "  File \"/b/case.py\", line 4, in forward\n\n  - You marked s9 as dynamic\n  - You marked "
        "s9 as dynamic\nSuggested fixes:\n  clength = 5\n  batch = 3";
    EXPECT_EQ(canonical_text(one), canonical_text(other));
    EXPECT_THAT(canonical_text(one), HasSubstr("  - You marked s1 as dynamic (2 times)"));
}

TEST(Message, DoesNotListTheClassesThatThisBuildOfTorchSupports) {
    const std::string one =
        "supported types: [<class 'torch.Tensor'>, <class 'str'>, <class 'int'>, <class 'float'>, "
        "<class 'bool'>, <class 'complex'>, <class 'bytes'>, <class 'NoneType'>].";
    EXPECT_EQ(canonical_reason(one, {}), "supported types: [<classes>].");
    const std::string few = "expected one of [<class 'int'>, <class 'str'>]";
    EXPECT_EQ(canonical_reason(few, {}), few);
}

TEST(Message, KeepsTheNumbersThatBelongToTheOutcome) {
    for (const char* text : {"to be a constant (3).", "max=9223372036854775806", "VR[2, 40]",
                             "tensor of 1099511627776 bytes", "0/1 specialized", "version 2.13.0",
                             "scale 0.5 of it"}) {
        EXPECT_EQ(canonical_text(text), text);
    }
}

struct Neutral {
    std::string raw;
    std::string canonical;
};

TEST(Message, LosesWhatDiffersFromRunToRun) {
    const std::vector<Neutral> pairs{
        {"  File \"/a b/cases/my_cache/case.py\", line 12, in f", "  File \"case.py\", in f"},
        {"  File \"<eval_with_key>.7\", line 5, in forward",
         "  File \"<eval_with_key>\", in forward"},
        {"  File \"<string>\", line 1, in <module>", "  File \"<string>\", in <module>"},
        {"invalid syntax (case.py, line 3)", "invalid syntax (case.py)"},
        {"Caused by: (my cases/one/case.py:48 in forward)", "Caused by: (case.py in forward)"},
        {"return x  # one/case.py:48 in forward (_dynamo/variables/tensor.py:2606 in "
         "evaluate_expr)",
         "return x  # case.py in forward (tensor.py in evaluate_expr)"},
        {"No such file or directory: '/a b/weights.pt'", "No such file or directory: 'weights.pt'"},
        {"cannot open /opt/lib/libtorch.so: no", "cannot open libtorch.so: no"},
        {"see https://pytorch.org/docs/main/a.html#b and inf/nan, (s0 / 2)",
         "see https://pytorch.org/docs/main/a.html#b and inf/nan, (s0 / 2)"},
        {"Exception raised from f at ../aten/src/ATen/x.cpp:123 (most recent",
         "Exception raised from f at x.cpp (most recent"},
        {"<function f at 0x7f53870cea40>", "<function f at 0x...>"},
        {"id 139996224963024 of it", "id <id> of it"},
        {"took 0.125 s, then 12.5ms", "took <time>, then <time>"},
        {"missing keys {'b', 'a', \"it's\"}", "missing keys {\"it's\", 'a', 'b'}"},
        {"a dict {'b': 1, 'a': 2}", "a dict {'b': 1, 'a': 2}"},
        {"  [Previous line repeated 990 more times]", "  [Previous line repeated more times]"},
        {"u7 and s3 and s3 and self.s9 and s1x and u0",
         "u0 and s0 and s0 and self.s9 and s1x and u1"},
        {"windows\r\nline ", "windows\nline"},
        {"a\n\n\n\nb\n\n", "a\n\nb"},
        {"    f(x)\n      ^^~~^^\nend", "    f(x)\nend"},
        {"frame #0: c10::Error::Error() + 0x88 (0x7f in /a/libc10.so)\nend", "end"}};
    for (const Neutral& pair : pairs)
        EXPECT_EQ(canonical_text(pair.raw), pair.canonical);
}

TEST(Message, IsCanonicalAfterOnePass) {
    for (const Rejection& one : rejections()) {
        const std::string text = canonical_text(one.message);
        EXPECT_EQ(canonical_text(text), text) << one.name;
    }
}

/// As torch 2.8.0 says it, with three of its 836 lines of frames; 2.9.1 says the same without them.
TEST(Message, LosesHowTheFrameworkCameToNotice) {
    const std::string before =
        "Constraints violated (batch)! For more information\n"
        "  - You marked batch as dynamic but your code specialized it to be a constant (3).\n";
    const std::string frames =
        "\nFramework stack:\n"
        "  File \"/a/worker/exportgate_worker/entry.py\", line 62, in run_requests\n"
        "    sink.send({\"observation\": cell.observe(request, sink, started)})\n"
        "  File \"/a/Python-3.11.7/Python/ceval.c\", line 7352, in do_call_core\n\n";
    const std::string fix = "Suggested fixes:\n  batch = 3";
    const std::string user = "\nUser stack:\n  File \"case.py\", in forward\n    f(x)\n\n\n";
    for (const std::string& after : {fix, user + fix}) {
        EXPECT_EQ(canonical_text(before + frames + after), canonical_text(before + after));
        EXPECT_THAT(canonical_text(before + frames + after),
                    testing::AllOf(HasSubstr("constant (3)"), HasSubstr("batch = 3"),
                                   Not(HasSubstr("ceval.c"))));
    }
    EXPECT_THAT(canonical_text(before + frames + user + fix), HasSubstr("in forward"));
}

TEST(Message, DoesNotRenameDimsThatLookLikeSymbols) {
    EXPECT_THAT(canonical_message("dim s0 is s27, s1 is s61", {"s0", "s1"}),
                ElementsAre("dim s0 is s2, s1 is s3"));
}

TEST(Reason, IsOneLine) {
    EXPECT_EQ(canonical_reason("raised\n  File \"/a/case.py\", line 2, in f\n\n    x", none),
              "raised | File \"case.py\", in f | x");
}

}  // namespace
}  // namespace exportgate::outcome
