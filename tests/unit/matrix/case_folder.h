// A folder of cases on disk, for tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.h"
#include "matrix/case.h"

namespace exportgate::matrix {

inline const std::string good_case = R"(summary = "two lists of tensors"
class = "DynamicCache"
first_torch = "2.6.0"
kinds = ["plain", "module"]

[inputs]
x = ["batch", 8, 7, 1]
"dc.key_cache[0]" = ["batch", 8, "length", 6]
"dc.a_mask" = { shape = ["batch", "length"], dtype = "int64" }

[outputs]
y = ["batch", 8, 7, 6]

[dims]
length = [1, 512]
batch = [1, 1024]

[pairs]
b4c11 = { batch = 4, length = 11 }
b3c5 = { length = 5, batch = 3 }
)";

class CaseFolder : public ::testing::Test {
  protected:
    CaseFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "exportgate-cases-XXXXXX").string();
        cases = ::mkdtemp(pattern.data());
    }
    ~CaseFolder() override {
        std::filesystem::remove_all(cases);
    }

    void write(const std::string& case_name, const std::string& toml,
               const std::string& file = "case.toml") {
        ASSERT_TRUE(write_file(cases / case_name / file, toml));
        ASSERT_TRUE(write_file(cases / case_name / "case.py", ""));
    }

    /// The messages of all mistakes of the file, without the folder of the cases.
    std::vector<std::string> mistakes_of(const std::string& toml) {
        write("my_cache", toml);
        const auto one = load_case(cases / "my_cache" / "case.toml");
        return one ? std::vector<std::string>{} : messages(one.error());
    }

    std::vector<std::string> messages(const Errors& errors) const {
        std::vector<std::string> texts;
        for (const Error& error : errors) {
            std::string text = to_string(error);
            const std::string prefix = cases.string() + "/";
            for (std::size_t at = text.find(prefix); at != std::string::npos;
                 at = text.find(prefix))
                text.erase(at, prefix.size());
            texts.push_back(text);
        }
        return texts;
    }

    std::filesystem::path cases;
};

/// `good_case` with one line replaced.
inline std::string with(const std::string& before, const std::string& after) {
    std::string text = good_case;
    const std::size_t at = text.find(before);
    EXPECT_NE(at, std::string::npos) << before;
    return text.replace(at, before.size(), after);
}

}  // namespace exportgate::matrix
