"""What a file of measurements says of where and how they were made."""

import hashlib
import platform
import re

import torch
from exportgate_worker import environment as worker_environment

FLOOR = "a C function, called as the others are, that returns a new list of the cache's leaves"


def environment(plan, cxx11_abi):
    return worker_environment.describe(cxx11_abi) | {"name": plan["environment"]}


def of_measurements(plan):
    """Google Benchmark's context holds strings only."""
    return {
        "exportgate": plan["exportgate"],
        "environment": plan["environment"],
        "torch": str(torch.__version__),
        "python": platform.python_version(),
        "gc": "off",
        "threads": "1",
        "clock": "real time",
        "machine": machine(),
        "cpu": _cpu(),
        "cases": plan["digest"],
        "floor": FLOOR,
        "seed": str(plan["seed"]),
    }


def machine():
    """The same for two files of one machine, and no more than that: no name, no address."""
    identity = _first_line("/etc/machine-id") or platform.node()
    return hashlib.sha256(f"{identity}/{_cpu()}".encode()).hexdigest()[:16]


def _cpu():
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            found = re.search(r"^model name\s*:\s*(.*)$", file.read(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else platform.machine()


def _first_line(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().strip()
    except OSError:
        return ""
