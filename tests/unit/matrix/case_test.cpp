#include <gmock/gmock.h>

#include "case_folder.h"

namespace exportgate::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CaseToml : public CaseFolder {};
class CasesFolder : public CaseFolder {};

TEST_F(CaseToml, KeepsTheOrderOfTheFile) {
    write("my_cache", good_case);
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    EXPECT_EQ(one.name, "my_cache");
    EXPECT_EQ(one.directory, cases / "my_cache");
    EXPECT_EQ(one.class_name, "DynamicCache");
    EXPECT_EQ(one.first_torch->text(), "2.6.0");
    EXPECT_THAT(one.kinds, ElementsAre(Kind::plain, Kind::module));
    const auto batch = Extent("batch");
    EXPECT_THAT(one.inputs, ElementsAre(Leaf{"x", {batch, 8, 7, 1}, "float32"},
                                        Leaf{"dc.key_cache[0]", {batch, 8, "length", 6}, "float32"},
                                        Leaf{"dc.a_mask", {batch, "length"}, "int64"}));
    EXPECT_THAT(one.dims, ElementsAre(Dim{"length", 1, 512}, Dim{"batch", 1, 1024}));
    ASSERT_EQ(one.pairs.size(), 2U);
    EXPECT_EQ(one.pairs[0].name, "b4c11");
    EXPECT_THAT(shape_at(one.inputs[1], one.pairs[1]), ElementsAre(3, 8, 5, 6));
}

TEST_F(CaseToml, DefaultsToAllModesAndDimsStyles) {
    write("my_cache", good_case);
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    EXPECT_THAT(one.modes, ElementsAre(Mode::strict, Mode::nonstrict));
    EXPECT_THAT(one.dims_styles, ElementsAre(DimsStyle::named, DimsStyle::automatic,
                                             DimsStyle::dynamic, DimsStyle::fixed));
}

TEST_F(CaseToml, WithoutDimsIsStatic) {
    const std::string toml =
        "class = \"C\"\nkinds = [\"plain\"]\n[inputs]\nx = [3]\n[outputs]\ny = []\n[pairs]\nonly = "
        "{}\n";
    write("my_cache", toml);
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    EXPECT_THAT(one.dims_styles, ElementsAre(DimsStyle::fixed));
    EXPECT_THAT(mistakes_of("dims_styles = [\"named\"]\n" + toml),
                ElementsAre(HasSubstr("case.toml:1: dims styles other than")));
}

TEST_F(CaseToml, AShapesSpecIsAskedOnlyOfTorchThatHasIt) {
    const std::string first = "first_torch = \"2.6.0\"\n";
    const std::string styles = "dims_styles = [\"spec\"]\n";
    for (const std::string instead : {"", "first_torch = \"2.13.0\"\n"}) {
        EXPECT_THAT(mistakes_of(with(first, instead + styles)),
                    ElementsAre(HasSubstr("dims style \"spec\" is torch's ShapesSpec")));
    }
    write("my_cache", with(first, "first_torch = \"2.14.0\"\n" + styles));
    EXPECT_THAT(load_case(cases / "my_cache" / "case.toml").value().dims_styles,
                ElementsAre(DimsStyle::spec));
}

TEST_F(CaseToml, AnExtentCanBeLongerOrShorterThanADim) {
    for (const std::string table : {"inputs", "outputs"}) {
        const std::string head = "\n[" + table + "]\n";
        write("my_cache", with(head, head + "k = [\"length + 1\", \"batch - 2\"]\n"));
        const Case one = load_case(cases / "my_cache" / "case.toml").value();
        const Leaf& leaf = table == "inputs" ? one.inputs[0] : one.outputs[0];
        EXPECT_THAT(shape_at(leaf, one.pairs[1]), ElementsAre(6, 1));
    }
}

