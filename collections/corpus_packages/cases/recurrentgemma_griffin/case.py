"""A recurrent block, then local attention: the two classes in one dict."""

import recurrentgemma_cache as ours
import torch
from recurrentgemma import common
from recurrentgemma.torch import griffin
from registration import register_named_tuple
from registration import unregister as unregister_classes

AttentionBlockCache = ours.modules.AttentionBlockCache
RecurrentBlockCache = ours.modules.RecurrentBlockCache
__all__ = ["Model", "RecurrentBlockCache", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        kinds = common.TemporalBlockType
        config = common.GriffinConfig(
            vocab_size=32,
            width=ours.WIDTH,
            mlp_expanded_width=32,
            num_heads=ours.HEADS,
            lru_width=ours.WIDTH,
            block_types=(kinds.RECURRENT, kinds.ATTENTION),
            embeddings_scale_by_sqrt_dim=False,
            attention_window_size=ours.WINDOW,
            logits_soft_cap=30.0,
            scan_type=common.ScanType.AUTO,
        )
        self.griffin = ours.with_weights(griffin.Griffin(config, gradient_checkpointing=False))

    def forward(self, tokens, position, cache):
        return self.griffin(tokens, position, cache)


def make_inputs(_, leaves):
    tokens, position, *tensors = leaves.values()
    cache = {
        "blocks.0": RecurrentBlockCache(*tensors[:2]),
        "blocks.1": AttentionBlockCache(*tensors[2:]),
    }
    return tokens, position, cache


def register(_):
    register_named_tuple(RecurrentBlockCache)
    register_named_tuple(AttentionBlockCache)


def unregister(_):
    unregister_classes(RecurrentBlockCache, AttentionBlockCache)
