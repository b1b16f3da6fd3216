"""Describes the interpreter that runs this script, and its torch, to CMake; torch is not imported.

Prints one `KEY=VALUE` a line. On a Python that cannot be used the last one is `ERROR=...`, which
says what was found and what to do.
"""

import importlib.util
import os
import re
import sys
import sysconfig

OLDEST = (3, 10)  # of which there are wheels of all releases that are supported


def refuse(message):
    print(f"ERROR={message}")
    sys.exit(0)


def development_headers():
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    include = sysconfig.get_path("include")
    if not os.path.isfile(os.path.join(include, "Python.h")):
        refuse(
            f"{sys.executable} has no development headers ({include}/Python.h is missing): "
            f"install them (Debian: python{version}-dev), or name another Python that has torch"
        )
    directories = [include, sysconfig.get_path("platinclude")]
    return sorted(set(directories), key=directories.index)


def shared_library():
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    remedy = (
        f"install it (Debian: python{version}-dev), build Python with --enable-shared, "
        "or name another Python that has torch (Debian's, conda's and uv's Pythons have one)"
    )
    if not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        refuse(f"{sys.executable} has no shared libpython and cannot be embedded: {remedy}")
    names = [sysconfig.get_config_var(name) for name in ("LDLIBRARY", "INSTSONAME")]
    # LIBDIR is where the build meant to install; a relocated Python has it below its own prefix.
    folders = [
        sysconfig.get_config_var("LIBDIR"),
        os.path.join(sys.base_prefix, "lib"),
        sysconfig.get_config_var("LIBPL"),
    ]
    for folder in filter(None, folders):
        for name in filter(None, names):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and ".so" in name:
                return path
    refuse(
        f"the shared libpython of {sys.executable} is not where it says ({folders[0]}): {remedy}"
    )


def torch_directory():
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        refuse(
            f"{sys.executable} has no torch: install it ({sys.executable} -m venv VENV, "
            "then VENV/bin/pip install torch, and name VENV/bin/python), or name one that has it"
        )
    directory = os.path.dirname(os.path.realpath(spec.origin))
    if not os.path.isfile(os.path.join(directory, "include", "ATen", "ATen.h")):
        refuse(f"torch in {directory} ships no C++ headers: install one of PyTorch's own wheels")
    return directory


def cxx11_abi(directory):
    """The std::string in the mangled constructor c10::Error(SourceLocation, std::string) tells."""
    path = os.path.join(directory, "lib", "libc10.so")
    with open(path, "rb") as library:
        symbols = library.read()
    constructor = b"_ZN3c105ErrorC2ENS_14SourceLocationE"
    if constructor + b"NSt7__cxx1112basic_string" in symbols:
        return 1
    if constructor + b"Ss" in symbols:
        return 0
    refuse(
        f"cannot tell with which _GLIBCXX_USE_CXX11_ABI {path} was built: "
        "it has no constructor of c10::Error; install one of PyTorch's own wheels"
    )


def torch_version(directory):
    with open(os.path.join(directory, "version.py"), encoding="utf-8") as file:
        found = re.search(r"^__version__ = '([^']+)'", file.read(), re.MULTILINE)
    return found.group(1) if found else "unknown"


def main():
    if sys.version_info[:2] < OLDEST:
        refuse(
            f"{sys.executable} is Python {sys.version_info[0]}.{sys.version_info[1]}, and "
            f"{OLDEST[0]}.{OLDEST[1]} is the oldest that is supported: name another Python that "
            "has torch"
        )
    directory = torch_directory()
    print("PYTHON_INCLUDE=" + ";".join(development_headers()))
    print("PYTHON_LIBRARY=" + shared_library())
    print("PYTHON_VERSION=" + sys.version.split()[0])
    print("MODULE_SUFFIX=" + sysconfig.get_config_var("EXT_SUFFIX"))
    print("TORCH_DIRECTORY=" + directory)
    print("TORCH_VERSION=" + torch_version(directory))
    print(f"TORCH_CXX11_ABI={cxx11_abi(directory)}")


main()
