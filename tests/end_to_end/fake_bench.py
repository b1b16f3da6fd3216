"""Stands in for exportgate-bench where a test wants to say how long a call takes.

Speaks the protocol of harness/worker/bench/PROTOCOL.md; nothing is run and no time is taken, so
what is made of the times can be tested to the last digit.
"""

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

ENVIRONMENT = {
    "torch": "2.13.0",
    "torch_build": "2.13.0+cpu",
    "python": "3.11.2",
    "platform": "linux-x86_64",
    "cxx11_abi": 1,
    "packages": {},
    "name": "fake",
}
HELLO = {"protocol": 1, "environment": ENVIRONMENT, "context": {"machine": "0123456789abcdef"}}
SCRIPT = """\
#!{python}
import sys
sys.path.insert(0, {folder!r})
import fake_bench
fake_bench.main({behaviour!r}, {log!r})
"""


def write(path, **behaviour):
    """An executable that behaves so. Keys: `times` {name: ns per call}, `reasons` {name: why it is
    not available}, `refuses` {name: what prepare says}, `raises` {name: what a block raises},
    `dies_at` a name, `second` {name: ns per call} of the process whose socket is `second_at`,
    `hello` instead of the usual, `says` a text in place of all, `block_s` what a block takes.
    """
    path.write_text(
        SCRIPT.format(
            python=sys.executable,
            folder=str(Path(__file__).parent),
            behaviour=behaviour,
            log=str(path) + ".log",
        )
    )
    path.chmod(0o755)
    return path


def log_of(path):
    """What each of its processes was started with, prepared and timed, as a list."""
    processes = {}
    for line in Path(str(path) + ".log").read_text().splitlines():
        process, event = json.loads(line)
        processes.setdefault(process, []).append(event)
    return list(processes.values())


def main(behaviour, log):
    control = int(sys.argv[sys.argv.index("--control") + 1])
    stream = socket.socket(fileno=control)
    lines = stream.makefile("r", encoding="utf-8")

    def note(event):
        with open(log, "a", encoding="utf-8") as file:
            file.write(json.dumps([os.getpid(), event]) + "\n")

    def say(message):
        text = message if isinstance(message, str) else json.dumps(message)
        stream.sendall(f"{text}\n".encode())

    note(
        {
            "hash_seed": os.environ["PYTHONHASHSEED"],
            "padding": len(os.environ["EXPORTGATE_PADDING"]),
            "control": control,
            "plan": json.loads(Path(sys.argv[sys.argv.index("--plan") + 1]).read_text()),
        }
    )
    if "says" in behaviour:
        print("the last words of a fake", flush=True)
        if behaviour["says"]:
            say(behaviour["says"])
        return
    times = behaviour["times"]
    if control == behaviour.get("second_at"):
        times = times | behaviour["second"]
    reasons = behaviour.get("reasons", {})
    say({"hello": behaviour.get("hello", HELLO)})
    say({"benchmarks": [{"name": n, "reason": reasons.get(n, "")} for n in {**times, **reasons}]})
    for line in lines:
        message = json.loads(line)
        if "prepare" in message:
            name = message["prepare"]
            note({"prepare": name})
            reason = behaviour.get("refuses", {}).get(name, "")
            say({"prepared": {"name": name, "reason": reason}})
            continue
        name = message["block"]["name"]
        note({"block": name, "cpus": sorted(os.sched_getaffinity(0))})
        if name == behaviour.get("dies_at"):
            print("about to die", flush=True)
            os.kill(os.getpid(), signal.SIGSEGV)
        if name in behaviour.get("raises", {}):
            say({"failed": {"name": name, "reason": behaviour["raises"][name]}})
            continue
        time.sleep(behaviour.get("block_s", 0))
        say({"block": {"ns": int(times[name] * message["block"]["iterations"])}})
