"""recurrentgemma's modules for torch, imported without JAX and Flax."""

import bare
import torch

bare.without_init("recurrentgemma", "recurrentgemma.torch")

from recurrentgemma.torch import modules  # noqa: E402

WIDTH, HEADS, WINDOW = 16, 2, 8


def attention_block():
    return modules.LocalAttentionBlock(width=WIDTH, num_heads=HEADS, window_size=WINDOW)


def recurrent_block():
    return modules.RecurrentBlock(width=WIDTH, num_heads=HEADS, lru_width=WIDTH)


def with_weights(module):
    """Its parameters start as what no initialiser of a framework has filled in."""
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return module
