// The embedded Python: the interpreter that the worker was built for, with the site-packages of its
// venv.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <string>

namespace exportgate::worker {

/// Starts Python with the folder of the package exportgate_worker, but not the current folder,
/// importable. nullopt: it runs; otherwise why not.
std::optional<std::string> start_python();

/// Runs exportgate_worker.entry.<name>(*arguments). Throws pybind11::error_already_set.
template <class... Arguments>
pybind11::object call_entry(const char* name, Arguments&&... arguments) {
    return pybind11::module_::import("exportgate_worker.entry")
        .attr(name)(std::forward<Arguments>(arguments)...);
}

}  // namespace exportgate::worker
