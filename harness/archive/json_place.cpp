#include "archive/json_place.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace exportgate::archive {
namespace {

const nlohmann::json& nothing() {
    static const nlohmann::json null;
    return null;
}

}  // namespace

void FirstMistake::note(const std::string& place, const std::string& what) {
    if (what_.empty()) what_ = fmt::format("{}: {:.300}", place, what);
}

Place Place::at(const char* key) const {
    const std::string name = name_ + "." + key;
    if (value_->is_object()) {
        const auto member = value_->find(key);
        if (member != value_->end()) return {*member, name, *mistake_};
    }
    mistake_->note(name, "is missing");
    return {nothing(), name, *mistake_};
}

std::optional<Place> Place::find(const char* key) const {
    if (!value_->is_object()) {
        note("is no object");
        return std::nullopt;
    }
    const auto member = value_->find(key);
    if (member == value_->end() || member->is_null()) return std::nullopt;
    return Place{*member, name_ + "." + key, *mistake_};
}

std::vector<Place> Place::items() const {
    std::vector<Place> items;
    if (!value_->is_array()) {
        note("is no list");
        return items;
    }
    for (const nlohmann::json& item : *value_)
        items.emplace_back(item, fmt::format("{}[{}]", name_, items.size()), *mistake_);
    return items;
}

std::vector<std::pair<std::string, Place>> Place::members() const {
    std::vector<std::pair<std::string, Place>> members;
    if (!value_->is_object()) {
        note("is no object");
        return members;
    }
    for (const auto& [key, value] : value_->items())
        members.emplace_back(key, Place{value, name_ + "." + key, *mistake_});
    return members;
}

std::string Place::text() const {
    if (value_->is_string()) return value_->get<std::string>();
    note("is no text");
    return {};
}

std::int64_t Place::integer() const {
    if (value_->is_number_integer() &&
        !(value_->is_number_unsigned() &&
          value_->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())) {
        return value_->get<std::int64_t>();
    }
    note("is no integer of 64 bits");
    return 0;
}

bool Place::boolean() const {
    if (value_->is_boolean()) return value_->get<bool>();
    note("is neither true nor false");
    return false;
}

double Place::number() const {
    if (value_->is_number()) return value_->get<double>();
    if (*value_ == "Infinity") return std::numeric_limits<double>::infinity();
    if (*value_ == "-Infinity") return -std::numeric_limits<double>::infinity();
    if (*value_ != "NaN") note("is no number");
    return std::nan("");
}

std::pair<std::string, Place> Place::tagged() const {
    if (value_->is_object() && value_->size() == 1) {
        const auto member = value_->begin();
        return {member.key(), Place{member.value(), name_ + "." + member.key(), *mistake_}};
    }
    note("is not one of several kinds");
    return {"", Place{nothing(), name_, *mistake_}};
}

}  // namespace exportgate::archive
