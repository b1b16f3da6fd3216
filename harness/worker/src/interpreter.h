// The embedded Python: the interpreter that the worker was built for, with the site-packages of its
// venv. The functions of exportgate_worker/entry.py as C++ functions; they throw std::exception
// with Python's message and traceback.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace exportgate::worker {

/// Starts Python with the folder of the package exportgate_worker, but not the current folder,
/// importable. nullopt: it runs; otherwise why not.
std::optional<std::string> start_python();

/// Imports torch. The hello message; `started` (seconds of the steady clock) is when Python began
/// to start.
std::string hello(double started);

/// Imports a module that cells need; why that fails is theirs to say.
void preload(const std::string& module);

/// Warms up for cells of `mode` that carry out `checks` (all where none is named). The ready
/// message.
std::string warm_up(const std::string& mode, const std::vector<std::string>& checks);

/// Makes forks of this process cheap, once nothing else is to be imported in it.
void prepare_to_fork();

/// Where a child sends what it sees.
struct Channel {
    int descriptor = -1;
    std::string token;  // marks its messages; case code does not know it
};

/// In a child: observes the requests (a JSON list) and sends what is seen to `channel`. `started`
/// is when its parent began to fork.
void run_requests(const std::string& requests, const Channel& channel, double started);

/// fork(), through Python so that the hooks of os.register_at_fork run.
pid_t fork_python();

}  // namespace exportgate::worker
