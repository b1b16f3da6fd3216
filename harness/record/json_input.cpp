#include "record/json_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace exportgate::record {
namespace {

Json& nothing() {
    // Readers may move from what they are given: each gets a fresh null.
    thread_local Json null;
    null = nullptr;
    return null;
}

/// What messages call values of T.
struct Called {
    const char* one;
    const char* many;
};
template <class T>
constexpr Called called{"true or false", "true or false"};
template <>
constexpr Called called<std::string>{"a string", "strings"};
template <>
constexpr Called called<std::int64_t>{"an integer of 64 bits", "integers of 64 bits"};
template <>
constexpr Called called<double>{"a number", "numbers"};

// Each is false where `json` has another type.
bool take_out(Json& json, std::string& text) {
    auto* found = json.get_ptr<Json::string_t*>();
    if (found != nullptr) text = std::move(*found);
    return found != nullptr;
}

bool take_out(const Json& json, std::int64_t& number) {
    const bool fits = json.is_number_unsigned()
                          ? std::in_range<std::int64_t>(json.get<std::uint64_t>())
                          : json.is_number_integer();
    if (fits) number = json.get<std::int64_t>();
    return fits;
}

bool take_out(const Json& json, double& number) {
    if (json.is_number()) number = json.get<double>();
    return json.is_number();
}

bool take_out(const Json& json, bool& truth) {
    if (json.is_boolean()) truth = json.get<bool>();
    return json.is_boolean();
}

}  // namespace

Error Mistake::error() const {
    return Error{file_, line_, what_, ""};
}

Json parse_json(std::string_view text, Mistake& mistake) {
    std::vector<std::set<std::string>> keys_of_open_objects;
    const auto look = [&](int, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::object_start) {
            keys_of_open_objects.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            keys_of_open_objects.pop_back();
        } else if (event == Json::parse_event_t::key) {
            const auto& key = parsed.get_ref<const std::string&>();
            if (!keys_of_open_objects.back().insert(key).second)
                mistake.note("key \"{}\" stands twice in one object", key);
        }
        return true;
    };
    return Json::parse(text, look, false);
}

std::string_view type_of(const Json& value) {
    // In the order of nlohmann::detail::value_t.
    constexpr std::array<std::string_view, 10> names{
        "null",      "an object",  "an array",   "a string",
        "a boolean", "an integer", "an integer", "a floating-point number",
        "no JSON",   "no JSON"};
    return names.at(static_cast<std::size_t>(value.type()));
}

Object::Object(Json& value, std::string name, Mistake& mistake)
    : object_(value.is_object() ? &value : nullptr), name_(std::move(name)), mistake_(&mistake) {
    if (object_ == nullptr) note("{} is {}, expected an object", name_, type_of(value));
}

bool Object::has(const char* key) const {
    return object_ != nullptr && object_->contains(key);
}

bool Object::was_taken(std::string_view key) const {
    return std::find(taken_.begin(), taken_.end(), key) != taken_.end();
}

Json* Object::take(const char* key) {
    if (object_ == nullptr) return nullptr;
    const auto found = object_->find(key);
    if (found == object_->end()) {
        note("{} has no \"{}\"", name_, key);
        return nullptr;
    }
    if (!was_taken(key)) taken_.push_back(key);
    return &*found;
}

void Object::wrong_type(const char* key, const Json& value, const char* expected) {
    note("\"{}\" of {} is {}, expected {}", key, name_, type_of(value), expected);
}

Json& Object::value(const char* key) {
    Json* found = take(key);
    return found == nullptr ? nothing() : *found;
}

std::span<Json> Object::array(const char* key) {
    Json* found = take(key);
    if (found == nullptr) return {};
    if (auto* elements = found->get_ptr<Json::array_t*>()) return *elements;
    wrong_type(key, *found, "an array");
    return {};
}

template <class T>
void Object::get(const char* key, T& value) {
    Json* found = take(key);
    if (found != nullptr && !take_out(*found, value)) wrong_type(key, *found, called<T>.one);
}

void Object::get(const char* key, int& value) {
    const std::int64_t found = integer(key);
    if (std::in_range<int>(found)) {
        value = static_cast<int>(found);
    } else {
        note("\"{}\" is {}, out of range", key, found);
    }
}

template <class T>
void Object::get(const char* key, std::vector<T>& values) {
    for (Json& element : array(key)) {
        if (T value{}; take_out(element, value)) {
            values.push_back(std::move(value));
        } else {
            note("\"{}\" of {} holds {}, expected {}", key, name_, type_of(element),
                 called<T>.many);
        }
    }
}

template <class T>
void Object::get(const char* key, std::map<std::string, T>& values) {
    Json* found = take(key);
    if (found == nullptr) return;
    auto* object = found->get_ptr<Json::object_t*>();
    if (object == nullptr) return wrong_type(key, *found, "an object");
    for (auto& [name, element] : *object) {
        if (T value{}; take_out(element, value)) {
            values.emplace(name, std::move(value));
        } else {
            note("\"{}\" of \"{}\" is {}, expected {}", name, key, type_of(element), called<T>.one);
        }
    }
}

template void Object::get(const char*, std::string&);
template void Object::get(const char*, std::int64_t&);
template void Object::get(const char*, double&);
template void Object::get(const char*, bool&);
template void Object::get(const char*, std::vector<std::string>&);
template void Object::get(const char*, std::vector<std::int64_t>&);
template void Object::get(const char*, std::map<std::string, std::string>&);
template void Object::get(const char*, std::map<std::string, double>&);

void Object::finish() {
    if (object_ == nullptr || taken_.size() == object_->size()) return;
    for (const auto& [key, value] : object_->items()) {
        if (!was_taken(key)) note("{} has an unknown key \"{}\"", name_, key);
    }
}

}  // namespace exportgate::record
