// Typed access to a TOML file that collects every mistake with its line instead of stopping at the
// first, and that gives the entries of a table in the order of the file (toml++ keeps them sorted
// by name).
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace exportgate::matrix {

/// The mistakes of one file, in the order of their lines.
class Mistakes {
  public:
    explicit Mistakes(std::string file) : file_(std::move(file)) {}

    void add(int line, std::string what, std::string remedy = "");
    const std::string& file() const {
        return file_;
    }
    bool none() const {
        return errors_.empty();
    }
    Errors take();

  private:
    std::string file_;
    Errors errors_;
};

struct Entry {
    std::string name;
    int line = 0;
    const toml::node* value = nullptr;
};

/// The entries of `table` in the order of the file.
std::vector<Entry> entries_of(const toml::table& table);

int line_of(const toml::node& node);

/// `did you mean "length"?`, or `expected one of: ...` where nothing is near; "" where there is
/// nothing to choose from.
std::string suggestion(std::string_view word, std::span<const std::string> choices);

/// What the value is, for messages: "a string", "an array".
std::string_view kind_of(const toml::node& node);

/// "" and a mistake where the value is not a string.
std::string read_string(const Entry& entry, Mistakes& mistakes);

/// nullopt and a mistake where the node is not an integer. `name` is what the message calls it.
std::optional<std::int64_t> read_integer(const toml::node& node, std::string_view name,
                                         Mistakes& mistakes);

/// Null and a mistake where the value is not a table, or not an array.
const toml::table* read_table(const Entry& entry, Mistakes& mistakes);
const toml::array* read_array(const Entry& entry, Mistakes& mistakes);

/// Indices into `choices` of an array of distinct words, at least one.
std::vector<std::size_t> read_choices(const Entry& entry, std::span<const std::string> choices,
                                      std::string_view what_one_is, Mistakes& mistakes);

}  // namespace exportgate::matrix
