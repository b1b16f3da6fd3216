// Structs whose fields are described once, for reading them from JSON and for writing them:
//
//   template <>
//   inline constexpr auto described<Crashed> = Fields("\"crashed\"", [](auto& of, auto& crashed) {
//       of.required("stage", crashed.stage, Stage());
//       of.required("signal", crashed.signal);
//       of.required("exit_code", crashed.exit_code);
//   });
//
// `of` is a Reader or a Writer: keys are read and written in the order of the description. A form,
// like Stage, says how a member is spelt where its type does not. The schema in docs/schemas is
// compared with the descriptions (tests/unit/record/schema_test.cpp).
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "record/json_input.h"

namespace exportgate::record {

using Ordered = nlohmann::ordered_json;

template <class Describe>
struct Fields {
    const char* name;  // of such an object in messages
    Describe describe;

    constexpr Fields(const char* called, Describe how) : name(called), describe(how) {}
};

template <class T>
inline constexpr auto described = nullptr;

template <class T>
inline constexpr bool has_fields = !std::is_same_v<const std::nullptr_t, decltype(described<T>)>;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = has_fields<T>;
/// Of what has fields, or is spelt as its type says: of all else a form says how.
template <class T, class... How>
inline constexpr bool is_optional = false;
template <class T, class... How>
inline constexpr bool is_optional<std::optional<T>, How...> = has_fields<T> || sizeof...(How) == 0;

/// An alternative of a variant, under its own key.
template <class T>
struct Alternative {
    const char* key;
};

// `how` is a form, or, of what has fields itself, what its description needs to know besides.
class Reader : public Object {
  public:
    Reader(Json& json, const char* name, Mistake& mistake, int nested = 1)
        : Object(json, name, mistake), nested_(nested) {}

    void required(const char* key, auto& member, auto&&... how) {
        if (!was_taken(key)) read(key, member, how...);
    }
    /// Left out where it is empty.
    void optional(const char* key, auto& member, auto&&... how) {
        if (has(key)) required(key, member, how...);
    }
    /// Left out where it is `usual`.
    void with_default(const char* key, auto& member, const auto& /*usual*/) {
        optional(key, member);
    }
    /// Always written.
    void may_be_missing(const char* key, auto& member) {
        optional(key, member);
    }
    /// Read before what is described ahead of it, and needs it.
    void read_first(const char* key, auto& member) {
        required(key, member);
    }
    /// Exactly one of them.
    template <class... T>
    void one_of(auto& member, Alternative<T>... alternative) {
        int found = 0;
        const auto read_one = [&]<class One>(Alternative<One> one) {
            if (!has(one.key)) return;
            ++found;
            read(one.key, member.template emplace<One>());
        };
        (read_one(alternative), ...);
        if (found == 1) return;
        const std::initializer_list<const char*> keys{alternative.key...};
        const std::string expected = fmt::format("{}", fmt::join(keys, ", "));
        note("{} has {} results, expected one of {}", name(), found, expected);
    }
    /// Keys that depend on the value.
    void by_hand(auto& member, const auto& form) {
        form.read(*this, member);
    }
    /// `find` notes what members break together.
    template <class T>
    void check(const T& value, void (*find)(const T&, Mistake&)) {
        find(value, mistake());
    }

    template <class T, class... How>
    void read(const char* key, T& member, How&... how) {
        if constexpr (has_fields<T>) {
            read_struct(value(key), member, how...);
        } else if constexpr (is_list<T>) {
            for (Json& element : array(key))
                read_struct(element, member.emplace_back(), how...);
        } else if constexpr (is_optional<T, How...>) {
            read(key, member.emplace(), how...);
        } else if constexpr (sizeof...(how) == 0) {
            get(key, member);
        } else {
            (how.read(*this, key, member), ...);
        }
    }

    /// All fields of `value`. What is there besides is a mistake.
    template <class T>
    void read_fields(T& value, auto&... how) {
        described<T>.describe(*this, value, how...);
        finish();
    }

  private:
    template <class T>
    void read_struct(Json& json, T& value, auto&... how) {
        // Structs as deep as this are a broken record, not a model, and would exhaust the stack.
        constexpr int deepest = 200;
        const int nested = name() == described<T>.name ? nested_ + 1 : 1;
        if (nested > deepest) return note("{} is nested more than {} deep", name(), deepest);
        Reader(json, described<T>.name, mistake(), nested).read_fields(value, how...);
    }

    int nested_;  // how many structs of this name are open
};

/// Notes a mistake where `json` is not as T is described. Strings are moved out of it.
template <class T>
void read_into(T& value, Json& json, Mistake& mistake, auto&... how) {
    Reader(json, described<T>.name, mistake).read_fields(value, how...);
}

/// Error: `text` is not JSON ("not JSON, expected `what`"), or not as T is described.
template <class T>
Result<T> parse_as(std::string_view text, const char* what, const std::string& file, int line) {
    Mistake mistake(file, line);
    Json json = parse_json(text, mistake);
    if (json.is_discarded())
        return tl::unexpected(Error{file, line, fmt::format("not JSON, expected {}", what), ""});
    T value;
    read_into(value, json, mistake);
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return value;
}

template <class T, class... How>
Ordered json_of(const T& value, const How&... how);

class Writer {
  public:
    void required(const char* key, const auto& member, const auto&... how) {
        json[key] = json_of(member, how...);
    }
    template <class T>
    void optional(const char* key, const T& member, const auto&... how) {
        if (member != T()) required(key, member, how...);
    }
    void with_default(const char* key, const auto& member, const auto& usual) {
        if (member != usual) required(key, member);
    }
    void may_be_missing(const char* key, const auto& member) {
        required(key, member);
    }
    void read_first(const char* /*key*/, const auto& /*member*/) {}
    template <class... T>
    void one_of(const auto& member, Alternative<T>... alternative) {
        const auto write_one = [&]<class One>(Alternative<One> one) {
            if (const auto* value = std::get_if<One>(&member)) required(one.key, *value);
        };
        (write_one(alternative), ...);
    }
    void by_hand(const auto& member, const auto& form) {
        form.write(json, member);
    }
    template <class T>
    void check(const T&, void (*)(const T&, Mistake&)) {}

    Ordered json = Ordered::object();
};

template <class T, class... How>
Ordered json_of(const T& value, const How&... how) {
    if constexpr (has_fields<T>) {
        Writer writer;
        described<T>.describe(writer, value, how...);
        return std::move(writer.json);
    } else if constexpr (is_list<T>) {
        Ordered json = Ordered::array();
        for (const auto& element : value)
            json.push_back(json_of(element, how...));
        return json;
    } else if constexpr (is_optional<T, How...>) {
        return json_of(*value, how...);
    } else if constexpr (sizeof...(how) > 0) {
        return (how.write(value), ...);
    } else if constexpr (std::is_same_v<T, double>) {
        // JSON has no infinity: 0 stands for "no limit was set".
        return std::isfinite(value) ? value : 0.0;
    } else if constexpr (std::is_same_v<T, std::map<std::string, double>>) {
        Ordered json = Ordered::object();
        for (const auto& [name, number] : value) {
            if (std::isfinite(number)) json[name] = number;
        }
        return json;
    } else {
        return Ordered(value);
    }
}

/// The base of forms that are written as the type says.
struct Plain {
    static Ordered write(const auto& value) {
        return json_of(value);
    }
};

}  // namespace exportgate::record
