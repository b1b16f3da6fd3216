"""The model takes a copy of the dict and returns it: what a program does to a dict is not seen."""

from types import SimpleNamespace

import bare
import torch

bare.without_init("torchscale", "torchscale.component")

from torchscale.component.multihead_attention import MultiheadAttention  # noqa: E402

State = dict


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        options = SimpleNamespace(
            multiway=False, xpos_rel_pos=False, xpos_scale_base=512, layernorm_eps=1e-5
        )
        self.attention = MultiheadAttention(options, 16, 2, self_attention=True)

    def forward(self, x, state):
        state = dict(state)
        y, _weights = self.attention(x, x, x, incremental_state=state)
        return y, state


def make_inputs(_, leaves):
    x, keys, values = leaves.values()
    return x, {"prev_key": keys, "prev_value": values}


def register(_):
    pass


def unregister(_):
    pass
