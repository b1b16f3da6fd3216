#include "record/json_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace exportgate::record {
namespace {

Json& nothing() {
    // Readers may move from what they are given: each gets a fresh null.
    thread_local Json null;
    null = nullptr;
    return null;
}

bool fits_int64(const Json& value) {
    if (!value.is_number_integer()) return false;
    return !value.is_number_unsigned() ||
           value.get<std::uint64_t>() <=
               static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
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
                mistake.note(fmt::format("key \"{}\" stands twice in one object", key));
        }
        return true;
    };
    return Json::parse(text, look, false);
}

std::string_view type_of(const Json& value) {
    switch (value.type()) {
        case Json::value_t::null:
            return "null";
        case Json::value_t::object:
            return "an object";
        case Json::value_t::array:
            return "an array";
        case Json::value_t::string:
            return "a string";
        case Json::value_t::boolean:
            return "a boolean";
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
            return "an integer";
        case Json::value_t::number_float:
            return "a floating-point number";
        case Json::value_t::binary:
        case Json::value_t::discarded:
            break;
    }
    return "no JSON";
}

Object::Object(Json& value, std::string name, Mistake& mistake)
    : object_(value.is_object() ? &value : nullptr), name_(std::move(name)), mistake_(&mistake) {
    if (object_ == nullptr)
        mistake.note(fmt::format("{} is {}, expected an object", name_, type_of(value)));
}

bool Object::has(const char* key) const {
    return object_ != nullptr && object_->contains(key);
}

Json* Object::take(const char* key, bool required) {
    if (object_ == nullptr) return nullptr;
    const auto found = object_->find(key);
    if (found == object_->end()) {
        if (required) mistake_->note(fmt::format("{} has no \"{}\"", name_, key));
        return nullptr;
    }
    taken_.push_back(key);
    return &*found;
}

void Object::wrong_type(const char* key, const Json& value, std::string_view expected) {
    mistake_->note(
        fmt::format("\"{}\" of {} is {}, expected {}", key, name_, type_of(value), expected));
}

Json& Object::value(const char* key) {
    Json* found = take(key, true);
    return found == nullptr ? nothing() : *found;
}

std::string Object::string(const char* key) {
    Json* found = take(key, true);
    if (found == nullptr) return {};
    if (auto* text = found->get_ptr<Json::string_t*>()) return std::move(*text);
    wrong_type(key, *found, "a string");
    return {};
}

std::string Object::optional_string(const char* key) {
    return has(key) ? string(key) : std::string();
}

std::int64_t Object::integer(const char* key) {
    Json* found = take(key, true);
    if (found == nullptr) return 0;
    if (fits_int64(*found)) return found->get<std::int64_t>();
    wrong_type(key, *found, "an integer of 64 bits");
    return 0;
}

double Object::number(const char* key) {
    Json* found = take(key, true);
    if (found == nullptr) return 0;
    if (found->is_number()) return found->get<double>();
    wrong_type(key, *found, "a number");
    return 0;
}

bool Object::boolean(const char* key) {
    Json* found = take(key, true);
    if (found == nullptr) return false;
    if (found->is_boolean()) return found->get<bool>();
    wrong_type(key, *found, "true or false");
    return false;
}

std::span<Json> Object::array(const char* key) {
    Json* found = take(key, true);
    if (found == nullptr) return {};
    if (auto* elements = found->get_ptr<Json::array_t*>()) return *elements;
    wrong_type(key, *found, "an array");
    return {};
}

std::vector<std::string> Object::strings(const char* key) {
    std::vector<std::string> texts;
    for (Json& element : array(key)) {
        if (auto* text = element.get_ptr<Json::string_t*>()) {
            texts.push_back(std::move(*text));
        } else {
            mistake_->note(fmt::format("\"{}\" of {} holds {}, expected strings", key, name_,
                                       type_of(element)));
        }
    }
    return texts;
}

std::vector<std::int64_t> Object::integers(const char* key) {
    std::vector<std::int64_t> numbers;
    for (Json& element : array(key)) {
        if (fits_int64(element)) {
            numbers.push_back(element.get<std::int64_t>());
        } else {
            mistake_->note(fmt::format("\"{}\" of {} holds {}, expected integers of 64 bits", key,
                                       name_, type_of(element)));
        }
    }
    return numbers;
}

std::map<std::string, double> Object::numbers_by_name(const char* key) {
    std::map<std::string, double> numbers;
    Json* found = take(key, true);
    if (found == nullptr) return numbers;
    if (!found->is_object()) wrong_type(key, *found, "an object");
    if (!found->is_object()) return numbers;
    for (const auto& [name, value] : found->items()) {
        if (!value.is_number()) {
            mistake_->note(fmt::format("\"{}\" of \"{}\" is {}, expected a number", name, key,
                                       type_of(value)));
            continue;
        }
        numbers.emplace(name, value.get<double>());
    }
    return numbers;
}

std::map<std::string, std::string> Object::strings_by_name(const char* key) {
    std::map<std::string, std::string> texts;
    Json* found = take(key, true);
    if (found == nullptr) return texts;
    if (!found->is_object()) wrong_type(key, *found, "an object");
    if (!found->is_object()) return texts;
    for (const auto& [name, value] : found->items()) {
        if (!value.is_string()) {
            mistake_->note(fmt::format("\"{}\" of \"{}\" is {}, expected a string", name, key,
                                       type_of(value)));
            continue;
        }
        texts.emplace(name, value.get<std::string>());
    }
    return texts;
}

void Object::finish() {
    if (object_ == nullptr || taken_.size() == object_->size()) return;
    for (const auto& [key, value] : object_->items()) {
        const bool known = std::find(taken_.begin(), taken_.end(), key) != taken_.end();
        if (!known) mistake_->note(fmt::format("{} has an unknown key \"{}\"", name_, key));
    }
}

}  // namespace exportgate::record