TEST_F(CaseToml, AskingTheSameIgnoresWhereItIsAndWhatItSays) {
    write("my_cache", good_case);
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    Case other = one;
    other.directory.clear();
    other.summary = "other words";
    EXPECT_TRUE(one.asks_the_same(other));
    other.dims[0].max = 513;
    EXPECT_FALSE(one.asks_the_same(other));
}

struct Mistake {
    std::string before;
    std::string after;
    std::string message;
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << mistake.message;
}

class CaseMistake : public CaseFolder, public ::testing::WithParamInterface<Mistake> {};

TEST_P(CaseMistake, IsReportedWithLineAndRemedy) {
    EXPECT_THAT(mistakes_of(with(GetParam().before, GetParam().after)),
                ElementsAre("my_cache/case.toml:" + GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Every, CaseMistake,
    ::testing::Values(
        Mistake{"summary", "sumary", R"(1: unknown key "sumary" (did you mean "summary"?))"},
        Mistake{"class = \"DynamicCache\"", "class = \"a b\"",
                R"(2: class "a b" is not the name of a Python class)"},
        Mistake{"class = \"DynamicCache\"", "class = 7",
                "2: class is an integer, expected a string"},
        Mistake{
            "\"2.6.0\"", "\"new\"",
            R"(3: "new" is not a torch version (write it like 2.13.0, 2.14.0rc2 or 2.15.0.dev20261101))"},
        Mistake{"\"module\"]", "\"modul\"]", R"(4: unknown kind "modul" (did you mean "module"?))"},
        Mistake{
            "\"module\"]", "\"xyz\"]",
            R"(4: unknown kind "xyz" (expected one of: plain, module, rebased, native, as_is))"},
        Mistake{"\"module\"]", "\"plain\"]", R"(4: kind "plain" is listed twice)"},
        Mistake{"\"module\"]", "3]", "4: kinds holds an integer, expected strings"},
        Mistake{
            "\"module\"]", "\"native\"]",
            R"(4: kind "native" needs native.cpp beside case.toml, and there is none (write it, or remove "native" from kinds))"},
        Mistake{
            "kinds = [\"plain\", \"module\"]", "kinds = []",
            "4: kinds is empty (expected one or more of: plain, module, rebased, native, as_is)"},
        Mistake{"\n[inputs]", "modes = [\"stict\"]\n[inputs]",
                R"(5: unknown mode "stict" (did you mean "strict"?))"},
        Mistake{"\n[inputs]", "dims_styles = [\"Named\"]\n[inputs]",
                R"(5: unknown dims style "Named" (did you mean "named"?))"},
        Mistake{"8, \"length\", 6", "8, \"lenght\", 6",
                R"(8: dim "lenght" is not declared (did you mean "length"?))"},
        Mistake{"8, \"length\", 6", "8, \"lenght + 1\", 6",
                R"(8: dim "lenght" is not declared (did you mean "length"?))"},
        Mistake{"\n[outputs]\n", "\n[outputs]\nk = [\"lenght + 1\"]\n",
                R"(12: dim "lenght" is not declared (did you mean "length"?))"},
        Mistake{"8, \"length\", 6", "8, \"width\", 6",
                R"(8: dim "width" is not declared (declare it under [dims]: width = [1, 1024]))"},
        Mistake{
            "8, \"length\", 6", "8, 5.5, 6",
            R"(8: the shape of leaf "dc.key_cache[0]" holds a floating-point number, expected numbers and names of dims)"},
        Mistake{"8, 7, 1]", "-8, 7, 1]", R"(7: leaf "x" has a negative extent, -8)"},
        Mistake{"int64", "int46", R"(9: unknown dtype "int46" (did you mean "int64"?))"},
        Mistake{"int64", "torch.int64",
                R"(9: unknown dtype "torch.int64" (did you mean "int64"?))"},
        Mistake{"dtype", "type",
                R"(9: unknown key "type" of leaf "dc.a_mask" (did you mean "dtype"?))"},
        Mistake{"\"dc.a_mask\"", "dc.a_mask",
                R"(9: leaf "dc" is a table (put names that have dots into quotes))"},
        Mistake{"x = [\"batch\", 8, 7, 1]", "x = 8",
                R"(7: leaf "x" is an integer, expected a shape (write "x" = ["batch", 8]))"},
        Mistake{
            "x = [\"batch\", 8, 7, 1]", "x = \"batch\"",
            R"(7: leaf "x" is a string, expected a shape or "None" (write "x" = ["batch", 8], or { string = "batch" }))"},
        Mistake{"\"dc.a_mask\" = {", "m = \"none\"\n\"dc.a_mask\" = {",
                R"(9: leaf "m" is a string, expected a shape or "None" (did you mean "None"?))"},
        Mistake{
            "\n[inputs]", "mutates = [\"dc.key_cach[0]\"]\n[inputs]",
            R"(5: unknown leaf of the inputs "dc.key_cach[0]" (did you mean "dc.key_cache[0]"?))"},
        Mistake{
            "\n[inputs]", "mutates = [\"y\"]\n[inputs]",
            R"(5: unknown leaf of the inputs "y" (expected one of: x, dc.key_cache[0], dc.a_mask))"},
        Mistake{"\n[inputs]", "mutates = [\"x\", \"x\"]\n[inputs]",
                R"(5: leaf of the inputs "x" is listed twice)"},
        Mistake{"\n[inputs]", "mutates = \"x\"\n[inputs]",
                "5: mutates is a string, expected an array"},
        Mistake{"\n[inputs]", "mutates = [\"m\"]\n[inputs]\nm = \"None\"",
                R"(5: leaf "m" is None, which no model changes (remove it from mutates))"},
        Mistake{"\n[inputs]", "export_pairs = [\"b3c6\"]\n[inputs]",
                R"(5: unknown pair "b3c6" (did you mean "b3c5"?))"},
        Mistake{"\n[inputs]", "export_pairs = [\"b3c5\", \"b3c5\"]\n[inputs]",
                R"(5: pair "b3c5" is listed twice)"},
        Mistake{"\n[inputs]", "export_pairs = []\n[inputs]",
                "5: export_pairs is empty (expected one or more of: b4c11, b3c5)"},
        Mistake{"\n[inputs]", "export_pair = [\"b3c5\"]\n[inputs]",
                R"(5: unknown key "export_pair" (did you mean "export_pairs"?))"},
        Mistake{"[1, 512]", "[512, 1]",
                R"(15: dim "length" has minimum 512 above maximum 1 (the order is [min, max]))"},
        Mistake{"[1, 512]", "[-1, 512]", R"(15: dim "length" has a negative minimum, -1)"},
        Mistake{
            "[1, 512]", "[5, 5]",
            R"(15: dim "length" can only be 5 (torch.export.Dim needs min < max; write the number in the shapes instead))"},
        Mistake{"[1, 512]", "512",
                R"(15: the range of dim "length" is not two integers (write length = [1, 1024]))"},
        Mistake{"batch = 4, length = 11", "batch = 4",
                R"(19: pair "b4c11" has no value for dim "length" (add length = 2))"},
        Mistake{"length = 5", "lenght = 5, length = 5",
                R"(20: dim "lenght" is not declared (did you mean "length"?))"},
        Mistake{"length = 11", "length = 513",
                R"(19: pair "b4c11" has length = 513, outside the dim's range 1..512)"},
        Mistake{"length = 11", "length = \"11\"",
                R"(19: dim "length" of pair "b4c11" is a string, expected an integer)"},
        Mistake{"batch = 4, length = 11", "batch = 3, length = 5",
                R"(20: pair "b3c5" binds the dims as pair "b4c11" does)"},
        Mistake{
            "b3c5", "\"b3/c5\"",
            R"(20: pair "b3/c5" cannot be part of a cell's name (use letters, digits, '_', '-', '.' and '+', and start with a letter or a digit))"},
        Mistake{"b3c5 = {", "b4c11 = {",
                "20: not TOML: Error while parsing key-value pair: cannot redefine existing table "
                "'b4c11'"}));

TEST_F(CaseToml, ReportsAllMistakesInTheOrderOfTheirLines) {
    std::string toml = good_case;
    toml.replace(toml.find("\"module\""), 8, "\"modul\"");
    toml.replace(toml.find("[1, 512]"), 8, "[512, 1]");
    toml.replace(toml.find("summary"), 7, "sumary");
    EXPECT_THAT(mistakes_of(toml),
                ElementsAre(HasSubstr(":1: unknown key"), HasSubstr(":4: unknown kind"),
                            HasSubstr(":15: dim \"length\"")));
}

TEST_F(CaseToml, ALeafCanBeNone) {
    write("my_cache", with("\"dc.a_mask\"", "dc = \"None\"\n\"dc.a_mask\""));
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    ASSERT_EQ(one.inputs.size(), 4U);
    EXPECT_EQ(one.inputs[2].name, "dc");
    EXPECT_EQ(one.inputs[2].constant, Constant(nullptr));
    EXPECT_TRUE(one.inputs[2].shape.empty());
    EXPECT_EQ(one.inputs[3].constant, std::nullopt);
}

TEST_F(CaseToml, WhatIsChosenIsInTheOrderOfWhatIsDeclared) {
    write("my_cache",
          with("\n[inputs]",
               "mutates = [\"dc.a_mask\", \"x\"]\nexport_pairs = [\"b3c5\"]\n[inputs]"));
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    EXPECT_THAT(one.mutates, ElementsAre("x", "dc.a_mask"));
    EXPECT_THAT(one.export_pairs, ElementsAre("b3c5"));
    Case other = one;
    other.mutates = {"x"};
    EXPECT_FALSE(one.asks_the_same(other));
    other = one;
    other.export_pairs.clear();
    EXPECT_FALSE(one.asks_the_same(other));
    other = one;
    other.inputs[0].constant = nullptr;
    EXPECT_FALSE(one.asks_the_same(other));
}

TEST_F(CaseToml, ALeafSaysWhatItIsFilledWith) {
    write("my_cache", with("x = [\"batch\", 8, 7, 1]",
                           "x = { shape = [\"batch\", 8], values = [-0.5, 2] }\n"
                           "ids = { values = [0, 31], shape = [\"batch\"], dtype = \"int64\" }\n"
                           "ones = { shape = [\"batch\"], values = \"ones\" }"));
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    ASSERT_GE(one.inputs.size(), 4U);
    EXPECT_EQ(one.inputs[0].values, Values(ValueRange{-0.5, 2.0}));
    EXPECT_EQ(one.inputs[1].values, Values(ValueRange{0.0, 31.0}));
    EXPECT_EQ(one.inputs[2].values, Values(Fill::ones));
    EXPECT_EQ(one.inputs[3].values, Values(Fill::anything));
    Case other = one;
    other.inputs[0].values = Fill::zeros;
    EXPECT_FALSE(one.asks_the_same(other));
}

TEST_F(CaseToml, ALeafCanBeANumberOrTheExtentOfADim) {
    write("my_cache", with("\"dc.a_mask\"",
                           "n = { value = 3 }\nflag = { value = true }\nscale = { value = 0.5 }\n"
                           "seen = { value = \"length\" }\n\"dc.a_mask\""));
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    ASSERT_EQ(one.inputs.size(), 7U);
    EXPECT_EQ(one.inputs[2].constant, Constant(std::int64_t{3}));
    EXPECT_EQ(one.inputs[3].constant, Constant(true));
    EXPECT_EQ(one.inputs[4].constant, Constant(0.5));
    EXPECT_EQ(one.inputs[5].constant, Constant(ExtentValue{"length"}));
    EXPECT_EQ(one.inputs[6].constant, std::nullopt);
    const auto of = [&](const std::string& leaf) {
        return mistakes_of(with("\"dc.a_mask\"", "n = " + leaf + "\n\"dc.a_mask\""));
    };
    EXPECT_THAT(of("{ value = 3, dtype = \"int64\" }"),
                ElementsAre(HasSubstr("leaf \"n\" has a value and something else")));
    EXPECT_THAT(
        of("{ value = \"lenght\" }"),
        ElementsAre(HasSubstr("dim \"lenght\" is not declared (did you mean \"length\"?)")));
    EXPECT_THAT(of("{ value = [3] }"), ElementsAre(HasSubstr("is an array, expected a number")));
}

TEST_F(CaseToml, ReportsValuesThatCannotBe) {
    const auto of = [&](const std::string& leaf) {
        return mistakes_of(
            with("x = [\"batch\", 8, 7, 1]", "x = { shape = [\"batch\", 8], " + leaf + " }"));
    };
    EXPECT_THAT(of("values = [3, 1]"), ElementsAre(HasSubstr("not the lowest and the highest (")));
    EXPECT_THAT(of("values = [1]"), ElementsAre(HasSubstr("not the lowest and the highest (")));
    EXPECT_THAT(of("dtype = \"int64\", values = [0.5, 1]"),
                ElementsAre(HasSubstr("not the lowest and the highest, two integers (")));
    EXPECT_THAT(of("dtype = \"bool\", values = [0, 1]"),
                ElementsAre(HasSubstr("of dtype bool has no range of values")));
    EXPECT_THAT(of("values = \"one\""), ElementsAre(HasSubstr("did you mean \"ones\"?")));
}

TEST_F(CaseToml, WhatElseACaseSays) {
    write("my_cache",
          with("\n[inputs]",
               "model = \"Decode\"\nseed = 7\ntolerance = { rtol = 1e-4, atol = 0 }\n"
               "requires = [\"transformers >= 5.20, <6\", \"optree\"]\n"
               "preload = [\"transformers.cache_utils\", \"optree\", \"optree\"]\n[inputs]"));
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    EXPECT_EQ(one.model_name, "Decode");
    EXPECT_EQ(one.seed, 7);
    EXPECT_EQ(one.tolerance, (Tolerance{1e-4, 0}));
    ASSERT_EQ(one.requirements.size(), 2U);
    EXPECT_EQ(one.requirements[0].text, "transformers>=5.20,<6");
    EXPECT_THAT(one.preload, ElementsAre("optree", "transformers.cache_utils"));
    // What has to be there changes nothing of what is asked; the others do.
    Case other = one;
    other.requirements.clear();
    other.preload.clear();
    EXPECT_TRUE(one.asks_the_same(other));
    other.seed = 8;
    EXPECT_FALSE(one.asks_the_same(other));
    other = one;
    other.tolerance.reset();
    EXPECT_FALSE(one.asks_the_same(other));
    other = one;
    other.model_name = "Prefill";
    EXPECT_FALSE(one.asks_the_same(other));
    other = one;
    other.consumers = {"aoti"};
    EXPECT_TRUE(one.asks_the_same(other));
}

TEST_F(CaseToml, ReportsMistakesInWhatElseACaseSays) {
    const auto of = [&](const std::string& line) {
        return mistakes_of(with("\n[inputs]", line + "\n[inputs]"));
    };
    EXPECT_THAT(of("consumers = [\"aoty\"]"),
                ElementsAre(HasSubstr("unknown consumer \"aoty\" (did you mean \"aoti\"?)")));
    EXPECT_THAT(of("tolerance = { rtol = 1e-4 }"),
                ElementsAre(HasSubstr("the tolerance has no \"atol\"")));
    EXPECT_THAT(of("tolerance = { rtol = -1, atol = 0 }"),
                ElementsAre(HasSubstr("\"rtol\" of the tolerance is not a number from 0 up")));
    EXPECT_THAT(of("tolerance = { rtol = 0.1, atol = 0, ato = 1 }"),
                ElementsAre(HasSubstr("unknown key \"ato\" of the tolerance")));
    EXPECT_THAT(of("requires = [\">=5\"]"),
                ElementsAre(HasSubstr("does not begin with the name of a distribution")));
    EXPECT_THAT(of("requires = [5]"), ElementsAre(HasSubstr("holds an integer")));
    EXPECT_THAT(of("preload = [\"trans formers\"]"),
                ElementsAre(HasSubstr("is not the name of a Python module")));
    EXPECT_THAT(of("seed = \"7\""), ElementsAre(HasSubstr("\"seed\"")));
    EXPECT_THAT(of("model = \"De code\""),
                ElementsAre(HasSubstr("model \"De code\" is not the name of a Python class")));
}

TEST_F(CaseToml, NamingEveryPairIsTheDefault) {
    write("my_cache", with("\n[inputs]", "export_pairs = [\"b3c5\", \"b4c11\"]\n[inputs]"));
    const Case one = load_case(cases / "my_cache" / "case.toml").value();
    EXPECT_TRUE(one.export_pairs.empty());
    write("my_cache", good_case);
    EXPECT_TRUE(one.asks_the_same(load_case(cases / "my_cache" / "case.toml").value()));
}

TEST_F(CaseToml, AKeyBelowATableIsToldWhereItBelongs) {
    EXPECT_THAT(
        mistakes_of(good_case + "export_pairs = [\"b3c5\"]\n"),
        ElementsAre("my_cache/case.toml:21: key \"export_pairs\" stands in [pairs] (move it "
                    "above the first line like [inputs])",
                    HasSubstr("case.toml:21: pair \"export_pairs\" is an array")));
    EXPECT_THAT(mistakes_of(with("\n[outputs]", "mutates = [\"x\"]\n[outputs]")),
                ElementsAre("my_cache/case.toml:10: key \"mutates\" stands in [inputs] (move it "
                            "above the first line like [inputs])",
                            HasSubstr("case.toml:10: dim \"x\" is not declared")));
}

TEST_F(CaseToml, NamesEveryMissingKey) {
    EXPECT_THAT(
        mistakes_of("summary = \"\"\n"),
        ElementsAre(
            "my_cache/case.toml: key \"class\" is missing: the name of the cache class in case.py",
            "my_cache/case.toml: key \"kinds\" is missing: one or more of plain, module, rebased, "
            "native, as_is",
            "my_cache/case.toml: key \"inputs\" is missing: the leaves of the model's inputs",
            "my_cache/case.toml: key \"outputs\" is missing: the leaves of the model's output",
            "my_cache/case.toml: key \"pairs\" is missing: at least one binding of the dims"));
}

TEST_F(CaseToml, RefusesADimThatNoInputUses) {
    EXPECT_THAT(
        mistakes_of(with("length = [1, 512]", "length = [1, 512]\nheads = [1, 8]")),
        ElementsAre("my_cache/case.toml:16: dim \"heads\" is not used by any input (use it in a "
                    "shape under [inputs], or remove it)",
                    HasSubstr(":20: pair \"b4c11\" has no value for dim \"heads\""),
                    HasSubstr(":21: pair \"b3c5\" has no value for dim \"heads\"")));
}

TEST_F(CaseToml, NeedsAtLeastOnePair) {
    const std::string toml = good_case.substr(0, good_case.find("b4c11"));
    EXPECT_THAT(mistakes_of(toml), ElementsAre(HasSubstr(":18: [pairs] declares no pair")));
}

TEST_F(CaseToml, NeedsCasePyBesideIt) {
    write("my_cache", good_case);
    std::filesystem::remove(cases / "my_cache" / "case.py");
    EXPECT_THAT(messages(load_case(cases / "my_cache" / "case.toml").error()),
                ElementsAre("my_cache/case.toml:2: case.py is missing beside case.toml (it defines "
                            "the cache class, the model and the "
                            "pytree functions)"));
}

TEST_F(CaseToml, RefusesAFolderWhoseNameIsNoPartOfACellName) {
    for (const std::string name : {"my cache", "my*", "[x]", "-x", "caché"}) {
        write(name, good_case);
        const auto one = load_case(cases / name / "case.toml");
        ASSERT_FALSE(one) << name;
        EXPECT_THAT(messages(one.error()),
                    ElementsAre(HasSubstr("cannot be part of a cell's name")))
            << name;
    }
}

TEST_F(CaseToml, RefusesBytesThatAreNoText) {
    EXPECT_THAT(mistakes_of("summary = \"\xFF\"\n"),
                ElementsAre(HasSubstr("my_cache/case.toml:1: not TOML")));
}

TEST_F(CasesFolder, LoadsInNameOrderAndSkipsWhatIsNoCase) {
    write("b", good_case);
    write("a", good_case);
    ASSERT_TRUE(write_file(cases / "notes" / "text.md", ""));
    ASSERT_TRUE(write_file(cases / ".hidden" / "case.toml", "broken"));
    const auto loaded = load_cases(cases).value();
    ASSERT_EQ(loaded.size(), 2U);
    EXPECT_EQ(loaded[0].name, "a");
    EXPECT_EQ(loaded[1].name, "b");
}

TEST_F(CasesFolder, TakesPythonFilesThatCasesShareForNoCase) {
    write("a", good_case);
    ASSERT_TRUE(write_file(cases / "caches.py", ""));
    ASSERT_TRUE(write_file(cases / "case.py", ""));
    ASSERT_TRUE(write_file(cases / "__pycache__" / "caches.cpython-311.pyc", ""));
    EXPECT_EQ(load_cases(cases).value().size(), 1U);
}

TEST_F(CasesFolder, ReportsTheMistakesOfAllFiles) {
    write("a", with("\"module\"", "\"modul\""));
    write("b", with("[1, 512]", "[9, 1]"));
    EXPECT_THAT(messages(load_cases(cases).error()),
                ElementsAre(HasSubstr("a/case.toml:4:"), HasSubstr("b/case.toml:15:")));
}

TEST_F(CasesFolder, RefusesTheSameFolderTwice) {
    write("a", good_case);
    std::filesystem::create_directory_symlink("a", cases / "b");
    EXPECT_THAT(messages(load_cases(cases).error()),
                ElementsAre("b/case.toml:1: duplicate case: the folder is the same as a (remove "
                            "the symbolic link)"));
}

TEST_F(CasesFolder, RefusesNamesThatDifferOnlyByLetterCase) {
    write("Cache", good_case);
    write("cache", good_case);
    EXPECT_THAT(messages(load_cases(cases).error()),
                ElementsAre("cache/case.toml:1: duplicate case: the name differs from \"Cache\" "
                            "only by letter case (rename one of the folders)"));
}

TEST_F(CasesFolder, RefusesACaseWithoutDeclaration) {
    write("a", good_case);
    write("b", good_case, "case.tml");
    EXPECT_THAT(messages(load_cases(cases).error()),
                ElementsAre(HasSubstr("b/case.toml: is missing, but there is a case.py")));
}

TEST_F(CasesFolder, RefusesAFolderWithoutAnyCase) {
    EXPECT_THAT(to_string(load_cases(cases).error().front()), HasSubstr("has no case"));
    EXPECT_THAT(to_string(load_cases(cases / "none").error().front()),
                HasSubstr("No such file or directory (name one with --cases DIR)"));
}

}  // namespace
}  // namespace exportgate::matrix
