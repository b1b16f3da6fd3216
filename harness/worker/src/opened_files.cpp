#include "opened_files.h"

#include <fcntl.h>
#include <pybind11/pybind11.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <unordered_set>

namespace exportgate::worker {

namespace {

/// Of memory that is mapped and not touched before it is needed. Forty thousand paths.
constexpr std::size_t capacity = std::size_t{4} << 20;

struct SharedLog {
    std::atomic<std::size_t> size;  // may exceed the capacity: then lines are missing
    std::array<char, capacity> text;
};

struct Watched {
    std::unordered_set<std::string> seen;  // of this process and of those that it was forked from
    std::string before;                    // the lines of the time before the shared log
    SharedLog* shared = nullptr;
};

Watched& watched() {
    static Watched only;
    return only;
}

void add(std::string line) {
    line += '\n';
    Watched& all = watched();
    if (!all.seen.insert(line).second) {
        return;
    }
    if (all.shared == nullptr) {
        all.before += line;
        return;
    }
    const std::size_t at = all.shared->size.fetch_add(line.size());
    if (at + line.size() <= capacity) {
        std::memcpy(all.shared->text.data() + at, line.data(), line.size());
    }
}

std::string escaped(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        if (byte >= ' ' && byte < 0x7f && byte != '\\') {
            text += byte;
            continue;
        }
        const auto value = static_cast<unsigned char>(byte);
        text += {'\\', 'x', digits[value >> 4U], digits[value & 15U]};
    }
    return text;
}

/// The bytes of a path as Python gives it; nullopt for a descriptor and for None.
std::optional<std::string> path_of(PyObject* object) {
    if (PyBytes_Check(object)) {
        return std::string(PyBytes_AS_STRING(object),
                           static_cast<std::size_t>(PyBytes_GET_SIZE(object)));
    }
    if (!PyUnicode_Check(object)) {
        return std::nullopt;
    }
    PyObject* encoded = PyUnicode_EncodeFSDefault(object);
    if (encoded == nullptr) {
        PyErr_Clear();
        add("! a path that cannot be encoded");
        return std::nullopt;
    }
    std::optional<std::string> bytes = path_of(encoded);
    Py_DECREF(encoded);
    return bytes;
}

void add_path(char what, PyObject* object) {
    const std::optional<std::string> path = path_of(object);
    if (!path || path->empty()) {
        return;
    }
    std::error_code failure;
    const std::filesystem::path absolute = std::filesystem::absolute(*path, failure);
    if (failure) {
        add("! a path in a folder that is gone");
        return;
    }
    add(what + escaped(absolute.lexically_normal().string()));
}

PyObject* item(PyObject* arguments, Py_ssize_t at) {
    return PyTuple_Check(arguments) && at < PyTuple_GET_SIZE(arguments)
               ? PyTuple_GET_ITEM(arguments, at)
               : Py_None;
}

/// Nothing of what was in the file is seen by who opens it so.
bool writes_anew(long flags) {
    return (flags & O_TRUNC) != 0 || ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0);
}

bool is_there(PyObject* object) {
    const std::optional<std::string> path = path_of(object);
    return path && access(path->c_str(), F_OK) == 0;
}

/// 'R': what is in the file counts. 'W': it does not. 'C': it does not in this run, but the file is
/// made because it is not there, and in the next run it is.
void opened(PyObject* arguments) {
    PyObject* flags = item(arguments, 2);
    const long value = PyLong_Check(flags) ? PyLong_AsLong(flags) : 0;
    PyObject* path = item(arguments, 0);
    if (writes_anew(value)) {
        add_path(is_there(path) ? 'W' : 'C', path);
    } else if ((value & O_ACCMODE) != O_WRONLY) {
        add_path('R', path);
    }
}

