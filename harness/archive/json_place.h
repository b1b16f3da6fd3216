// A place in a JSON document that somebody else wrote. What is missing or of another type is noted
// once, with its place; the reader goes on with empty values and asks at the end.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace exportgate::archive {

/// The first mistake of a document.
class FirstMistake {
  public:
    void note(const std::string& place, const std::string& what);
    bool none() const {
        return what_.empty();
    }
    /// "the graph cannot be read: <place>: <what>"
    const std::string& what() const {
        return what_;
    }

  private:
    std::string what_;
};

class Place {
  public:
    /// Both must outlive it.
    Place(const nlohmann::json& value, std::string name, FirstMistake& mistake)
        : value_(&value), name_(std::move(name)), mistake_(&mistake) {}

    /// A member; a mistake where there is none.
    Place at(const char* key) const;
    /// A member; nothing where there is none, or where it is null.
    std::optional<Place> find(const char* key) const;
    std::vector<Place> items() const;
    std::vector<std::pair<std::string, Place>> members() const;
    std::string text() const;
    std::int64_t integer() const;
    bool boolean() const;
    /// A number, or one of "Infinity", "-Infinity" and "NaN".
    double number() const;
    /// The only member of a tagged union: its tag and its value. A mistake where there are others.
    std::pair<std::string, Place> tagged() const;

    bool is_null() const {
        return value_->is_null();
    }
    const nlohmann::json& json() const {
        return *value_;
    }
    const std::string& name() const {
        return name_;
    }
    void note(const std::string& what) const {
        mistake_->note(name_, what);
    }

  private:
    const nlohmann::json* value_;
    std::string name_;
    FirstMistake* mistake_;
};

/// The document that `text` spells. Errors: no JSON, nested deeper than 150 (the stack is finite),
/// a key that stands twice in one object.
Result<nlohmann::json> parse_document(std::string_view text, const std::string& shown);

}  // namespace exportgate::archive
