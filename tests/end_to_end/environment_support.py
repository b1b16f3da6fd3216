"""A scratch folder with environments of its own, for the tests of `exportgate env`."""

import subprocess
import sys
import zipfile
from pathlib import Path

from support import Scratch

PYTHON = sys.executable  # the default environment's, which has torch
BASE = Path(sys.base_prefix) / "bin" / "python3"  # has none
ENVIRONMENTS = ("--environments", "environments")
QUICK = (*ENVIRONMENTS, "--no-pending", "--checks", "dims")  # a run of cells

# Without the headers of torch, which take half a minute to compile.
NATIVE_CPP = """\
#include <pybind11/pybind11.h>

namespace py = pybind11;

namespace {

struct DynamicCache {
    py::list key_cache;
    py::list value_cache;

    py::tuple update(const py::object& keys, const py::object& values, std::size_t layer) {
        if (key_cache.size() <= layer) {
            key_cache.append(keys);
            value_cache.append(values);
        }
        return py::make_tuple(key_cache[layer], value_cache[layer]);
    }

    py::object get_seq_length(std::size_t layer) const {
        return key_cache.size() > layer ? key_cache[layer].attr("shape")[py::int_(-2)]
                                        : py::object(py::int_(0));
    }
};

}  // namespace

PYBIND11_MODULE(EXPORTGATE_NATIVE_MODULE, module) {
    py::class_<DynamicCache>(module, "DynamicCache")
        .def(py::init<>())
        .def_readwrite("key_cache", &DynamicCache::key_cache)
        .def_readwrite("value_cache", &DynamicCache::value_cache)
        .def("update", &DynamicCache::update, py::arg("keys"), py::arg("values"),
             py::arg("layer") = 0)
        .def("get_seq_length", &DynamicCache::get_seq_length, py::arg("layer") = 0);
}
"""


def write_wheel(folder, name, version, files, requires=()):
    """A wheel in `folder` that pip installs, without an index."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"]
    metadata += [f"Requires-Dist: {requirement}\n" for requirement in requires]
    tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    everything = {**files, f"{info}/METADATA": "".join(metadata), f"{info}/WHEEL": tag}
    record = "".join(f"{path},,\n" for path in (*everything, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in (*everything.items(), (f"{info}/RECORD", record)):
            wheel.writestr(path, text)


class Environments(Scratch):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "environments"

    def env(self, *arguments, **variables):
        return self.exportgate("env", *arguments, *ENVIRONMENTS, **variables)

    def assert_nothing_left(self, name):
        """But for the log."""
        self.assertFalse((self.root / name).exists(), list(self.root.rglob("*"))[:20])
        self.assertNotIn(f"\n{name} ", self.env("list").out)

    def mount(self, size):
        self.root.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.root)],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode != 0:
            self.skipTest(f"this machine does not let the tests mount: {mounted.stderr.strip()}")
        self.addCleanup(
            subprocess.run, ["umount", "-l", str(self.root)], check=False, stderr=subprocess.DEVNULL
        )

    def start(self, *arguments, **variables):
        return subprocess.Popen(
            self.command("env", *arguments, *ENVIRONMENTS),
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
