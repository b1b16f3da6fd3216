#include <gmock/gmock.h>

#include "case_folder.h"
#include "matrix/cell.h"
#include "matrix/name_pattern.h"

namespace exportgate::matrix {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

/// Below the last table of `good_case`: its lines begin with line 21.
const std::string two_parameters = R"(
[parameters]
arch = ["llama", { value = "gemma", summary = "newer", requires = ["theirs>=2"], first_torch = "2.11" }]
layers = [1, 2]
)";

class Parameters : public CaseFolder {
  protected:
    std::vector<Case> loaded(const std::string& below, const std::string& above = "") {
        write("my_cache", above + good_case + below);
        return load_folder(cases / "my_cache" / "case.toml").value();
    }
    std::vector<std::string> names(const std::string& below) {
        std::vector<std::string> all;
        for (const Case& one : loaded(below))
            all.push_back(one.name);
        return all;
    }
    std::vector<std::string> mistakes(const std::string& below) {
        return mistakes_of(good_case + below);
    }
};

TEST_F(Parameters, MakeACaseOfEachCombination) {
    const auto all = loaded(two_parameters);
    ASSERT_THAT(all, SizeIs(4));
    EXPECT_EQ(all[0].name, "my_cache[arch=llama,layers=1]");
    EXPECT_EQ(all[1].name, "my_cache[arch=llama,layers=2]");
    EXPECT_EQ(all[3].name, "my_cache[arch=gemma,layers=2]");
    EXPECT_THAT(all[1].parameters,
                ElementsAre(Parameter{"arch", "llama"}, Parameter{"layers", std::int64_t{2}}));
    EXPECT_EQ(all[3].directory, all[0].directory);
    EXPECT_FALSE(all[0].asks_the_same(all[1]));
}

TEST_F(Parameters, AreSpeltAsTheyAreWritten) {
    EXPECT_THAT(names("\n[parameters]\na = [true, -1, 0.5, 2.0, \"x-1.b\"]\n"),
                ElementsAre("my_cache[a=true]", "my_cache[a=-1]", "my_cache[a=0.5]",
                            "my_cache[a=2.0]", "my_cache[a=x-1.b]"));
    EXPECT_THAT(names(""), ElementsAre("my_cache"));
}

TEST_F(Parameters, OfAValueMoreMayBeAsked) {
    const auto all = loaded(two_parameters);
    EXPECT_THAT(all[0].requirements, IsEmpty());
    EXPECT_EQ(all[0].first_torch->text(), "2.6.0");
    EXPECT_EQ(all[0].summary, "two lists of tensors");
    ASSERT_THAT(all[2].requirements, SizeIs(1));
    EXPECT_EQ(all[2].requirements[0].text, "theirs>=2");
    EXPECT_EQ(all[2].first_torch->text(), "2.11");
    EXPECT_EQ(all[2].summary, "newer");
}

TEST_F(Parameters, SomeCombinationsMayBeExcluded) {
    EXPECT_THAT(names(two_parameters + R"(
[[excluded]]
parameters = { layers = 2, arch = "gemma" }
reason = "it has one layer"
)"),
                ElementsAre("my_cache[arch=llama,layers=1]", "my_cache[arch=llama,layers=2]",
                            "my_cache[arch=gemma,layers=1]"));
    EXPECT_THAT(names(two_parameters + R"(
[[excluded]]
parameters = { layers = 1 }
reason = "too few"
)"),
                ElementsAre("my_cache[arch=llama,layers=2]", "my_cache[arch=gemma,layers=2]"));
}

TEST_F(Parameters, MistakesHaveTheirLine) {
    const std::string begin = "\n[parameters]\n";  // line 22
    EXPECT_THAT(mistakes(begin + "arch = []\n"),
                ElementsAre(HasSubstr("case.toml:23: parameter \"arch\" has no value")));
    EXPECT_THAT(mistakes(begin + "arch = \"llama\"\n"),
                ElementsAre(HasSubstr("case.toml:23: parameter \"arch\" is a string")));
    EXPECT_THAT(
        mistakes(begin + "arch = [\"a\",\n\"a\"]\n"),
        ElementsAre(HasSubstr("case.toml:24: value a of parameter \"arch\" is listed twice")));
    EXPECT_THAT(mistakes(begin + "arch = [1, \"1\"]\n"),
                ElementsAre(HasSubstr("value 1 of parameter \"arch\" is listed twice")));
    EXPECT_THAT(mistakes(begin + "arch = [\"a\", \"A\"]\n"),
                ElementsAre(HasSubstr("differs from a only by letter case")));
    for (const char* bad : {"a/b", "a b", "a,b", "a=b", "a]", "a*", ""}) {
        EXPECT_THAT(mistakes(begin + "arch = [\"" + bad + "\"]\n"),
                    ElementsAre(HasSubstr("case.toml:23: value \"" + std::string(bad) +
                                          "\" of parameter \"arch\" cannot be part of a cell's "
                                          "name")));
    }
    EXPECT_THAT(mistakes(begin + "arch = [1979-05-27]\n"),
                ElementsAre(HasSubstr("case.toml:23: a value of parameter \"arch\" is a date")));
    EXPECT_THAT(mistakes(begin + "arch = [nan]\n"), ElementsAre(HasSubstr("a finite number")));
    EXPECT_THAT(mistakes(begin + "\"my arch\" = [1]\n"),
                ElementsAre(HasSubstr("case.toml:23: \"my arch\" cannot be the name")));
    EXPECT_THAT(mistakes(begin + "arch = [{ valeu = 1 }]\n"),
                ElementsAre(HasSubstr("did you mean \"value\"?"), HasSubstr("has no \"value\"")));
    EXPECT_THAT(mistakes(begin), ElementsAre(HasSubstr("case.toml:22: [parameters] declares no")));
    EXPECT_THAT(mistakes(begin + "a = [1]\na = [2]\n"),
                ElementsAre(AllOf(HasSubstr("case.toml:24"), HasSubstr("not TOML"))));
    EXPECT_THAT(mistakes_of("parameters = [1]\n" + good_case),
                ElementsAre(HasSubstr("case.toml:1: parameters is an array, expected a table")));
}

