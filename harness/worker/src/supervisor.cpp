#include "supervisor.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace exportgate::worker {

namespace {

using Json = nlohmann::json;

/// The strict server has everything warm that a mixed list of requests needs, so only a list of
/// nothing but nonstrict requests goes to the other one.
bool is_nonstrict(const Json& run) {
    for (const Json& request : run.at("requests")) {
        if (request.at("mode") != "nonstrict") {
            return false;
        }
    }
    return true;
}

bool forward_run(Connection& harness, const ForkServers& servers, const std::string& line,
                 const Json& run) {
    const std::array<int, 2> descriptors{harness.take_descriptor(), harness.take_descriptor()};
    if (descriptors[1] < 0) {
        std::fprintf(stderr, "exportgate-worker: a run message came without its two descriptors\n");
        return false;
    }
    Connection& server = is_nonstrict(run) ? servers.nonstrict : servers.strict;
    const bool sent = server.send(line, descriptors);
    for (const int descriptor : descriptors) {
        ::close(descriptor);
    }
    return sent;
}

enum class Next { go_on, quit, broken };

Next handle_line(Connection& harness, const ForkServers& servers, const std::string& line) {
    try {
        const Json message = Json::parse(line);
        if (message.contains("quit")) {
            return Next::quit;
        }
        if (message.contains("run")) {
            return forward_run(harness, servers, line, message.at("run")) ? Next::go_on
                                                                          : Next::broken;
        }
        std::fprintf(stderr, "exportgate-worker: not in the protocol: %.200s\n", line.c_str());
    } catch (const Json::exception& error) {
        std::fprintf(stderr, "exportgate-worker: unreadable message (%s): %.200s\n", error.what(),
                     line.c_str());
    }
    return Next::broken;
}

Next relay_from_harness(Connection& harness, const ForkServers& servers) {
    if (!harness.receive()) {
        return Next::quit;
    }
    while (const auto line = harness.next_line()) {
        if (const Next next = handle_line(harness, servers, *line); next != Next::go_on) {
            return next;
        }
    }
    return Next::go_on;
}

/// False where the server is gone; what it said before is passed on.
bool relay_from_server(Connection& server, Connection& harness) {
    const bool alive = server.receive();
    while (const auto line = server.next_line()) {
        harness.send(*line);
    }
    return alive;
}

int end_servers(const ForkServers& servers, bool kill_first) {
    if (kill_first) {
        kill(servers.first, SIGKILL);
    }
    int status = 0;
    if (waitpid(servers.first, &status, 0) != servers.first) {
        return 3;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : 3;
}

}  // namespace

int supervise(Connection& harness, const ForkServers& servers) {
    std::array<pollfd, 3> polled{{{harness.descriptor(), POLLIN, 0},
                                  {servers.nonstrict.descriptor(), POLLIN, 0},
                                  {servers.strict.descriptor(), POLLIN, 0}}};
    while (true) {
        if (poll(polled.data(), polled.size(), -1) < 0) {
            continue;  // EINTR: nothing to do
        }
        if (polled[0].revents != 0) {
            const Next next = relay_from_harness(harness, servers);
            if (next != Next::go_on) {
                end_servers(servers, true);
                return next == Next::quit ? 0 : 2;
            }
        }
        if (polled[2].revents != 0 && !relay_from_server(servers.strict, harness)) {
            return end_servers(servers, false);
        }
        if (polled[1].revents != 0 && !relay_from_server(servers.nonstrict, harness)) {
            // The first server closes this socket too when it ends by itself; then its own exit
            // code counts.
            return end_servers(servers, true);
        }
    }
}

}  // namespace exportgate::worker
