"""`get_streaming_state` and `set_streaming_state` of the library take the states out and in.

`offset_cpu` counts calls in Python. It is part of the context, and a program does not count it.
"""

import moshi_attention as ours
from moshi.modules.transformer import _LayerState, _MHAState, _TransformerState
from moshi_attention import Transformer
from moshi_attention import unregister_all as unregister

__all__ = ["Model", "Transformer", "make_inputs", "register", "unregister"]


class Model(Transformer):
    def forward(self, x, states):
        return self.step(x, states)


def make_inputs(_, leaves):
    x, whole_mask, offsets, layer_mask, mask, cache, end_offset, offset = leaves.values()
    attention = {"kv_cache": ours.ring_of(cache, end_offset), "offset": offset, "offset_cpu": 0}
    return x, {
        "": ours.state_of(_TransformerState, exec_mask=whole_mask, offsets=offsets),
        "layers.0": ours.state_of(_LayerState, exec_mask=layer_mask, offset_cpu=0),
        "layers.0.self_attn": ours.state_of(_MHAState, exec_mask=mask, **attention),
    }


def register(_):
    ours.register_states()
