#include "run/ask.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <optional>
#include <set>

#include "run/worker.h"

namespace exportgate::run {

namespace {

constexpr std::chrono::minutes answer_limit{5};
/// The harness itself carries it out: the worker exports, and that is what is asked.
constexpr const char* no_check_of_the_worker = "dims";
/// A worker that is killed while it starts is started again; not for ever.
constexpr int most_starts = 3;

Error worker_ended(const std::filesystem::path& executable, const std::string& words) {
    return {executable.string(), 0, "the worker ended: " + words,
            "see whether `import torch` works in this environment"};
}

/// nullopt: the worker was killed, as by a machine that ran out of memory. `words` says how.
Result<std::optional<record::Environment>> ask_once(const std::filesystem::path& executable,
                                                    std::string& words) {
    const std::set<matrix::Mode> modes{matrix::Mode::nonstrict};
    Result<Worker> worker = Worker::start(executable, modes, {}, {no_check_of_the_worker});
    if (!worker) return tl::unexpected(worker.error());
    const Interrupts interrupts;
    const auto deadline = std::chrono::steady_clock::now() + answer_limit;
    std::optional<record::Environment> environment;
    std::set<matrix::Mode> ready;
    while (!environment || ready != modes) {
        if (std::chrono::steady_clock::now() > deadline) {
            return tl::unexpected(Error{
                executable.string(), 0,
                fmt::format("the worker did not answer within {} minutes", answer_limit.count()),
                "see whether `import torch` works in this environment"});
        }
        if (interrupts.take()) return tl::unexpected(Error{"", 0, "interrupted", ""});
        std::array<pollfd, 3> waiting{pollfd{worker->control(), POLLIN, 0},
                                      pollfd{interrupts.descriptor(), POLLIN, 0},
                                      pollfd{worker->output(), POLLIN, 0}};
        ::poll(waiting.data(), worker->output() >= 0 ? 3 : 2, 1000);
        if (worker->output() >= 0) worker->drain_output();
        const Result<std::vector<ControlMessage>> messages = worker->receive();
        if (!messages) return tl::unexpected(messages.error());
        for (const ControlMessage& message : *messages) {
            if (const auto* hello = std::get_if<Hello>(&message)) environment = hello->environment;
            if (const auto* mode = std::get_if<Ready>(&message)) ready.insert(mode->mode);
            if (const auto* fatal = std::get_if<Fatal>(&message)) {
                return tl::unexpected(Error{executable.string(), 0, fatal->what, fatal->remedy});
            }
        }
        if (worker->lost() && (!environment || ready != modes)) {
            const Ending ending = worker->last_words();
            words = ending.words;
            if (ending.was_killed) return std::nullopt;
            return tl::unexpected(worker_ended(executable, words));
        }
    }
    return environment;
}

}  // namespace

Result<record::Environment> ask(const std::filesystem::path& executable) {
    std::string words;
    for (int start = 0; start < most_starts; ++start) {
        Result<std::optional<record::Environment>> answer = ask_once(executable, words);
        if (!answer) return tl::unexpected(answer.error());
        if (*answer) return std::move(**answer);
    }
    return tl::unexpected(worker_ended(executable, words));
}

}  // namespace exportgate::run
