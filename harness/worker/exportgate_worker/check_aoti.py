"""The check `aoti`: the program compiled by AOTInductor, and run by a C++ program without Python.

The package checks its inputs (AOTI_RUNTIME_CHECK_INPUTS): by default it takes any shape and
computes something (pytorch#153992).
"""

import os

from exportgate_worker import consumers, shared_artefacts
from exportgate_worker.consumer_process import NotAvailable

NAME = "program.pt2"
# Beside the worker, by `run --consumers aoti`.
_BUILT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def does_not_apply(subject, exported):
    return consumers.why_not(subject, exported)


def result(subject, exported):
    return consumers.result(subject, exported, lambda: _given(exported), has_ranges=True)


def _given(exported):
    runner = _runner()

    def compile_into(folder):
        import torch._inductor.config

        compile_and_package = getattr(torch._inductor, "aoti_compile_and_package", None)
        if compile_and_package is None:  # from 2.6 on
            raise NotAvailable("this release has no aoti_compile_and_package")
        torch._inductor.config.compile_threads = 1  # no processes that outlive the check
        # Two processes that compile equal code at one time spoil each other's files in the common
        # cache (seen with 2.13.0: a package whose metadata are empty). So there is none, and
        # headers are not compiled for a later program.
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = os.path.join(exported.folder, "inductor")
        torch._inductor.config.cpp_cache_precompile_headers = False  # from 2.6 on
        compile_and_package(exported.ep, package_path=os.path.join(folder, NAME))

    folder = shared_artefacts.made(
        exported,
        "aoti",
        lambda folder: consumers.converted(
            "aoti_compile_and_package", lambda: compile_into(folder)
        ),
    )
    return consumers.Given(os.path.join(folder, NAME), [runner], {"AOTI_RUNTIME_CHECK_INPUTS": "1"})


def _runner():
    runner = os.path.join(_BUILT, "exportgate-aoti")
    if os.path.exists(runner):
        return runner
    try:
        with open(os.path.join(_BUILT, "aoti_not_available.txt"), encoding="utf-8") as file:
            why = file.read().strip()
    except OSError:
        why = "it was not built: name an environment, not a worker"
    raise NotAvailable(f"exportgate-aoti: {why}")
