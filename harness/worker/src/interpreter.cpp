#include "interpreter.h"

namespace exportgate::worker {

std::optional<std::string> start_python() {
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.parse_argv = 0;
    config.buffered_stdio =
        0;  // what a child printed before it crashed must not be lost in a buffer
    config.site_import = 1;

    // The venv is found from where the program seems to be: pyvenv.cfg lies beside its folder.
    PyStatus status = PyConfig_SetBytesString(&config, &config.program_name, EXPORTGATE_PYTHON);
    if (!PyStatus_Exception(status)) {
        status = PyConfig_SetBytesString(&config, &config.executable, EXPORTGATE_PYTHON);
    }
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) {
        return std::string("Python does not start: ") +
               (status.err_msg ? status.err_msg : "no reason given");
    }
    pybind11::module_::import("sys").attr("path").attr("insert")(0, EXPORTGATE_PACKAGE_ROOT);
    return std::nullopt;
}

}  // namespace exportgate::worker
