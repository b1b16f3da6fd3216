#include "record/facts.h"

#include <set>

#include "record/json_input.h"
#include "record/observation_json.h"

namespace exportgate::record {
namespace {

InputFact input_from(Json& json, Mistake& mistake) {
    Object object(json, "an input of \"facts\"", mistake);
    InputFact input;
    input.name = object.string("name");
    if (object.has("type")) {
        input.type = object.string("type");
        input.value = object.string("value");
        if (input.type.empty()) mistake.note("an input of \"facts\" has an empty type");
    } else {
        input.dtype = object.string("dtype");
        input.shape = object.strings("shape");
        if (object.has("strides")) input.strides = object.strings("strides");
        input.requires_grad = object.boolean("requires_grad");
        input.device = object.string("device");
    }
    object.finish();
    return input;
}

CarriedFact carried_from(Json& json, Mistake& mistake) {
    Object object(json, "what \"facts\" carries", mistake);
    CarriedFact carried;
    carried.name = object.string("name");
    carried.kind = object.string("kind");
    static const std::set<std::string> kinds{"parameter", "buffer", "constant", "object"};
    if (!kinds.contains(carried.kind))
        mistake.note("\"facts\" carries an unknown kind \"" + carried.kind + '"');
    if (carried.kind == "object") {
        carried.type = object.string("type");
    } else {
        carried.dtype = object.string("dtype");
        carried.shape = object.integers("shape");
        if (object.has("strides")) carried.strides = object.integers("strides");
        carried.requires_grad = object.boolean("requires_grad");
        if (object.has("not_digested")) {
            carried.not_digested = object.string("not_digested");
        } else {
            carried.sha256 = object.string("sha256");
        }
    }
    object.finish();
    return carried;
}

ModuleFact module_from(Json& json, Mistake& mistake) {
    Object object(json, "a module of \"facts\"", mistake);
    ModuleFact module_;
    module_.fqn = object.string("fqn");
    object.strings("inputs");
    object.strings("outputs");
    module_.in_spec = spec_from(object.value("in_spec"), 1, mistake);
    module_.out_spec = spec_from(object.value("out_spec"), 1, mistake);
    object.finish();
    return module_;
}

template <class Fact>
std::optional<std::vector<Fact>> list_of(Object& object, const char* key, Mistake& mistake,
                                         Fact (*read)(Json&, Mistake&)) {
    if (!object.has(key)) return std::nullopt;
    std::vector<Fact> facts;
    for (Json& each : object.array(key))
        facts.push_back(read(each, mistake));
    return facts;
}

}  // namespace

Result<Facts> parse_facts(const std::string& json, const std::string& file) {
    Mistake mistake(file, 0);
    Json parsed = Json::parse(json, nullptr, false);
    Object object(parsed, "\"facts\"", mistake);
    Facts facts;
    facts.revision = static_cast<int>(object.integer("revision"));
    if (mistake.none() && facts.revision != facts_revision) return facts;
    if (object.has("dialect")) object.string("dialect");
    if (object.has("guards")) facts.guards = object.strings("guards");
    facts.inputs = list_of(object, "inputs", mistake, input_from);
    facts.carried = list_of(object, "carried", mistake, carried_from);
    facts.modules = list_of(object, "modules", mistake, module_from);
    if (object.has("argument_names")) object.strings("argument_names");
    if (object.has("schemas")) object.strings_by_name("schemas");
    object.finish();
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return facts;
}

}  // namespace exportgate::record
