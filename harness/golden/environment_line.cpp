#include "golden/environment_line.h"

#include <nlohmann/json.hpp>

namespace exportgate::golden {

using Json = nlohmann::ordered_json;

std::string print_environment(const record::Environment& environment) {
    Json json;
    json["name"] = environment.name;
    json["torch"] = environment.torch;
    json["torch_build"] = environment.torch_build;
    json["python"] = environment.python;
    json["platform"] = environment.platform;
    json["cxx11_abi"] = environment.cxx11_abi;
    json["packages"] = Json::object();
    for (const auto& [name, version] : environment.packages)
        json["packages"][name] = version;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<record::Environment> parse_environment(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return tl::unexpected(Error{"", 0, "the environment is not a JSON object", ""});
    const auto refuse = [](const std::string& member) {
        return tl::unexpected(
            Error{"", 0, "the environment has no readable member \"" + member + "\"", ""});
    };
    record::Environment environment;
    struct Word {
        const char* name;
        std::string& value;
    };
    for (const auto& word :
         {Word{"name", environment.name}, Word{"torch", environment.torch},
          Word{"torch_build", environment.torch_build}, Word{"python", environment.python},
          Word{"platform", environment.platform}}) {
        const auto found = json.find(word.name);
        if (found == json.end() || !found->is_string()) return refuse(word.name);
        word.value = found->get<std::string>();
    }
    const auto abi = json.find("cxx11_abi");
    if (abi == json.end() || !abi->is_number_integer()) return refuse("cxx11_abi");
    environment.cxx11_abi = abi->get<int>();
    const auto packages = json.find("packages");
    if (packages == json.end() || !packages->is_object()) return refuse("packages");
    for (const auto& [name, version] : packages->items()) {
        if (!version.is_string()) return refuse("packages");
        environment.packages[name] = version.get<std::string>();
    }
    return environment;
}

}  // namespace exportgate::golden
