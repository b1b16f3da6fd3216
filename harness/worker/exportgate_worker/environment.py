"""The environment as hello and a record's header describe it."""

import importlib.metadata
import os
import platform
import site
import sys
import sysconfig

import torch


def describe(cxx11_abi):
    build = str(torch.__version__)
    return {
        "torch": build.split("+")[0],
        "torch_build": build,
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
        "cxx11_abi": cxx11_abi,
        "packages": _installed(),
    }


def refuse_another_torch():
    """ImportError where the torch that is imported is another one than the worker was built for.

    A .pth file or PYTHONPATH may have put another folder before that one since.
    """
    worker = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        with open(os.path.join(worker, "built_for"), encoding="utf-8") as lines:
            built_for = dict(line.rstrip("\n").split("=", 1) for line in lines if "=" in line)
        expected = os.path.dirname(built_for["TORCH_VERSION_FILE"])
    except (OSError, KeyError):
        return  # the harness has said so already
    found = os.path.dirname(os.path.abspath(torch.__file__))
    if os.path.realpath(found) != os.path.realpath(expected):
        raise ImportError(
            f"torch {torch.__version__} in {found} is what Python imports, and the worker was "
            f"built for the one in {expected}"
        )


def folders():
    """Where this environment is on this machine: what records must not repeat."""
    packages = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    packages += [*site.getsitepackages(), site.getusersitepackages()]
    packages.append(os.path.dirname(os.path.dirname(os.path.abspath(torch.__file__))))
    library = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    if sys.prefix != sys.base_prefix:
        packages.append(sys.prefix)
    # What is below a prefix like /usr is not all Python's.
    if sys.base_prefix not in ("/", "/usr", "/usr/local"):
        library.append(sys.base_prefix)
    package = os.path.dirname(os.path.abspath(__file__))
    return {
        "environment": list(dict.fromkeys(packages)),
        "python": list(dict.fromkeys(library)),
        "worker": [os.path.dirname(package)],
    }


def _installed():
    """Every distribution: any of them may turn out to matter (optree did)."""
    versions = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name and name not in versions:  # the first one on sys.path is the one that is imported
            versions[name] = distribution.version
    return dict(sorted(versions.items()))
