// Facts of an exported program as JSON (harness/worker/PROTOCOL.md, Facts).
#pragma once

#include "record/facts.h"
#include "record/observation_json.h"

namespace exportgate::record {

void find_strange_kind(const CarriedFact& carried, Mistake& mistake);

template <>
inline constexpr auto described<InputFact> = Fields("an input of \"facts\"", [](auto& of,
                                                                                auto& it) {
    of.required("name", it.name);
    of.optional("type", it.type);
    if (!it.is_tensor()) {
        of.required("value", it.value);
        return;
    }
    of.required("dtype", it.dtype);
    of.required("shape", it.shape);
    of.optional("strides", it.strides);
    of.required("requires_grad", it.requires_grad);
    of.required("device", it.device);
});

template <>
inline constexpr auto described<CarriedFact> = Fields("what \"facts\" carries", [](auto& of,
                                                                                   auto& it) {
    of.required("name", it.name);
    of.required("kind", it.kind);
    of.check(it, find_strange_kind);
    if (it.kind == "object") {
        of.required("type", it.type);
        return;
    }
    of.required("dtype", it.dtype);
    of.required("shape", it.shape);
    of.optional("strides", it.strides);
    of.required("requires_grad", it.requires_grad);
    of.optional("not_digested", it.not_digested);
    if (it.not_digested.empty()) of.required("sha256", it.sha256);
});

template <>
inline constexpr auto described<ModuleFact> = Fields("a module of \"facts\"",
                                                     [](auto& of, auto& it) {
                                                         of.required("fqn", it.fqn);
                                                         of.required("inputs", it.inputs);
                                                         of.required("outputs", it.outputs);
                                                         of.required("in_spec", it.in_spec);
                                                         of.required("out_spec", it.out_spec);
                                                     });

template <>
inline constexpr auto described<Facts> = Fields("\"facts\"", [](auto& of, auto& it) {
    of.required("revision", it.revision);
    of.optional("dialect", it.dialect);
    of.optional("guards", it.guards);
    of.optional("inputs", it.inputs);
    of.optional("carried", it.carried);
    of.optional("modules", it.modules);
    of.optional("argument_names", it.argument_names);
    of.optional("schemas", it.schemas);
});

}  // namespace exportgate::record
