#include "bench/timing_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "record/json_input.h"
#include "record/record_json.h"

namespace exportgate::bench {
namespace {

using record::Json;
using Steady = std::chrono::steady_clock;

constexpr int bench_protocol_version = 1;
// Importing torch takes seconds, exporting a program of many layers too; on a loaded machine many.
constexpr std::chrono::seconds start_limit{300};
constexpr std::chrono::seconds prepare_limit{300};
constexpr std::chrono::seconds block_limit{120};
constexpr std::size_t most_of_its_output = 4096;

/// Reads "hello". Notes what is wrong with it.
Hello hello_from(Json& json, record::Mistake& mistake) {
    Hello hello;
    record::Object object(json, "\"hello\"", mistake);
    const std::int64_t protocol = object.integer("protocol");
    if (mistake.none() && protocol != bench_protocol_version) {
        mistake.note(fmt::format("it speaks protocol {}, this exportgate {}", protocol,
                                 bench_protocol_version));
        return hello;
    }
    record::read_into(hello.environment, object.value("environment"), mistake);
    object.get("context", hello.context);
    if (object.has("timings_s")) object.get<std::map<std::string, double>>("timings_s");
    object.finish();
    return hello;
}

std::vector<Listed> listed_from(Json& json, record::Mistake& mistake) {
    std::vector<Listed> all;
    if (!json.is_array()) mistake.note("\"benchmarks\" is no array");
    if (!json.is_array()) return all;
    for (Json& one : json) {
        // What else it says of them is for people.
        const Json* name = one.is_object() && one.contains("name") ? &one["name"] : nullptr;
        const Json* reason = one.is_object() && one.contains("reason") ? &one["reason"] : nullptr;
        if (!name || !name->is_string() || !reason || !reason->is_string()) {
            mistake.note("\"benchmarks\" holds one without name or reason");
            continue;
        }
        Result<Name> parsed = parse_name(name->get<std::string>());
        if (!parsed) {
            mistake.note(parsed.error().what);
            continue;
        }
        all.push_back({std::move(*parsed), reason->get<std::string>()});
    }
    return all;
}

}  // namespace

Result<TimingProcess> TimingProcess::start(const std::filesystem::path& executable,
                                           const std::filesystem::path& plan,
                                           const run::SpawnOptions& options) {
    Result<std::array<run::Descriptor, 2>> control = run::socket_pair();
    if (!control) return tl::unexpected(control.error());
    Result<std::array<run::Descriptor, 2>> output = run::output_pipe();
    if (!output) return tl::unexpected(output.error());
    const int inherited = (*control)[1].get();
    const Result<pid_t> pid = run::spawn(
        executable.string(), {"--plan", plan.string(), "--control", std::to_string(inherited)},
        inherited, (*output)[1].get(), options);
    if (!pid) return tl::unexpected(pid.error());
    return TimingProcess(*pid, std::move((*control)[0]), std::move((*output)[0]));
}

TimingProcess::TimingProcess(pid_t pid, run::Descriptor control, run::Descriptor output)
    : pid_(pid), control_(std::move(control)), output_(std::move(output)) {}

TimingProcess::TimingProcess(TimingProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      control_(std::move(other.control_)),
      output_(std::move(other.output_)),
      incoming_(std::move(other.incoming_)),
      printed_(std::move(other.printed_)),
      hello_(std::move(other.hello_)),
      listed_(std::move(other.listed_)),
      ended_(std::move(other.ended_)) {}

TimingProcess::~TimingProcess() {
    end({false, "no longer needed"});
}

std::string TimingProcess::reap_within(std::chrono::milliseconds grace) {
    const Steady::time_point deadline = Steady::now() + grace;
    int status = 0;
    while (true) {
        const pid_t reaped = ::waitpid(pid_, &status, WNOHANG);
        if (reaped == pid_) return run::describe_wait_status(status);
        if (reaped < 0 && errno != EINTR) return "its end went unseen";
        if (Steady::now() >= deadline) break;
        ::poll(nullptr, 0, 5);
    }
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    return "it closed its socket and did not end";
}

void TimingProcess::end(Ended how) {
    if (pid_ == 0) return;
    // One that ends by itself says more about it than one that is killed.
    const bool by_itself = how.how.empty();
    const std::string ending = reap_within(std::chrono::milliseconds(by_itself ? 2000 : 0));
    pid_ = 0;
    if (by_itself) how.how = ending;
    if (output_.open()) run::read_tail(output_.get(), printed_, most_of_its_output);
    while (printed_.ends_with('\n'))
        printed_.pop_back();
    if (!printed_.empty() && !how.interrupted)
        how.how += fmt::format("; it printed last:\n{}", printed_);
    ended_ = std::move(how);
}

std::optional<std::string> TimingProcess::next_line(std::chrono::seconds limit,
                                                    const run::Interrupts& interrupts) {
    const Steady::time_point deadline = Steady::now() + limit;
    while (!ended_) {
        if (const std::size_t newline = incoming_.find('\n'); newline != std::string::npos) {
            std::string line = incoming_.substr(0, newline);
            incoming_.erase(0, newline + 1);
            return line;
        }
        if (interrupts.take()) {
            end({true, "interrupted"});
        } else if (Steady::now() > deadline) {
            end({false, fmt::format("it did not answer within {} s", limit.count())});
        } else {
            std::array<pollfd, 3> waiting{pollfd{control_.get(), POLLIN, 0},
                                          pollfd{interrupts.descriptor(), POLLIN, 0},
                                          pollfd{output_.get(), POLLIN, 0}};
            ::poll(waiting.data(), output_.open() ? 3 : 2, 1000);
            if (waiting[2].revents != 0 && output_.open() &&
                run::read_tail(output_.get(), printed_, most_of_its_output) == run::ReadState::end)
                output_.close();
            if (run::read_available(control_.get(), incoming_) == run::ReadState::end &&
                incoming_.find('\n') == std::string::npos) {
                end({false, ""});
            }
        }
    }
    return std::nullopt;
}

void TimingProcess::send(const std::string& line) {
    // One that is gone is noticed when its answer is waited for.
    if (!ended_) (void)run::send_line(control_.get(), line, {});
}

bool TimingProcess::wait_for_hello(const run::Interrupts& interrupts) {
    const std::string file = "exportgate-bench";
    for (const char* expected : {"hello", "benchmarks"}) {
        const std::optional<std::string> line = next_line(start_limit, interrupts);
        if (!line) return false;
        Json json = Json::parse(*line, nullptr, false);
        if (json.is_object() && json.contains("fatal") && json["fatal"].is_object()) {
            end({false, json["fatal"].value("what", "it cannot be used")});
            return false;
        }
        record::Mistake mistake(file, 0);
        if (!json.is_object() || !json.contains(expected)) {
            mistake.note(fmt::format("it said no \"{}\"", expected));
        } else if (expected == std::string_view("hello")) {
            hello_ = hello_from(json["hello"], mistake);
        } else {
            listed_ = listed_from(json["benchmarks"], mistake);
        }
        if (!mistake.none()) {
            end({false, mistake.error().what});
            return false;
        }
    }
    return true;
}

std::optional<Answer> TimingProcess::answer(const std::string& name, const char* kind,
                                            std::chrono::seconds limit,
                                            const run::Interrupts& interrupts) {
    const std::optional<std::string> line = next_line(limit, interrupts);
    if (!line) return std::nullopt;
    Json json = Json::parse(*line, nullptr, false);
    const bool failed = json.is_object() && json.contains("failed");
    const char* key = failed ? "failed" : kind;
    record::Mistake mistake(name, 0);
    Answer answer;
    if (!json.is_object() || !json.contains(key)) {
        mistake.note(fmt::format("it said no \"{}\": {}", kind, line->substr(0, 200)));
    } else {
        record::Object object(json[key], key, mistake);
        if (object.has("name") && object.string("name") != name)
            mistake.note(fmt::format("it answered about another benchmark than {}", name));
        if (object.has("ns")) answer.ns = object.integer("ns");
        if (object.has("reason")) answer.reason = object.string("reason");
        object.finish();
        if (failed && answer.reason.empty()) answer.reason = "it failed and did not say why";
        if (!failed && kind == std::string_view("block") && answer.ns <= 0)
            mistake.note("a block that took no time");
    }
    if (!mistake.none()) {
        end({false, mistake.error().what});
        return std::nullopt;
    }
    return answer;
}

void TimingProcess::ask_to_prepare(const std::string& name) {
    send(Json{{"prepare", name}}.dump());
}

std::optional<Answer> TimingProcess::wait_for_prepared(const std::string& name,
                                                       const run::Interrupts& interrupts) {
    return answer(name, "prepared", prepare_limit, interrupts);
}

std::optional<Answer> TimingProcess::time_block(const std::string& name, std::int64_t iterations,
                                                const run::Interrupts& interrupts) {
    send(Json{{"block", {{"name", name}, {"iterations", iterations}}}}.dump());
    return answer(name, "block", block_limit, interrupts);
}

Result<void> TimingProcess::pin(int cpu) const {
    return run::pin(pid_, cpu);
}

}  // namespace exportgate::bench
