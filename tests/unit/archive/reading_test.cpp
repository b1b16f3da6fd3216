#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "archive/carried.h"
#include "archive/pickle.h"
#include "archive/python_text.h"
#include "archive/sympy_text.h"
#include "archive/zip_file.h"
#include "base/files.h"
#include "zip_of.h"

namespace exportgate::archive {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

TEST(SizeText, WritesConstructorsOfSympyAsPrintsDo) {
    const std::string s5 = "Symbol('s5', positive=True, integer=True)";
    EXPECT_EQ(size_text(s5), "s5");
    EXPECT_EQ(size_text("Add(" + s5 + ", Integer(-1))"), "(s5 + -1)");
    EXPECT_EQ(size_text("Mul(Integer(6), " + s5 + ")"), "(6*s5)");
    EXPECT_EQ(size_text("Max(Integer(1), " + s5 + ")"), "Max(1, s5)");
    EXPECT_EQ(size_text("FloorDiv(" + s5 + ", Integer(2))"), "(s5//2)");
    EXPECT_EQ(size_text("Equality(" + s5 + ", Integer(2))"), "Eq(s5, 2)");
    EXPECT_EQ(size_text("Float('0.5', precision=53)"), "0.5");
    EXPECT_EQ(size_text("Float('-1.0000000000000001e-5', precision=53)"), "-1.0000000000000001e-5");
    EXPECT_EQ(size_text("Float('1.0e+20', precision=53)"), "1.0e+20");
    EXPECT_EQ(size_text("BitwiseFn_bitwise_or(" + s5 + ", Integer(3))"), "(s5 | 3)");
    EXPECT_EQ(size_text("Function('BitwiseFn_bitwise_and')(" + s5 + ", Integer(3))"), "(s5 & 3)");
    EXPECT_EQ(size_text("Function('f')(" + s5 + ")"), "f(s5)");
    EXPECT_EQ(size_text("s5 + 1"), "s5 + 1");
    for (const std::string bad :
         {"Add(", "Add()", "Pow(Integer(1))", "Symbol('s5'", "Symbol('a b')", "Symbol('s5') + 1",
          "", "x'", "Float('1 + 1', precision=53)", "Symbol('a-b')", "Function('f')",
          "Function('f g')(s5)"})
        EXPECT_FALSE(size_text(bad)) << bad;
    EXPECT_FALSE(size_text(std::string(1000, 'A') + "Integer(" + std::string(3, '(')));
}

TEST(SizeText, OfRenamedSymbolsHasOneOrder) {
    const SymbolNames first{{"s5", "s0"}, {"s7", "s1"}};
    const SymbolNames second{{"s9", "s0"}, {"s2", "s1"}};
    EXPECT_EQ(size_text("Add(Symbol('s5'), Symbol('s7'))", &first),
              size_text("Add(Symbol('s2'), Symbol('s9'))", &second));
}

TEST(PythonText, IsThatOfRepr) {
    EXPECT_EQ(python_float(-1), "-1.0");
    EXPECT_EQ(python_float(0.1), "0.1");
    EXPECT_EQ(python_float(0), "0.0");
    EXPECT_EQ(python_float(1e15), "1000000000000000.0");
    EXPECT_EQ(python_float(1e16), "1e+16");
    EXPECT_EQ(python_float(0.0001), "0.0001");
    EXPECT_EQ(python_float(1e-5), "1e-05");
    EXPECT_EQ(python_float(-INFINITY), "-inf");
    EXPECT_EQ(python_string("it's"), "\"it's\"");
    EXPECT_EQ(python_string("a'\"\n\\\x01"), R"('a\'"\n\\\x01')");
    EXPECT_EQ(target_string("it's \"\n"), R"('it's "\n')");
    for (const char* name : {"torch.ops.aten.add.Tensor", "torch.ops.aten.where.self"})
        EXPECT_TRUE(is_dotted_name(name)) << name;
    for (const char* bad : {"", "a..b", "a b", "1a", "a.", "a\n", "None", "self.a", "a.1"})
        EXPECT_FALSE(is_dotted_name(bad)) << bad;
}

TEST(Pickle, IsReadAsDataAndNeverCalled) {
    // {"a": os.system("ls")}
    const auto read = read_pickle(
        "\x80\x02}X\x01\x00\x00\x00"s + "acos\nsystem\nX\x02\x00\x00\x00ls\x85Rs."s, "f");
    ASSERT_TRUE(read) << to_string(read.error());
    ASSERT_EQ(read->root->pairs.size(), 1u);
    const Pickled& call = *read->root->pairs[0].second;
    EXPECT_EQ(call.kind, Pickled::Kind::call);
    EXPECT_EQ(call.items[0]->text, "os.system");
    EXPECT_EQ(call.items[1]->items[0]->text, "ls");
}

TEST(Pickle, IntegersHaveTheirSigns) {
    const auto read = read_pickle("(K\xffM\x01\x02J\xff\xff\xff\xff\x8a\x01\x80\x8a\x00t."s, "f");
    ASSERT_TRUE(read) << to_string(read.error());
    std::vector<std::int64_t> found;
    for (const PickledRef& item : read->root->items)
        found.push_back(item->integer);
    EXPECT_EQ(found, (std::vector<std::int64_t>{255, 513, -1, -128, 0}));
}

TEST(Pickle, WhatIsNotUnderstoodIsAnError) {
    for (const auto& [bytes, says] :
         std::vector<std::pair<std::string, std::string>>{{"", "truncated"},
                                                          {"X\xff\xff\xff\xff", "truncated"},
                                                          {"cos", "truncated"},
                                                          {"R.", "more values than it has"},
                                                          {"t.", "more values than it has"},
                                                          {"h\x07.", "not stored"},
                                                          {"NN.", "one value"},
                                                          {"N.N", "one value"},
                                                          {"NNs.", "more values"},
                                                          {"\x8a\x09", "64 bits"},
                                                          {"z", "unknown opcode"}}) {
        const auto read = read_pickle(bytes, "f");
        ASSERT_FALSE(read) << says;
        EXPECT_THAT(to_string(read.error()), HasSubstr(says));
    }
}

TEST(Pickle, DeepAndCircularValuesNeedNoStack) {
    EXPECT_TRUE(read_pickle(")" + std::string(1'000'000, '\x85') + ".", "f"));
    EXPECT_TRUE(read_pickle("]q\x01h\x01"s + "a.", "f"));
}

TEST(Pickle, ThatNeedsMuchMoreMemoryThanItsBytesIsRefused) {
    const auto many = read_pickle("(" + std::string(5'000'000, 'N') + "t.", "f");
    ASSERT_FALSE(many);
    EXPECT_THAT(to_string(many.error()), HasSubstr("more than 4000000 values"));
    // A text of 1 MiB, which is joined with itself.
    std::string joined = "X"s + std::string("\0\0\x10\0", 4) + std::string(1 << 20, 'a') + "q\0"s;
    for (int i = 0; i < 1000; ++i)
        joined += "h\0h\0\x93"s;
    const auto long_texts = read_pickle(joined, "f");
    ASSERT_FALSE(long_texts);
    EXPECT_THAT(to_string(long_texts.error()), HasSubstr("bytes of text"));
}

/// A folder of its own, which goes with the test.
class ZipFiles : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("exportgate-zip-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override {
        std::filesystem::remove_all(folder_);
    }

    std::string write(const std::string& bytes) {
        const std::string path = folder_ / "a.pt2";
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

    static std::string real() {
        return *read_file(std::string(EXPORTGATE_TEST_DATA) + "/archives/2.13.0.pt2");
    }

    /// `from` in place of `to` everywhere, which has the same length.
    static std::string with(std::string bytes, const std::string& from, const std::string& to) {
        for (std::size_t at = 0; (at = bytes.find(from, at)) != std::string::npos; at += to.size())
            bytes.replace(at, from.size(), to);
        return bytes;
    }

    std::filesystem::path folder_;
};

TEST_F(ZipFiles, ThatAreTruncatedAreRefusedOrHaveDamagedEntries) {
    const std::string whole = real();
    for (const std::size_t size : {0ul, 3ul, 30ul, whole.size() / 2, whole.size() - 30})
        EXPECT_FALSE(ZipFile::open(write(whole.substr(0, size)))) << size;
    EXPECT_TRUE(ZipFile::open(write(whole)));
    EXPECT_FALSE(ZipFile::open(folder_ / "none.pt2"));
}

TEST_F(ZipFiles, ADamagedEntryIsAnError) {
    std::string bytes = real();
    const std::size_t at = bytes.find("range_constraints");
    ASSERT_NE(at, std::string::npos);
    bytes[at] = 'R';
    const auto file = ZipFile::open(write(bytes));
    ASSERT_TRUE(file);
    const Entry* entry = file->find("2.13.0/models/model.json");
    ASSERT_NE(entry, nullptr);
    const auto read = file->read(*entry, 1 << 30);
    ASSERT_FALSE(read);
    EXPECT_THAT(to_string(read.error()), HasSubstr("model.json is damaged"));
    EXPECT_THAT(to_string(file->read(*entry, 10).error()), HasSubstr("more than 10"));
}

TEST_F(ZipFiles, WithNamesThatLeadOutOrStandTwiceAreRefused) {
    const auto out =
        ZipFile::open(write(with(real(), "2.13.0/archive_format", "../../etc/archive_for")));
    ASSERT_FALSE(out);
    EXPECT_THAT(to_string(out.error()), HasSubstr("leads out of the archive"));
    const auto twice = ZipFile::open(write(with(real(), "weights/weight_0", "weights/weight_1")));
    ASSERT_FALSE(twice);
    EXPECT_THAT(to_string(twice.error()), HasSubstr("two entries"));
}

Carried tensor_in(const std::shared_ptr<const ZipFile>& file, const std::string& entry) {
    Carried tensor;
    tensor.dtype = "float32";
    tensor.file = file;
    tensor.entry = *file->find("2.13.0/data/" + entry);
    return tensor;
}

TEST_F(ZipFiles, ValuesAreComparedInRowMajorOrderWhateverTheirStrides) {
    const std::string path = write(real());
    const auto open = [&] { return std::make_shared<const ZipFile>(*ZipFile::open(path)); };
    Carried a = tensor_in(open(), "weights/weight_0");
    Carried b = tensor_in(open(), "weights/weight_0");
    a.shape = b.shape = {2, 6};
    a.strides = b.strides = {1, 2};
    EXPECT_EQ(*compare_values(a, b), "");
    b.strides = {6, 1};
    EXPECT_EQ(*compare_values(a, b), "10 of 12 values differ, the first at [0, 1]");
    a.shape = b.shape = {2, 2};
    a.strides = b.strides = {2, 1};
    b.offset = 4;
    EXPECT_EQ(*compare_values(a, b), "4 of 4 values differ, the first at [0, 0]");
    b.offset = 9;
    EXPECT_THAT(to_string(compare_values(a, b).error()), HasSubstr("too short"));
    b.strides = {-1, 1};
    EXPECT_FALSE(compare_values(a, b));
    b.strides = {std::int64_t{1} << 62, 1};
    EXPECT_FALSE(compare_values(a, b));
}

TEST_F(ZipFiles, ValuesThatRepeatAreComparedOnce) {
    const std::string path = write(real());
    const auto open = [&] { return std::make_shared<const ZipFile>(*ZipFile::open(path)); };
    Carried a = tensor_in(open(), "weights/weight_0");
    Carried b = tensor_in(open(), "weights/weight_0");
    a.shape = b.shape = {std::int64_t{1} << 55, 2};
    a.strides = b.strides = {0, 1};
    EXPECT_EQ(*compare_values(a, b), "");
    b.offset = 1;
    EXPECT_EQ(*compare_values(a, b),
              "72057594037927936 of 72057594037927936 values differ, the first at [0, 0]");
    // Repeated in one of them only.
    a.shape = b.shape = {2, 6};
    b.offset = 0;
    b.strides = {6, 1};
    EXPECT_EQ(*compare_values(a, b), "6 of 12 values differ, the first at [1, 0]");
}

TEST_F(ZipFiles, ValuesThatOverlapWithoutEndAreRefused) {
    const auto file = std::make_shared<const ZipFile>(*ZipFile::open(write(real())));
    Carried tensor;
    tensor.dtype = "uint8";
    tensor.file = file;
    tensor.entry = *file->find("2.13.0/models/model.json");
    tensor.shape = std::vector<std::int64_t>(28, 2);
    tensor.strides = std::vector<std::int64_t>(28, 1);
    EXPECT_THAT(to_string(compare_values(tensor, tensor).error()),
                HasSubstr("has 268435456 values that overlap, more than 134217728"));
    tensor.shape = {std::int64_t{1} << 62, std::int64_t{1} << 62};
    tensor.strides = {0, 0};
    EXPECT_THAT(to_string(compare_values(tensor, tensor).error()), HasSubstr("no tensor has"));
}

TEST_F(ZipFiles, ObjectsOfOneEntryShareTheFileAndAreReadOnce) {
    const std::string two_objects = "\x80\x02}(X\1\0\0\0aNX\1\0\0\0bK\1u."s;
    const std::string saved =
        zip_of({{"a/data.pkl", two_objects}, {"a/more", std::string(1 << 20, 'a')}});
    const std::string path = write(zip_of({{"saved.pt", saved}}));
    const auto open = [&] {
        auto file = ZipFile::open(path);
        if (!file) throw std::runtime_error(to_string(file.error()));
        return std::make_shared<const ZipFile>(std::move(*file));
    };
    std::map<std::string, std::vector<Carried>> carried;
    for (const auto& file : {open(), open()}) {
        CarriedByName tensors;
        const auto added = add_saved_tensors(file, *file->find("saved.pt"), tensors);
        ASSERT_TRUE(added) << to_string(added.error());
        for (const auto& [name, tensor] : tensors) {
            EXPECT_EQ(tensor.file, file);
            carried[name].push_back(tensor);
        }
    }
    EXPECT_EQ(*compare_values(carried.at("a")[0], carried.at("a")[1]), "");
    std::filesystem::resize_file(path, 0);
    EXPECT_EQ(*compare_values(carried.at("b")[0], carried.at("b")[1]), "");
}

}  // namespace
}  // namespace exportgate::archive
