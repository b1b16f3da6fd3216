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
