"""The check `consumer`: the program given to a consumer of one's own, which exportgate.toml names.

It gets the program as torch.export.save() writes it, with its leaves for arguments, so that it is
loaded without the case's class.
"""

import copy
import os
import sys

import torch
from torch.export.exported_program import ModuleCallEntry, ModuleCallSignature

from exportgate_worker import consumers, judge


def does_not_apply(subject, exported):
    return consumers.why_not(subject, exported)


def result(subject, exported):
    return consumers.result(subject, exported, lambda: _given(exported), says_facts=True)


def _given(exported):
    file = os.path.join(exported.folder, "program.pt2")
    consumers.converted(
        "torch.export.save", lambda: torch.export.save(of_leaves(exported.ep), file)
    )
    command = [sys.executable if part == "{python}" else part for part in exported.consumer_command]
    return consumers.Given(file, command, is_ours=False)


def of_leaves(ep):
    """`ep` as a program that takes its leaves, one after the other, and returns a tuple of leaves.

    Guards speak of the arguments that are gone; what they guard follows from the shapes.
    """
    own = copy.copy(ep)
    count_in, count_out = ep.call_spec.in_spec.num_leaves, ep.call_spec.out_spec.num_leaves
    leaves = tuple(range(count_in))
    in_spec = judge.tree_structure((leaves, {}))
    out_spec = judge.tree_structure(tuple(range(count_out)))
    signature = ModuleCallSignature(inputs=[], outputs=[], in_spec=in_spec, out_spec=out_spec)
    own._module_call_graph = [ModuleCallEntry("", signature)]
    if getattr(ep, "example_inputs", None) is not None:
        own._example_inputs = (tuple(judge.tree_leaves(ep.example_inputs)), {})
    if hasattr(own, "_guards_code"):  # from 2.9 on
        own._guards_code = []
    return own
