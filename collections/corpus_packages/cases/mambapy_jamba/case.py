"""An attention layer and a Mamba layer, whose caches are tuples of two tensors each."""

import torch
from mambapy.jamba import AttentionLayer, JambaLMConfig, MambaLayer

Caches = list


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        config = JambaLMConfig(
            d_model=8,
            n_layers=2,
            mlp_size=16,
            num_attention_heads=2,
            num_key_value_heads=2,
            num_experts=1,
            d_state=4,
        )
        self.attention = AttentionLayer(config, num_experts=1)
        self.mamba = MambaLayer(config, num_experts=1)

    def forward(self, x, caches):
        (x, _), keys_values = self.attention(x, caches[0])
        (x, _), states = self.mamba(x, caches[1])
        return x, [keys_values, states]


def make_inputs(_, leaves):
    x, *states = leaves.values()
    return x, [tuple(states[:2]), tuple(states[2:])]


def register(_):
    pass


def unregister(_):
    pass
