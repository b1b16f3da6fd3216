"""The functions that the C++ side calls."""

import gc
import json
import os
import sys
import time

HELLO_PROTOCOL = 1


def hello(started, cxx11_abi):
    """Imports torch; the hello message as a line. `started` is when the process began to start Python."""
    import torch  # noqa: F401  the first import is what is timed

    imported = time.monotonic()
    from exportgate_worker import environment

    return json.dumps(
        {
            "hello": {
                "protocol": HELLO_PROTOCOL,
                "pid": os.getppid(),  # the supervisor is the worker that the harness started
                "environment": environment.describe(cxx11_abi),
                "timings_s": {"import": imported - started},
            }
        }
    )


def warm_up(mode):
    """Exports a representative cell of `mode`, undoes it, freezes the gc; the ready message as a line."""
    started = time.monotonic()
    from exportgate_worker import warm_up

    warm_up.export_and_undo(mode)
    gc.collect()
    gc.freeze()
    gc.disable()  # a child lives for one cell; a collection would only touch (and so copy) the parent's pages
    spent = time.monotonic() - started
    return json.dumps({"ready": {"mode": mode, "timings_s": {f"warm_up_{mode}": spent}}})


def run_requests(requests_json, channel_descriptor, started):
    """In a child: observes the cells one after the other. `started` is when the parent began to fork."""
    import faulthandler

    from exportgate_worker import cell, channel

    faulthandler.enable(2)  # a crash then shows in the output where in Python it happened
    requests = json.loads(requests_json)
    sink = channel.Channel(channel_descriptor)
    long_lived = len(requests) > 1
    if long_lived:
        gc.enable()  # as any process that exports many models has it
    for request in requests:
        sink.send({"observation": cell.observe(request, sink, started)})
        if long_lived:
            cell.forget_everything()
        started = time.monotonic()
    sys.stdout.flush()
    sys.stderr.flush()
