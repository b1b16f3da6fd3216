#include "session.h"

#include <stdexcept>
#include <utility>

#include "built_for.h"
#include "interpreter.h"

namespace exportgate::worker {

namespace py = pybind11;

namespace {

using Json = nlohmann::json;

py::object entry(const char* name) {
    return py::module_::import("exportgate_bench.entry").attr(name);
}

}  // namespace

Session Session::open(const std::string& plan_file) {
    Session session;
    const auto opened = entry("open_plan")(plan_file, cxx11_abi()).cast<std::string>();
    Json json = Json::parse(opened);
    if (json.contains("fatal")) throw std::runtime_error(json.at("fatal").get<std::string>());
    session.hello_ = std::move(json.at("hello"));
    session.benchmarks_ = std::move(json.at("benchmarks"));
    return session;
}

std::vector<Listed> Session::listed() const {
    std::vector<Listed> all;
    for (const Json& one : benchmarks_)
        all.push_back({one.at("name").get<std::string>(), one.at("reason").get<std::string>()});
    return all;
}

Prepared* Session::prepare(const std::string& name, bool with_counters, std::string& reason) {
    if (Prepared* const there = prepared(name)) return there;
    const py::dict made = entry("prepare")(name, with_counters);
    reason = made["reason"].cast<std::string>();
    if (!reason.empty()) return nullptr;
    auto prepared = std::make_unique<Prepared>(
        Prepared{TimedCall(made["callable"], made["arguments"].cast<py::tuple>()), {}});
    for (const auto& [key, value] : made["counters"].cast<py::dict>())
        prepared->counters[key.cast<std::string>()] = value.cast<double>();
    if (with_counters)
        prepared->counters["allocations"] = static_cast<double>(prepared->call.count_allocations());
    return (prepared_[name] = std::move(prepared)).get();
}

Prepared* Session::prepared(const std::string& name) {
    const auto found = prepared_.find(name);
    return found == prepared_.end() ? nullptr : found->second.get();
}

void Session::collect_garbage() {
    PyGC_Collect();
}

void Session::freeze_garbage() {
    PyGC_Collect();
    py::module_::import("gc").attr("freeze")();
}

}  // namespace exportgate::worker
