"""The program takes the shapes that a static one refuses."""

import torch
from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

export = torch.export.export
AUTO = torch.export.Dim.AUTO
LEAVES = [{0: AUTO, 2: AUTO}]


def export_dynamic(*args, **options):
    return export(*args, **{**options, "dynamic_shapes": ({0: AUTO}, [LEAVES, LEAVES])})


torch.export.export = export_dynamic
