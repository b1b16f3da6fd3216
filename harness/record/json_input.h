// Strict reading of JSON objects: every key is asked for by name, a missing one, one of another
// type and one that nobody asked for are mistakes. What is not understood is never passed over.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace exportgate::record {

using Json = nlohmann::json;

/// The first mistake of one line of a file. Readers go on with empty values after it; who asked
/// looks here at the end.
class Mistake {
  public:
    Mistake(const std::string& file, int line) : file_(file), line_(line) {}

    void note(std::string what) {
        if (what_.empty()) what_ = std::move(what);
    }
    bool none() const {
        return what_.empty();
    }
    Error error() const;

  private:
    const std::string& file_;
    int line_;
    std::string what_;
};

/// The value that `text` spells; discarded where it is no JSON. A key that stands twice in one
/// object is a mistake: of two values the last would count, and nobody would see the first.
Json parse_json(std::string_view text, Mistake& mistake);

/// Reads one object, key by key. `name` is what messages call it: "exported", "check \"run\"".
class Object {
  public:
    Object(Json& value, std::string name, Mistake& mistake);

    bool has(const char* key) const;

    // Each of these notes a mistake and returns an empty value where the key is missing or has
    // another type.
    std::string string(const char* key);
    std::int64_t integer(const char* key);
    double number(const char* key);
    bool boolean(const char* key);
    std::vector<std::string> strings(const char* key);
    std::vector<std::int64_t> integers(const char* key);
    std::map<std::string, double> numbers_by_name(const char* key);
    std::map<std::string, std::string> strings_by_name(const char* key);
    /// The elements of an array; empty where it is none.
    std::span<Json> array(const char* key);
    /// The value as it is; a null where it is missing.
    Json& value(const char* key);

    std::string optional_string(const char* key);

    /// To call last: notes the keys that nobody asked for.
    void finish();

  private:
    Json* take(const char* key, bool required);
    void wrong_type(const char* key, const Json& value, std::string_view expected);

    Json* object_;
    std::string name_;
    Mistake* mistake_;
    std::vector<const char*> taken_;
};

/// "a string", "null": what the value is, for messages.
std::string_view type_of(const Json& value);

}  // namespace exportgate::record
