"""The functions that the C++ side calls."""

import gc
import json
import time
import warnings

PROTOCOL = 1
PLAN_FORMAT = 1

_listing = None


def open_plan(file, cxx11_abi):
    """Imports torch and loads the cases of the plan: {"hello", "benchmarks"}, or {"fatal"}."""
    global _listing
    gc.disable()
    with open(file, encoding="utf-8") as text:
        plan = json.load(text)
    if plan.get("format") != PLAN_FORMAT:
        return json.dumps(
            {
                "fatal": f"the plan has format {plan.get('format')}, this worker reads format "
                f"{PLAN_FORMAT}: `exportgate env update` builds it again"
            }
        )
    started = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch about itself ("Failed to initialize NumPy")
        import torch
    imported = time.monotonic() - started
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    from exportgate_bench import context, listing

    _listing = listing.Listing(plan)
    if not _listing.described():
        return json.dumps({"fatal": f"no benchmark is named by {', '.join(plan['names'])}"})
    hello = {
        "protocol": PROTOCOL,
        "environment": context.environment(plan, cxx11_abi),
        "context": context.of_measurements(plan),
        "timings_s": {"import": imported},
    }
    return json.dumps({"hello": hello, "benchmarks": _listing.described()})


def prepare(name, with_counters):
    """What the benchmark `name` calls, called once already, or the reason why there is none."""
    from exportgate_bench.listing import Unavailable

    try:
        callable_, arguments, counters = _listing.prepare(name, with_counters)
    except Unavailable as unavailable:
        return {"reason": str(unavailable)}
    return {"reason": "", "callable": callable_, "arguments": arguments, "counters": counters}
