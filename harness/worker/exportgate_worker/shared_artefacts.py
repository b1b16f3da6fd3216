"""What a program is made into for a consumer, made once for all cells of a case with that program.

AOTInductor compiles for ten seconds, and many cells of a matrix differ in what is no part of their
program: the mode, the kind, the pair of a named dim.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile

import torch

from exportgate_worker import judge, made_of, watched

_READ = "read.json"  # beside what was made: lines of src/opened_files.h


def made(exported, what, make):
    """The folder that `make(folder)` filled, here or for an equal program. What is made is not
    shared where it was not made whole.

    A cell that is at the same program at the same time waits. What was read to make it, it is made
    of for all of them.
    `what`: the consumer. Whatever `make` raises is raised, and nothing is kept then.
    """
    key = key_of(exported.ep) if exported.artefact_folder else None
    if key is None:
        make(exported.folder)
        return exported.folder
    os.makedirs(exported.artefact_folder, exist_ok=True)
    kept = os.path.join(exported.artefact_folder, f"{what}-{key}")
    with open(f"{kept}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released too where its owner dies
        if not os.path.isdir(kept):
            _make_whole(exported, what, make, kept)
        else:
            _count_what_was_read(kept)
    return kept


def _make_whole(exported, what, make, kept):
    beside = tempfile.mkdtemp(prefix=f"{what}-", dir=exported.artefact_folder)
    before = set(watched.seen().splitlines())
    try:
        make(beside)
        with open(os.path.join(beside, _READ), "w", encoding="ascii") as file:
            json.dump([line for line in watched.seen().splitlines() if line not in before], file)
        os.rename(beside, kept)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _count_what_was_read(kept):
    with open(os.path.join(kept, _READ), encoding="ascii") as file:
        for line in json.load(file):
            if line[:1] in "RL":
                watched.count(made_of.unescaped(line[1:]), line[:1])


def key_of(ep):
    """A digest of all that a program is; None where it holds what has no digest.

    Its print has the graph, the signature and the ranges. Tensors count with their values, inputs
    with their strides. Where the code came from does not count. Other names than those of an equal
    program make another key, which costs time and nothing else.
    """
    digest = hashlib.sha256()

    def add(part):
        digest.update(part if isinstance(part, bytes) else repr(part).encode())
        digest.update(b"\0")

    add(re.sub(r"^\s*#.*\n", "", judge.print_of(ep), flags=re.MULTILINE))
    spec = ep.call_spec
    add((spec.in_spec.num_leaves, spec.out_spec.num_leaves))
    for node in ep.graph.nodes:
        value = node.meta.get("val")
        if node.op == "placeholder" and isinstance(value, torch.Tensor):
            add((node.name, str(value.stride()), value.requires_grad, str(value.device)))
    for name, held in sorted({**ep.state_dict, **ep.constants}.items()):
        if not _has_values(held):
            return None
        plain = judge.copied(held).contiguous()
        size = plain.numel() * plain.element_size()
        add((name, str(held.dtype), tuple(held.shape), held.stride(), held.requires_grad))
        add(ctypes.string_at(plain.data_ptr(), size) if size else b"")
    return digest.hexdigest()[:32]


def _has_values(held):
    return type(held) in (torch.Tensor, torch.nn.Parameter) and (
        held.layout == torch.strided and held.device.type == "cpu" and not held.is_quantized
    )
