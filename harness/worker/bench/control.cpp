#include "control.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

namespace exportgate::worker {

namespace {

using Json = nlohmann::json;

/// Untimed calls before a block of `iterations`: caches are cold after the other process's block.
std::uint64_t warm_up_calls(std::uint64_t iterations) {
    return std::clamp<std::uint64_t>(iterations / 20, 3, 1000);
}

class BlockServer {
  public:
    BlockServer(Connection& control, Session& session) : control_(control), session_(session) {}

    /// False after "end".
    bool answer(const Json& message) {
        if (message.contains("end")) return false;
        if (message.contains("prepare")) {
            const auto name = message.at("prepare").get<std::string>();
            guarded(name, [&] { prepare(name); });
        } else {
            const Json& block = message.at("block");
            const auto name = block.at("name").get<std::string>();
            const auto iterations = block.at("iterations").get<std::uint64_t>();
            guarded(name, [&] { time_block(name, iterations); });
        }
        return true;
    }

  private:
    template <class Action>
    void guarded(const std::string& name, Action action) {
        try {
            action();
        } catch (const std::exception& error) {
            send({{"failed", {{"name", name}, {"reason", error.what()}}}});
        }
    }

    void prepare(const std::string& name) {
        std::string reason;
        session_.prepare(name, false, reason);
        session_.freeze_garbage();
        send({{"prepared", {{"name", name}, {"reason", reason}}}});
    }

    void time_block(const std::string& name, std::uint64_t iterations) {
        Prepared* const prepared = session_.prepared(name);
        if (prepared == nullptr) {
            send({{"failed", {{"name", name}, {"reason", "it was not prepared"}}}});
            return;
        }
        prepared->call.run(warm_up_calls(iterations));
        const std::uint64_t ns = prepared->call.time(iterations);
        session_.collect_garbage();
        send({{"block", {{"ns", ns}}}});
    }

    void send(const Json& message) {
        control_.send(message.dump(-1, ' ', false, Json::error_handler_t::replace));
    }

    Connection& control_;
    Session& session_;
};

}  // namespace

int serve_blocks(Connection& control, Session& session) {
    control.send(Json{{"hello", session.hello()}}.dump());
    control.send(Json{{"benchmarks", session.benchmarks()}}.dump());
    BlockServer server(control, session);
    while (control.receive()) {
        while (const auto line = control.next_line()) {
            try {
                if (!server.answer(Json::parse(*line))) return 0;
            } catch (const Json::exception& error) {
                std::fprintf(stderr, "exportgate-bench: not in the protocol: %s: %s\n",
                             line->c_str(), error.what());
                return 2;
            }
        }
    }
    return 0;
}

}  // namespace exportgate::worker