TEST_F(Parameters, MistakesInWhatIsExcludedHaveTheirLine) {
    const auto of = [&](const std::string& lines) {
        return mistakes(two_parameters + "[[excluded]]\n" + lines);  // line 25
    };
    const std::string reason = "reason = \"so\"\n";
    EXPECT_THAT(of("parameters = { arch = \"llama\" }\n"),
                ElementsAre(HasSubstr("case.toml:25: [[excluded]] has no \"reason\"")));
    EXPECT_THAT(of(reason),
                ElementsAre(HasSubstr("case.toml:25: [[excluded]] has no \"parameters\"")));
    EXPECT_THAT(
        of("parameters = { arhc = \"llama\" }\n" + reason),
        ElementsAre(AllOf(HasSubstr("case.toml:26"), HasSubstr("unknown parameter \"arhc\""),
                          HasSubstr("did you mean \"arch\"?"))));
    EXPECT_THAT(of("parameters = { arch = \"lama\" }\n" + reason),
                ElementsAre(AllOf(HasSubstr("arch = lama, which is not declared"),
                                  HasSubstr("did you mean \"llama\"?"))));
    EXPECT_THAT(of("parameters = {}\n" + reason), ElementsAre(HasSubstr("names no values")));
    const std::string one = "parameters = { layers = 1 }\n" + reason;
    EXPECT_THAT(
        of(one + "[[excluded]]\nparameters = { layers = 1, arch = \"llama\" }\n" + reason),
        ElementsAre(HasSubstr("case.toml:28: [[excluded]] excludes what is excluded above")));
    EXPECT_THAT(of(one + "[[excluded]]\nparameters = { layers = 2 }\n" + reason),
                ElementsAre(HasSubstr("leaves no combination")));
    EXPECT_THAT(mistakes("\n[[excluded]]\nparameters = { a = 1 }\n" + reason),
                ElementsAre(HasSubstr("unknown parameter \"a\"")));
}

TEST_F(Parameters, AreKnownToWaiversAndExpectedStages) {
    const auto waiver = [](const std::string& cells) {
        return "[[waivers]]\ncells = \"" + cells +
               "\"\ntorch = \">=2.14\"\ndiffers = []\nreason = \"r\"\nurl = \"https://a.b\"\n"
               "expires = 2027-03-01\n";
    };
    EXPECT_THAT(loaded(two_parameters + waiver("[arch=gemma]/plain/*")), SizeIs(4));
    EXPECT_THAT(mistakes(two_parameters + waiver("[arhc=gemma]/plain/*")),
                ElementsAre(HasSubstr("case.toml:25: the waiver names the unknown parameter")));
    EXPECT_THAT(mistakes(two_parameters + waiver("[arch=gema]/plain/*")),
                ElementsAre(HasSubstr("did you mean \"gemma\"?")));
    EXPECT_THAT(mistakes(waiver("[arch=gemma]/plain/*")),
                ElementsAre(HasSubstr("the case has no parameters")));
    EXPECT_THAT(mistakes(two_parameters + waiver("[arch=*]/*")),
                ElementsAre(HasSubstr("every cell that there will ever be")));

    const auto all = loaded(two_parameters,
                            "expected_stage = { \"[arch=gemma]\" = \"register\", "
                            "\"[layers=2]/plain\" = \"construct\", module = \"eager\" }\n");
    EXPECT_THAT(all[0].expected_stages, ElementsAre(Pair(Kind::module, "eager")));
    EXPECT_THAT(all[1].expected_stages,
                ElementsAre(Pair(Kind::plain, "construct"), Pair(Kind::module, "eager")));
    EXPECT_THAT(all[2].expected_stages,
                ElementsAre(Pair(Kind::plain, "register"), Pair(Kind::module, "eager")));
    EXPECT_THAT(mistakes_of("expected_stage = { \"[arch=gem]\" = \"register\" }\n" + good_case +
                            two_parameters),
                ElementsAre(HasSubstr("case.toml:1: expected_stage names arch = gem")));
}

