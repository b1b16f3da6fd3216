"""The check `aoti`: the program compiled by AOTInductor, and run by a C++ program without Python.

The package checks its inputs (AOTI_RUNTIME_CHECK_INPUTS): by default it takes any shape and
computes something (pytorch#153992).
"""

import os
import shutil

from exportgate_worker import consumers, shared_artefacts, watched
from exportgate_worker.consumer_process import NotAvailable
from exportgate_worker.made_of import AOTI_RUNNER

NAME = "program.pt2"
_CACHE = "TORCHINDUCTOR_CACHE_DIR"


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
        # Headers would be compiled for later programs, into a folder that outlives the run.
        config = torch._inductor.config
        config.cpp_cache_precompile_headers = False  # from 2.6 on
        if hasattr(config.aot_inductor, "precompile_headers"):  # from 2.8 on
            config.aot_inductor.precompile_headers = False
        _count_the_compiler()
        if exported.run_folder:
            _find_vector_instructions(os.path.join(exported.run_folder, ".vector_instructions"))
        # Two processes that compile equal code at one time spoil each other's files in a common
        # cache (seen with 2.13.0: a package whose metadata are empty). So there is none.
        os.environ[_CACHE] = os.path.join(exported.folder, "inductor")
        compile_and_package(exported.ep, package_path=os.path.join(folder, NAME))

    folder = shared_artefacts.made(
        exported,
        "aoti",
        lambda folder: consumers.converted(
            "aoti_compile_and_package", lambda: compile_into(folder)
        ),
    )
    return consumers.Given(os.path.join(folder, NAME), [runner], {"AOTI_RUNTIME_CHECK_INPUTS": "1"})


def _find_vector_instructions(folder):
    """What Inductor asks the compiler first, by compiling four programs: half of what its first
    program costs. It locks these files itself, and keeps the answers in the process.
    """
    from torch._inductor import cpu_vec_isa

    os.environ[_CACHE] = folder
    cpu_vec_isa.valid_vec_isa_list()


def _count_the_compiler():
    from torch._inductor import cpp_builder

    compiler = shutil.which(cpp_builder.get_cpp_compiler())
    if compiler is not None:
        watched.count(compiler)


def _runner():
    """Beside the worker; built by `run --consumers aoti`."""
    if os.path.exists(AOTI_RUNNER):
        watched.count(AOTI_RUNNER)
        return AOTI_RUNNER
    try:
        with open(
            os.path.join(os.path.dirname(AOTI_RUNNER), "aoti_not_available.txt"), encoding="utf-8"
        ) as file:
            why = file.read().strip()
    except OSError:
        why = "it was not built: name an environment, not a worker"
    raise NotAvailable(f"exportgate-aoti: {why}")
