// No folder may know a sentence that another one makes: values travel between them, and words are
// made last. So no code of these folders compares with a text of several words.
#include <gmock/gmock.h>

#include <filesystem>
#include <iterator>
#include <regex>
#include <set>

#include "base/files.h"
#include "base/text.h"

namespace exportgate {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// Two words, each of two letters at least.
const std::string several_words = R"re("[^"\n]*[A-Za-z]{2}[,:]? [A-Za-z]{2}[^"\n]*")re";
const std::string compared =
    R"re((?:starts_with|ends_with|contains|find|rfind|compare)\(\s*|[!=]=\s*)re";

std::size_t matches_in(const std::string& code, const std::string& pattern) {
    const std::regex regex(pattern);
    return static_cast<std::size_t>(std::distance(
        std::sregex_iterator(code.begin(), code.end(), regex), std::sregex_iterator()));
}

/// Whether the file writes the constant, too: then it is a mark of the file's own format.
bool is_written(const std::string& code, const std::string& name) {
    const auto all = matches_in(code, "\\b" + name + "\\b");
    const auto read =
        matches_in(code, "(?:" + compared + ")" + name + "\\b|\\b" + name + "\\.size\\(");
    return all > read + 1;  // its definition
}

/// Comparisons with a text of several words, written in place or as a constant that is only read.
std::vector<std::string> sentences_compared_in(const std::string& code) {
    std::vector<std::string> found;
    std::set<std::string> names;
    const std::regex constant(R"re(\b(\w+)(?:\{| = ))re" + several_words);
    for (auto at = std::sregex_iterator(code.begin(), code.end(), constant);
         at != std::sregex_iterator(); ++at) {
        if (!is_written(code, (*at)[1])) names.insert((*at)[1]);
    }
    std::string wanted = several_words;
    for (const auto& name : names)
        wanted.append("|").append(name).append("\\b");
    const std::regex comparison("(?:" + compared + ")(?:" + wanted + ")");
    for (auto at = std::sregex_iterator(code.begin(), code.end(), comparison);
         at != std::sregex_iterator(); ++at)
        found.push_back(at->str());
    return found;
}

/// Torch's own words in its prints, which nobody here makes.
bool is_of_torch(const std::string& comparison) {
    return comparison.find("# No stacktrace") != std::string::npos;
}

TEST(Sentences, OfAnotherFolderAreNotCompared) {
    std::size_t files = 0;
    for (const char* folder : {"golden", "verdict", "catalogue", "page"}) {
        const auto path = std::filesystem::path(EXPORTGATE_SOURCE_DIR) / "harness" / folder;
        for (const auto& entry : std::filesystem::directory_iterator(path)) {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
            ++files;
            auto found = sentences_compared_in(read_file(entry.path()).value());
            std::erase_if(found, is_of_torch);
            EXPECT_THAT(found, IsEmpty()) << entry.path();
        }
    }
    EXPECT_GT(files, 50U) << "the folders are somewhere else";
}

TEST(Sentences, AreFoundWhereTheyAreCompared) {
    EXPECT_THAT(sentences_compared_in(R"(if (line.starts_with("check run fails")) return;)"),
                SizeIs(1));
    EXPECT_THAT(sentences_compared_in(R"(return reason == "the message differs";)"), SizeIs(1));
    EXPECT_THAT(
        sentences_compared_in("constexpr std::string_view whose = \"a program saved by \";\n"
                              "bool is_saved(std::string_view reason) {\n"
                              "    return reason.starts_with(whose);\n}\n"),
        SizeIs(1));
    EXPECT_THAT(sentences_compared_in("constexpr std::string_view mark = \"recorded in part: \";\n"
                                      "bool is_mark(std::string_view line) {\n"
                                      "    return line.starts_with(mark);\n}\n"
                                      "std::string text() {\n    return std::string(mark);\n}\n"),
                IsEmpty())
        << "a mark of the file's own format";
    EXPECT_THAT(sentences_compared_in(R"(if (key == "exception") text += "there is no such key";)"),
                IsEmpty());
}

}  // namespace
}  // namespace exportgate
