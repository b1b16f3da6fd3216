// exportgate-aoti: a consumer (docs/consumers.md) that runs packages of AOTInductor. It links
// LibTorch and no Python. Its answers go to what was standard output when it began: packages may
// print.
#include <torch/version.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "package.h"
#include "tensor_file.h"

namespace exportgate {

namespace {

using Json = nlohmann::json;

Json written(const std::vector<at::Tensor>& tensors, const std::string& stem) {
    Json all = Json::array();
    for (std::size_t i = 0; i < tensors.size(); ++i)
        all.push_back(write_tensor(tensors[i], stem + std::to_string(i)));
    return all;
}

Json ran(Package& package, const Json& asked) {
    std::vector<at::Tensor> leaves;
    for (const Json& leaf : asked.at("inputs"))
        leaves.push_back(read_tensor(leaf));
    const std::vector<at::Tensor> outputs = package.run(leaves);
    const auto folder = asked.at("folder").get<std::string>();
    return {{"outputs", written(outputs, folder + "/output")},
            {"inputs", written(leaves, folder + "/after")}};
}

Json answer(std::unique_ptr<Package>& package, const Json& message) try {
    if (message.contains("prepare")) {
        const Json& asked = message.at("prepare");
        package = std::make_unique<Package>(asked.at("program").get<std::string>());
        return {{"prepared", Json::object()}};
    }
    if (!message.contains("run") || !package) return {{"error", "run needs a prepared program"}};
    return {{"ran", ran(*package, message.at("run"))}};
} catch (const Refused& why) {
    return {{"refused", why.what()}};
} catch (const std::exception& why) {
    return {{"error", why.what()}};
}

int serve() {
    std::FILE* answers = ::fdopen(::dup(STDOUT_FILENO), "w");
    if (answers == nullptr || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 2;
    const auto say = [&](const Json& message) {
        const std::string line =
            message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        std::fputs(line.c_str(), answers);
        std::fflush(answers);
    };
    say({{"facts", {{"protocol", 1}, {"torch", TORCH_VERSION}}}});
    std::unique_ptr<Package> package;
    for (std::string line; std::getline(std::cin, line);) {
        const Json message = Json::parse(line, nullptr, false);
        say(message.is_object() ? answer(package, message) : Json{{"error", "no JSON object"}});
    }
    return 0;
}

}  // namespace

}  // namespace exportgate

int main() {
    return exportgate::serve();
}