/// Of the library of SQLite, which opens the file by itself: its name, or "file:NAME?...".
void connected(PyObject* database) {
    const std::optional<std::string> name = path_of(database);
    if (name && name->starts_with("file:")) {
        const std::string path = name->substr(5, name->find('?') - 5);
        PyObject* object = PyBytes_FromStringAndSize(path.data(), std::ssize(path));
        if (object == nullptr) {
            PyErr_Clear();
            return;
        }
        add_path('R', object);
        Py_DECREF(object);
    } else if (name && *name != ":memory:") {
        add_path('R', database);
    }
}

/// The modules of a folder that Python's import lists are looked at otherwise, and more narrowly.
bool is_listed_by_import() {
    PyFrameObject* frame = PyEval_GetFrame();  // borrowed
    if (frame == nullptr) {
        return true;
    }
    PyCodeObject* code = PyFrame_GetCode(frame);
    const std::optional<std::string> file = path_of(code->co_filename);
    Py_DECREF(code);
    return file && file->starts_with("<frozen importlib");
}

bool are_of_the_harness = false;

void started(std::string_view event, PyObject* arguments) {
    const std::optional<std::string> name = path_of(item(arguments, 0));
    add((are_of_the_harness ? "H " : "X ") + escaped(name.value_or(std::string(event))));
}

/// A process that does not begin as a copy of this one is no event of its own.
void imported(PyObject* object) {
    const std::optional<std::string> name = path_of(object);
    if (name && (*name == "multiprocessing.popen_spawn_posix" ||
                 *name == "multiprocessing.popen_forkserver")) {
        add("X python");
    }
}

void loaded(PyObject* object) {
    const std::optional<std::string> name = path_of(object);
    if (name && name->find('/') != std::string::npos) {  // else the system's linker looks for it
        add_path('R', object);
    }
}

bool is_paused = false;  // in a server, before its first thread and its first child

int see(const char* name, PyObject* arguments, void*) {
    // Before site is imported all is the standard library's.
    if (is_paused || Py_IsInitialized() == 0) return 0;
    const std::string_view event(name);
    constexpr std::array<std::string_view, 6> programs{
        "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"};
    if (event == "open") {
        opened(arguments);
    } else if (event == "import") {
        loaded(item(arguments, 1));  // the file of an extension module, else None
        imported(item(arguments, 0));
    } else if (event == "sqlite3.connect") {
        connected(item(arguments, 0));
    } else if (event == "ctypes.dlopen") {
        loaded(item(arguments, 0));
    } else if (event == "os.listdir" || event == "os.scandir") {
        if (!is_listed_by_import()) {
            add_path('L', item(arguments, 0));
        }
    } else if (std::find(programs.begin(), programs.end(), event) != programs.end()) {
        started(event, arguments);
    }
    return 0;
}

}  // namespace

void watch_opened_files() {
    if (PySys_AddAuditHook(see, nullptr) != 0) {
        throw std::runtime_error("Python refuses an audit hook");
    }
}

Unwatched::Unwatched() {
    is_paused = true;
}

Unwatched::~Unwatched() {
    is_paused = false;
}

void say_whose_programs(bool of_the_harness) {
    are_of_the_harness = of_the_harness;
}

void begin_shared_log() {
    void* memory = mmap(nullptr, sizeof(SharedLog), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        add("! there is no memory for what is opened");
        return;
    }
    watched().shared = static_cast<SharedLog*>(memory);  // zeros are an empty log
}

std::string opened_files() {
    const Watched& all = watched();
    std::string lines = all.before;
    if (all.shared == nullptr) {
        return lines;
    }
    const std::size_t size = all.shared->size;
    std::string text(all.shared->text.data(), std::min(size, capacity));
    // Who was killed between the two has reserved a line and not written it.
    const bool is_whole = size <= capacity && text.find('\0') == std::string::npos;
    std::replace(text.begin(), text.end(), '\0', '?');
    if (!text.empty() && !text.ends_with('\n')) {
        text += '\n';
    }
    lines += text;
    if (!is_whole) {
        lines += "! more than can be kept was opened, or a process was killed meanwhile\n";
    }
    return lines;
}

}  // namespace exportgate::worker
