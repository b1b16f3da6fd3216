"""The functions that the C++ side calls."""

import gc
import importlib
import json
import os
import sys
import time
import warnings

HELLO_PROTOCOL = 3


def hello(started, cxx11_abi):
    """Imports torch; the hello message. `started` is when the process began to start Python."""
    # Here and in the children: what is imported lives on, and a child lives for one cell.
    # Collections would take a fifth of the time of import and warm-up.
    gc.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch about itself ("Failed to initialize NumPy")
        import torch  # noqa: F401  the first import is what is timed
    imported = time.monotonic()
    from exportgate_worker import checks, environment, made_of

    environment.refuse_another_torch()
    made_of.find_wheels()
    return json.dumps(
        {
            "hello": {
                "protocol": HELLO_PROTOCOL,
                "pid": os.getppid(),  # the supervisor is the worker that the harness started
                "environment": environment.describe(cxx11_abi),
                "folders": environment.folders(),
                "python_path": made_of.python_path(),
                "checks": checks.revisions(),
                "timings_s": {"import": imported - started},
            }
        }
    )


_preload_s = {}  # what the next ready message says of it


def preload(module):
    """Imports `module` for all children. What is wrong with it shows in cells that import it."""
    from exportgate_worker import (
        judge,  # noqa: F401  bound before a library replaces anything
        read_variables,
    )

    started = time.monotonic()
    read_variables.begin()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            importlib.import_module(module)
        except BaseException as error:  # SystemExit too: a module may raise anything
            print(f"exportgate-worker: {module} is not preloaded: {error}", file=sys.stderr)
    read_variables.end()
    _preload_s["preload"] = _preload_s.get("preload", 0.0) + time.monotonic() - started


def warm_up(mode, check_names):
    """Exports a representative cell of `mode`, carries the checks out that the cells will carry
    out (all where none is named), and undoes it; the ready message."""
    started = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from exportgate_worker import warm_up

        warm_up.export_and_undo(mode, check_names)
    gc.freeze()  # a collection in a child would touch, and so copy, all the pages of its parent
    timings_s = {**_preload_s, f"warm_up_{mode}": time.monotonic() - started}
    _preload_s.clear()
    return json.dumps({"ready": {"mode": mode, "timings_s": timings_s}})


def prepare_to_fork():
    """In a process that only forks from now on."""
    from exportgate_worker import huge_pages

    huge_pages.gather()


def run_requests(
    requests_json, channel_descriptor, token, started, opened_files, say_whose_programs
):
    """In a child: observes one cell after the other. `started` is when its parent began to fork.

    `token` marks its messages, so that nothing else that is written to the channel counts.
    `opened_files()`: the lines of src/opened_files.h. `say_whose_programs(of_the_harness)`: there.
    """
    import faulthandler

    from exportgate_worker import cell, channel, made_of, watched

    watched.say_whose_programs, watched.seen = say_whose_programs, opened_files
    faulthandler.enable(2)  # a crash then shows in the output where in Python it happened
    requests = json.loads(requests_json)
    sink = channel.Channel(channel_descriptor, token)
    long_lived = len(requests) > 1
    if long_lived:
        gc.enable()  # as any process that exports many models has it
    for request in requests:
        observation = cell.observe(request, sink, started)
        sink.send(
            {"observation": observation, "made_of": made_of.of_this_cell(request, opened_files())}
        )
        if long_lived:
            cell.forget_everything()
        started = time.monotonic()
    sys.stdout.flush()
    sys.stderr.flush()
