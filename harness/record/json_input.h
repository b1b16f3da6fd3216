// Strict reading of JSON objects: every key is asked for by name, a missing one, one of another
// type and one that nobody asked for are mistakes. What is not understood is never passed over.
#pragma once

#include <fmt/format.h>

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
    template <class... Values>
    requires(sizeof...(Values) > 0) void note(fmt::format_string<const Values&...> what,
                                              const Values&... values) {
        note(fmt::format(what, values...));
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
    /// Somebody asked for it.
    bool was_taken(std::string_view key) const;

    // Each of these notes a mistake, and gives nothing, where the key is missing or has another
    // type. They move strings out of the object.

    /// Of std::string, std::int64_t, double, bool.
    template <class T>
    void get(const char* key, T& value);
    void get(const char* key, int& value);
    /// Of std::string, std::int64_t.
    template <class T>
    void get(const char* key, std::vector<T>& values);
    /// Of std::string, double.
    template <class T>
    void get(const char* key, std::map<std::string, T>& values);
    template <class T>
    T get(const char* key) {
        T value{};
        get(key, value);
        return value;
    }
    std::string string(const char* key) {
        return get<std::string>(key);
    }
    std::int64_t integer(const char* key) {
        return get<std::int64_t>(key);
    }
    /// The elements of an array.
    std::span<Json> array(const char* key);
    /// The value as it is, or a null.
    Json& value(const char* key);

    /// To call last: notes the keys that nobody asked for.
    void finish();

    template <class... Values>
    void note(fmt::format_string<const Values&...> what, const Values&... values) {
        mistake_->note(fmt::format(what, values...));
    }

    const std::string& name() const {
        return name_;
    }
    Mistake& mistake() {
        return *mistake_;
    }

  private:
    Json* take(const char* key);
    void wrong_type(const char* key, const Json& value, const char* expected);

    Json* object_;
    std::string name_;
    Mistake* mistake_;
    std::vector<const char*> taken_;
};

/// "a string", "null": what the value is, for messages.
std::string_view type_of(const Json& value);

}  // namespace exportgate::record
