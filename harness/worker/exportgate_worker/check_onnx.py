"""The check `onnx`: the program as an ONNX model, run by ONNX Runtime in a process without torch.

ONNX has no ranges, so nothing is tried outside of them; and only values, so what a model writes in
place has to be an output too.
"""

import importlib.util
import os

import torch

from exportgate_worker import consumer_process, consumers, shared_artefacts
from exportgate_worker.consumer_process import NotAvailable

NAME = "model.onnx"
PACKAGES = ("onnx", "onnxscript", "onnxruntime")


def does_not_apply(subject, exported):
    return consumers.why_not(subject, exported)


def result(subject, exported):
    return consumers.result(subject, exported, lambda: _given(exported), has_values_only=True)


def _given(exported):
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        remedy = " ".join(f"--with {name}" for name in PACKAGES)
        raise NotAvailable(
            f"{', '.join(missing)} not installed: `exportgate env add NAME {remedy}`"
        )

    def export_into(folder):
        model = torch.onnx.export(exported.ep, dynamo=True, verbose=False)
        model.save(os.path.join(folder, NAME))

    folder = shared_artefacts.made(
        exported,
        "onnx",
        lambda folder: consumers.converted("torch.onnx.export", lambda: export_into(folder)),
    )
    return consumers.Given(os.path.join(folder, NAME), *consumer_process.python("onnx_runtime"))
