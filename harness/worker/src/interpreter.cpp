#include "interpreter.h"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <filesystem>
#include <utility>

#include "built_for.h"
#include "opened_files.h"

namespace exportgate::worker {

namespace {

template <class... Arguments>
pybind11::object call_entry(const char* name, Arguments&&... arguments) {
    return pybind11::module_::import("exportgate_worker.entry")
        .attr(name)(std::forward<Arguments>(arguments)...);
}

}  // namespace

std::optional<std::string> start_python() {
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.parse_argv = 0;
    config.buffered_stdio =
        0;  // what a child printed before it crashed must not be lost in a buffer

    // The venv is found from where the program seems to be: pyvenv.cfg lies beside its folder.
    PyStatus status = PyConfig_SetBytesString(&config, &config.program_name, python_executable());
    if (!PyStatus_Exception(status)) {
        status = PyConfig_SetBytesString(&config, &config.executable, python_executable());
    }
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) {
        return std::string("Python does not start: ") +
               (status.err_msg ? status.err_msg : "no reason given");
    }
    pybind11::module_::import("sys").attr("path").attr("insert")(
        0, std::filesystem::read_symlink("/proc/self/exe").parent_path().string());
    return std::nullopt;
}

std::string hello(double started) {
    return call_entry("hello", started, cxx11_abi()).cast<std::string>();
}

void preload(const std::string& module) {
    call_entry("preload", module);
}

std::string warm_up(const std::string& mode, const std::vector<std::string>& checks) {
    return call_entry("warm_up", mode, checks).cast<std::string>();
}

void prepare_to_fork() {
    call_entry("prepare_to_fork");
}

void run_requests(const std::string& requests, const Channel& channel, double started) {
    call_entry("run_requests", requests, channel.descriptor, channel.token, started,
               pybind11::cpp_function(opened_files), pybind11::cpp_function(say_whose_programs));
}

pid_t fork_python() {
    return pybind11::module_::import("os").attr("fork")().cast<pid_t>();
}

}  // namespace exportgate::worker
