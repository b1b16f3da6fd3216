// Small goldens and outcomes for the tests, and a scratch folder that removes itself.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/files.h"
#include "golden/golden.h"

namespace exportgate::golden::samples {

namespace fs = std::filesystem;

inline const std::string named_cell = "plain/strict/named/b3c5";
inline const std::string auto_cell = "plain/strict/auto/b3c5";

inline outcome::Outcome exported(const std::string& body,
                                 std::vector<outcome::CheckResult> checks = {
                                     {"dims", outcome::CheckStatus::pass, {}},
                                     {"run", outcome::CheckStatus::pass, {}}}) {
    return {outcome::Status::exported, "exportgate graph 2\n" + body + "\n", std::move(checks)};
}

/// Two outcomes that differ in their text only.
inline const outcome::Outcome a = exported("a");
inline const outcome::Outcome b = exported("b");

inline outcome::Outcome rejected(const std::string& message, const std::string& stage = "export") {
    return {outcome::Status::rejected,
            "exportgate rejected 2\nstage: " + stage + "\nexception: ValueError\nmessage:\n  " +
                message + "\n",
            {}};
}

inline outcome::Outcome with_decomposed(outcome::Outcome outcome, const std::string& body) {
    outcome.decomposed = "exportgate graph 2\n" + body + "\n";
    return outcome;
}

inline record::Environment torch(const std::string& version, const std::string& python = "3.11.2") {
    record::Environment environment;
    environment.name = "default";
    environment.torch = version;
    environment.torch_build = version + "+cpu";
    environment.python = python;
    environment.platform = "linux-x86_64";
    environment.packages = {{"torch", version}, {"numpy", "2.1.0"}};
    return environment;
}

inline matrix::Cell cell(const std::string& name_in_folder) {
    return *matrix::parse_cell("mine/" + name_in_folder);
}

class Folder {
  public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "exportgate-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    const fs::path& path() const {
        return path_;
    }

    /// Every file with its bytes, by its path inside the folder.
    std::map<std::string, std::string> files() const {
        std::map<std::string, std::string> all;
        for (const auto& entry : fs::recursive_directory_iterator(path_)) {
            if (entry.is_regular_file())
                all[fs::relative(entry.path(), path_).string()] = *read_file(entry.path());
        }
        return all;
    }

  private:
    fs::path path_;
};

inline std::string all_of(const Errors& errors) {
    std::string text;
    for (const Error& error : errors)
        text += to_string(error) + "\n";
    return text;
}

/// The outcome that `golden` expects of `name` in `environment`; an empty one where it expects
/// nothing.
inline outcome::Outcome expected_outcome(const Golden& golden, const std::string& name,
                                         const record::Environment& environment) {
    const Expectation expectation = expected(golden, cell(name), environment);
    return expectation.row == nullptr ? outcome::Outcome{} : expectation.row->outcome;
}

}  // namespace exportgate::golden::samples
