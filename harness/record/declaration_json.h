// The declaration of a case as JSON: part of a record's header, and of a request to a worker.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "matrix/case.h"
#include "record/described.h"
#include "record/leaf_json.h"

namespace exportgate::record {

/// Null for a case without one.
struct FirstTorch {
    static void read(Reader& reader, const char* key, std::optional<TorchVersion>& version) {
        const Json& json = reader.value(key);
        if (json.is_null()) return;
        const auto parsed =
            TorchVersion::parse(json.is_string() ? json.get<std::string>() : json.dump());
        if (!parsed) return reader.note("{}", parsed.error().what);
        version = *parsed;
    }
    static Ordered write(const std::optional<TorchVersion>& version) {
        return version ? Ordered(version->text()) : Ordered(nullptr);
    }
};

/// Values of an enum, spelt as `names` in its order.
struct Words {
    const std::vector<std::string>& names;

    template <class Value>
    void read(Reader& reader, const char* key, std::vector<Value>& values) const {
        for (const auto& word : reader.get<std::vector<std::string>>(key)) {
            const auto found = std::find(names.begin(), names.end(), word);
            if (found == names.end()) {
                reader.note("unknown word \"{}\" in \"{}\" of a case", word, key);
            } else {
                values.push_back(static_cast<Value>(found - names.begin()));
            }
        }
    }
    template <class Value>
    static Ordered write(const std::vector<Value>& values) {
        Ordered words = Ordered::array();
        for (const Value value : values)
            words.push_back(to_string(value));
        return words;
    }
};

template <class Variant>
Ordered whichever_they_hold(const std::map<std::string, Variant>& variants) {
    Ordered json = Ordered::object();
    for (const auto& [name, variant] : variants)
        json[name] = std::visit([](const auto& value) { return Ordered(value); }, variant);
    return json;
}

/// Switches and names of modules, by option.
struct ExportOptions {
    static void read(Reader& reader, const char* key,
                     std::map<std::string, matrix::ExportOption>& options) {
        Object table(reader.value(key), fmt::format("\"{}\" of a case", key), reader.mistake());
        for (const std::string& name : matrix::export_option_names()) {
            if (!table.has(name.c_str())) continue;
            if (table.value(name.c_str()).is_boolean()) {
                options[name] = table.get<bool>(name.c_str());
            } else {
                options[name] = table.get<std::vector<std::string>>(name.c_str());
            }
        }
        table.finish();
    }
    static Ordered write(const std::map<std::string, matrix::ExportOption>& options) {
        return whichever_they_hold(options);
    }
};

/// What counts up: a number, or a polynomial of dims.
struct CountsUp {
    static void read(Reader& reader, const char* key, std::map<std::string, matrix::Extent>& all) {
        const Json& table = reader.value(key);
        if (!table.is_object()) return reader.note("\"{}\" of \"steps\" is no object", key);
        for (const auto& [name, by] : table.items()) {
            const auto* text = by.get_ptr<const std::string*>();
            if (by.is_number_integer()) {
                all[name] = by.get<std::int64_t>();
            } else if (text != nullptr && matrix::Polynomial::parse(*text)) {
                all[name] = *text;
            } else {
                reader.note("\"{}\" of \"steps\" holds what is neither a number nor of dims", key);
            }
        }
    }
    static Ordered write(const std::map<std::string, matrix::Extent>& all) {
        return whichever_they_hold(all);
    }
};

/// In brackets behind the name of the case, in their order.
struct Parameters {
    static void read(Reader& reader, const char* key, std::vector<matrix::Parameter>& parameters);
    static Ordered write(const std::vector<matrix::Parameter>& parameters);
};

struct Relations {
    const std::vector<matrix::Dim>& dims;

    void read(Reader& reader, const char* key, std::vector<matrix::Relation>& relations) const {
        for (const auto& text : reader.get<std::vector<std::string>>(key)) {
            auto relation = matrix::Relation::parse(text);
            if (relation && all_declared(relation->names(), dims)) {
                relations.push_back(*std::move(relation));
            } else {
                reader.note("\"{}\" of a case is not a relation between declared dims", text);
            }
        }
    }
    static Ordered write(const std::vector<matrix::Relation>& relations) {
        Ordered texts = Ordered::array();
        for (const matrix::Relation& relation : relations)
            texts.push_back(relation.text());
        return texts;
    }
};

/// One for each of `dims`, in their order.
struct Extents {
    const std::string& pair;
    const std::vector<matrix::Dim>& dims;

    void read(Reader& reader, const char* key, std::map<std::string, std::int64_t>& extents) const {
        Object table(reader.value(key), fmt::format("\"{}\" of pair \"{}\"", key, pair),
                     reader.mistake());
        for (const matrix::Dim& dim : dims)
            table.get(dim.name.c_str(), extents[dim.name]);
        table.finish();
    }
    Ordered write(const std::map<std::string, std::int64_t>& extents) const {
        Ordered json = Ordered::object();
        for (const matrix::Dim& dim : dims)
            json[dim.name] = extents.at(dim.name);
        return json;
    }
};

/// Names that it does not declare or that stand twice, pairs that break a relation.
void find_contradictions(const matrix::Case& one, Mistake& mistake);

template <>
inline constexpr auto described<matrix::Dim> = Fields("a dim", [](auto& of, auto& it) {
    of.required("name", it.name);
    of.required("min", it.min);
    of.required("max", it.max);
});

template <>
inline constexpr auto described<matrix::Pair> = Fields("a pair", [](auto& of, auto& it,
                                                                    auto& dims) {
    of.required("name", it.name);
    of.required("extents", it.extents, Extents{it.name, dims});
});

template <>
inline constexpr auto described<matrix::Tolerance> = Fields("\"tolerance\" of a case",
                                                            [](auto& of, auto& it) {
                                                                of.required("rtol", it.relative);
                                                                of.required("atol", it.absolute);
                                                            });

template <>
inline constexpr auto described<matrix::Steps> = Fields("\"steps\" of a case", [](auto& of,
                                                                                  auto& it) {
    of.optional("returned", it.returned);
    of.optional("in_place", it.in_place);
    of.optional("counts_up", it.counts_up, CountsUp());
    of.required("calls", it.calls);
});

template <>
inline constexpr auto described<matrix::Case> = Fields("a case", [](auto& of, auto& it) {
    of.required("name", it.name);
    of.optional("parameters", it.parameters, Parameters());
    of.required("class", it.class_name);
    of.required("first_torch", it.first_torch, FirstTorch());
    of.required("kinds", it.kinds, Words{matrix::kind_names()});
    of.required("modes", it.modes, Words{matrix::mode_names()});
    of.required("dims_styles", it.dims_styles, Words{matrix::dims_style_names()});
    of.read_first("dims", it.dims);
    of.required("inputs", it.inputs, it.dims);
    of.required("outputs", it.outputs, it.dims);
    of.required("dims", it.dims);
    of.required("pairs", it.pairs, it.dims);
    of.optional("export_pairs", it.export_pairs);
    of.optional("mutates", it.mutates);
    of.with_default("model", it.model_name, matrix::Case().model_name);
    of.optional("tolerance", it.tolerance);
    of.optional("seed", it.seed);
    of.optional("relations", it.relations, Relations{it.dims});
    of.optional("export", it.export_options, ExportOptions());
    of.optional("rounds", it.rounds);
    of.optional("steps", it.steps);
    of.optional("consumers", it.consumers);
    of.check(it, find_contradictions);
});

}  // namespace exportgate::record
