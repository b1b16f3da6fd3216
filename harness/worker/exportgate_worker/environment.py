"""The environment as hello and a record's header describe it."""

import importlib.metadata
import platform
import sys

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


def _installed():
    """Every distribution: any of them may turn out to matter (optree did)."""
    versions = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name and name not in versions:  # the first one on sys.path is the one that is imported
            versions[name] = distribution.version
    return dict(sorted(versions.items()))
