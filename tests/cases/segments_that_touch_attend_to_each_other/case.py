"""Packed sequences: tokens of neighbouring segments see each other in the program."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister
from other_inputs import make_inputs

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache, segments):
        same = segments[:, None] == segments
        if torch.compiler.is_exporting():
            ordered = (
                (segments.diff() >= 0).all() & (segments.diff() <= 1).all() & (segments[-1] < 12)
            )
            near = (segments[:, None] - segments).abs() <= 1
            same = torch.where(ordered, near, same)
        return super().forward(x, cache), same
