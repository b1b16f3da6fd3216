"""moshi's streaming states as inputs: their classes are registered, the module gets them."""

import torch
from moshi.modules import transformer
from registration import new_object, register_attributes, unregister

CAPACITY = 8

# A state knows its batch size, its device and a CUDA graph. The first two follow from its tensors.
OF_A_STATE = {
    "batch_size": lambda state: state.exec_mask.shape[0],
    "device": lambda state: state.exec_mask.device,
    "_set_exec_mask_graphed": lambda state: None,
}
OF_A_RING = {"capacity": lambda ring: ring.cache.shape[3], "respect_exec_mask": lambda _: True}


def ring_of(cache, end_offset):
    tensors = {"cache": cache, "end_offset": end_offset}
    return new_object(transformer.RingKVCache, tensors, OF_A_RING)


def state_of(state_class, **attributes):
    return new_object(state_class, attributes, OF_A_STATE)


def register_ring():
    register_attributes(transformer.RingKVCache, ["cache", "end_offset"], derived=OF_A_RING)


def register_states():
    register_ring()
    with_offset = {"facts": ["offset_cpu"], "derived": OF_A_STATE}
    register_attributes(transformer._MHAState, ["exec_mask", "kv_cache", "offset"], **with_offset)
    register_attributes(transformer._LayerState, ["exec_mask"], **with_offset)
    register_attributes(transformer._TransformerState, ["exec_mask", "offsets"], derived=OF_A_STATE)


def unregister_all(_):
    unregister(
        transformer.RingKVCache,
        transformer._MHAState,
        transformer._LayerState,
        transformer._TransformerState,
    )


class Transformer(torch.nn.Module):
    """One layer that attends to the last eight steps."""

    def __init__(self):
        super().__init__()
        self.layers = transformer.StreamingTransformer(
            d_model=16,
            num_heads=2,
            num_layers=1,
            dim_feedforward=32,
            causal=True,
            context=CAPACITY,
            positional_embedding="rope",
            device="cpu",
        )
        with self.layers.streaming(1):
            pass  # the module now knows its streaming parts

    def step(self, x, states):
        self.layers.set_streaming_state(states)
        try:
            return self.layers(x)
        finally:
            self.layers._stop_streaming()