TEST_F(Parameters, AFolderThatCannotBeReadIsBrokenAsAWhole) {
    write("a_cache", good_case);
    write("my_cache", good_case + "\n[parameters]\narch = []\n");
    const auto all = load_each_case(cases).value();
    EXPECT_THAT(all.cases, SizeIs(1));
    EXPECT_TRUE(all.broken.contains("my_cache"));
}

TEST(NamesOfCells, SayTheParameters) {
    const std::string name = "hf_decode[arch=llama,layers=1]/as_is/nonstrict/named/b3c5";
    const Cell cell = parse_cell(name).value();
    EXPECT_EQ(cell.name(), name);
    EXPECT_EQ(cell.case_name, "hf_decode[arch=llama,layers=1]");
    EXPECT_EQ(cell.folder(), "hf_decode");
    EXPECT_EQ(cell.name_in_folder(), "[arch=llama,layers=1]/as_is/nonstrict/named/b3c5");
    EXPECT_EQ(cell_name(cell.folder(), cell.name_in_folder()), name);
    const Cell plain = parse_cell("hf_decode/as_is/nonstrict/named/b3c5").value();
    EXPECT_EQ(plain.name_in_folder(), "as_is/nonstrict/named/b3c5");
    EXPECT_EQ(cell_name(plain.folder(), plain.name_in_folder()), plain.name());
    for (const char* bad :
         {"hf[arch]", "hf[]", "hf[a=b", "hf[a=b]c", "[a=b]", "hf[a=b*]", "hf[a b=c]"})
        EXPECT_FALSE(parse_cell(std::string(bad) + "/as_is/nonstrict/named/b3c5")) << bad;
}

TEST(NamePatterns, BracketsSayWhatAParameterIs) {
    const std::string name = "hf_decode[arch=llama,layers=1]/as_is/nonstrict/named/b3c5";
    for (const char* good :
         {"hf_decode/*", "*", "hf_decode[arch=llama]/*", "hf_decode[layers=1]/as_is/*",
          "hf_decode[layers=1,arch=l*]/*", "*[arch=llama]*", "hf_decode[*]/*",
          "hf_*[arch=*,*]/as_is/*", "*/as_is/*", "*arch=llama*", "hf_decode[arch=llama,layers]/*"})
        EXPECT_TRUE(name_matches(good, name)) << good;
    EXPECT_TRUE(name_matches(name, name));
    for (const char* bad : {"hf_decode[arch=mistral]/*", "hf_decode[arc=llama]/*",
                            "hf[arch=llama]/*", "hf_decode[arch=llama,layers=2]/*", "hf_decodea/*"})
        EXPECT_FALSE(name_matches(bad, name)) << bad;
    // Not a set of characters that happens to hold an "a".
    EXPECT_FALSE(name_matches("hf_decode[arch=llama]/*", "hf_decodea/as_is/nonstrict/named/b3c5"));
    EXPECT_TRUE(name_matches("[gh]f_decode/*", name));
}

class SelectByParameters : public Parameters {
  protected:
    SelectByParameters() {
        cells_ = cells_of(loaded(two_parameters));
    }
    std::string mistake(const std::string& pattern) {
        const auto selected = select(cells_, std::vector{pattern});
        return selected ? "" : to_string(selected.error());
    }
    std::vector<Cell> cells_;
};

TEST_F(SelectByParameters, TakesThoseThatHaveThem) {
    const auto count = [&](const std::string& pattern) {
        return select(cells_, std::vector{pattern}).value().size();
    };
    EXPECT_EQ(count("my_cache/*"), cells_.size());
    EXPECT_EQ(count("my_cache[arch=llama]/*"), cells_.size() / 2);
    EXPECT_EQ(count("my_cache[layers=2,arch=llama]/*"), cells_.size() / 4);
    EXPECT_EQ(count(cells_[3].name()), 1U);
}

TEST_F(SelectByParameters, SuggestsWhatWasMeant) {
    EXPECT_THAT(mistake("my_cache"), HasSubstr("did you mean \"my_cache/*\"?"));
    EXPECT_THAT(mistake("my_cahce/*"), HasSubstr("did you mean \"my_cache/*\"?"));
    EXPECT_THAT(mistake("my_cache[arch=lama]/*"),
                HasSubstr("did you mean \"my_cache[arch=llama]/*\"?"));
    EXPECT_THAT(mistake("my_cache[arhc=llama]"),
                HasSubstr("did you mean \"my_cache[arch=llama]/*\"?"));
    EXPECT_THAT(mistake("my_cache[arch=qwen3_moe]/*"), HasSubstr("arch is one of: gemma, llama"));
}

}  // namespace
}  // namespace exportgate::matrix
