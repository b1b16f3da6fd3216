// docs/schemas/record.schema.json against the descriptions by which records are read and written:
// the same keys, the same of them always there, of the same types, and no others allowed.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "base/files.h"
#include "record/facts_json.h"
#include "record/record_json.h"

namespace exportgate::record {
namespace {

template <class T>
constexpr const char* type_in_schema = has_fields<T> ? "$ref" : "array";
template <>
constexpr const char* type_in_schema<std::string> = "string";
template <>
constexpr const char* type_in_schema<int> = "integer";
template <>
constexpr const char* type_in_schema<std::int64_t> = "integer";
template <>
constexpr const char* type_in_schema<double> = "number";
template <>
constexpr const char* type_in_schema<bool> = "boolean";
template <class T>
constexpr const char* type_in_schema<std::map<std::string, T>> = "object";
template <class T>
constexpr const char* type_in_schema<std::optional<T>> = type_in_schema<T>;

/// A visitor as Reader and Writer are: the keys of a value, with their types where no form spells
/// them.
class Keys {
  public:
    template <class T, class... How>
    void required(const char* key, const T& member, const How&... how) {
        always.insert(key);
        optional(key, member, how...);
    }
    template <class T, class... How>
    void optional(const char* key, const T&, const How&...) {
        constexpr bool is_spelt_by_type = has_fields<T> || is_list<T> || is_optional<T, How...>;
        types[key] = is_spelt_by_type || sizeof...(How) == 0 ? type_in_schema<T> : "";
    }
    void with_default(const char* key, const auto& member, const auto&) {
        optional(key, member);
    }
    void may_be_missing(const char* key, const auto& member) {
        required(key, member);
    }
    void read_first(const char*, const auto&) {}
    template <class... T>
    void one_of(const auto&, Alternative<T>... alternative) {
        ((types[alternative.key] = type_in_schema<T>), ...);
    }
    void by_hand(const auto& member, const auto& form) {
        Ordered json = Ordered::object();
        form.write(json, member);
        for (const auto& [key, value] : json.items()) {
            always.insert(key);
            types[key] = "";
        }
    }
    void check(const auto&, const auto&) {}

    std::map<std::string, std::string> types;
    std::set<std::string> always;
};

template <class T>
Keys keys_of(const T& value, const auto&... how) {
    Keys keys;
    described<T>.describe(keys, value, how...);
    return keys;
}

class RecordSchema : public ::testing::Test {
  protected:
    /// Compares the definition with what values of all its variants have.
    void compare(const std::string& name, const std::vector<Keys>& variants) {
        SCOPED_TRACE(name);
        compared_.insert(name);
        ASSERT_TRUE(definitions_.contains(name));
        const Json& definition = definitions_[name];
        EXPECT_EQ(definition.value("additionalProperties", Json()), Json(false));
        std::map<std::string, std::string> types;
        std::set<std::string> always = variants.at(0).always;
        for (const Keys& keys : variants) {
            types.insert(keys.types.begin(), keys.types.end());
            std::erase_if(always, [&](const auto& key) { return !keys.always.contains(key); });
        }
        EXPECT_EQ(definition.at("required").get<std::set<std::string>>(), always);
        for (const auto& [key, property] : definition.at("properties").items()) {
            ASSERT_TRUE(types.contains(key)) << key << " is not described";
            expect_type(key, property, types.at(key));
            types.erase(key);
        }
        for (const auto& [key, type] : types)
            ADD_FAILURE() << key << " is not in the schema";
    }

    static void expect_type(const std::string& key, const Json& property, const std::string& type) {
        if (type.empty() || property.contains("const") || property.contains("enum")) return;
        const bool is_reference = property.contains("$ref");
        EXPECT_EQ(is_reference ? "$ref" : property.value("type", Json()), Json(type)) << key;
    }

    Json definitions_ = Json::parse(
        read_file(EXPORTGATE_SOURCE_DIR "/docs/schemas/record.schema.json").value())["$defs"];
    std::set<std::string> compared_;
};

TEST_F(RecordSchema, SaysWhatIsReadAndWritten) {
    const IngredientsTable table;
    const std::vector<matrix::Dim> dims;
    compare("header", {keys_of(Header(), table)});
    compare("environment", {keys_of(Environment())});
    compare("made_of", {keys_of(MadeOf(), table)});
    compare("footer", {keys_of(Footer())});

    compare("case", {keys_of(matrix::Case())});
    compare("dim", {keys_of(matrix::Dim())});
    compare("steps", {keys_of(matrix::Steps())});
    compare("pair", {keys_of(matrix::Pair(), dims)});
    compare("tolerance", {keys_of(matrix::Tolerance())});
    compare("tensor", {keys_of(matrix::Leaf(), dims)});
    std::vector<Keys> constants;
    for (const matrix::Constant& constant :
         std::vector<matrix::Constant>{nullptr, true, matrix::Text{"causal"}, matrix::AnyOf{"int"}})
        constants.push_back(
            keys_of(matrix::Leaf{.name = "n", .shape = {}, .constant = constant}, dims));
    compare("constant_leaf", constants);

    const Observation observation;
    compare("cell_line", {keys_of(RecordLine<const Observation>{observation})});
    compare("exported", {keys_of(Exported())});
    compare("spec", {keys_of(SpecNode())});
    compare("constant", {keys_of(Constant())});
    compare("check", {keys_of(CheckObservation())});
    compare("rejected", {keys_of(Rejected())});
    compare("crashed", {keys_of(Crashed())});
    compare("timeout", {keys_of(TimedOut())});
    compare("unobserved", {keys_of(Unobserved())});
    compare("earlier", {keys_of(Earlier(), std::string())});

    compare("facts", {keys_of(Facts())});
    // By "type" the reader tells the two apart.
    Keys tensor = keys_of(InputFact());
    tensor.types.erase("type");
    compare("tensor_input", {tensor});
    InputFact number;
    number.type = "int";
    Keys other = keys_of(number);
    other.always.insert("type");
    compare("other_input", {other});
    CarriedFact carried;
    CarriedFact not_digested;
    not_digested.not_digested = "on meta";
    compare("carried_tensor", {keys_of(carried), keys_of(not_digested)});
    carried.kind = "object";
    compare("carried_object", {keys_of(carried)});
    compare("module", {keys_of(ModuleFact())});

    // These name others, or are words.
    compared_.insert({"header_line", "footer_line", "leaf", "stage"});
    for (const auto& [name, definition] : definitions_.items())
        EXPECT_TRUE(compared_.contains(name)) << name << " is compared with nothing";
}

}  // namespace
}  // namespace exportgate::record
