"""Its two attentions with their processors for a filled cache, as a denoising step calls them.

`num_ref_tokens` is an extent of the tensors too: the registration reads it off them.
"""

import torch
from diffusers.models.transformers import transformer_flux2 as flux2
from registration import new_object, register_attributes
from registration import unregister as unregister_classes

Flux2KVCache = flux2.Flux2KVCache
Layer = flux2.Flux2KVLayerCache
DERIVED = {"num_ref_tokens": lambda cache: cache.double_block_caches[0].k_ref.shape[1]}


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        sizes = {"query_dim": 16, "heads": 2, "dim_head": 8}
        self.double_stream = flux2.Flux2Attention(
            **sizes, added_kv_proj_dim=16, processor=flux2.Flux2KVAttnProcessor()
        )
        self.single_stream = flux2.Flux2ParallelSelfAttention(
            **sizes, mlp_ratio=2.0, processor=flux2.Flux2KVParallelSelfAttnProcessor()
        )

    def forward(self, image, text, cache):
        image, text = self.double_stream(
            image, text, kv_cache=cache.get_double(0), kv_cache_mode="cached"
        )
        joined = self.single_stream(
            torch.cat([text, image], dim=1),
            kv_cache=cache.get_single(0),
            kv_cache_mode="cached",
            num_txt_tokens=text.shape[1],
        )
        return joined[:, text.shape[1] :], joined[:, : text.shape[1]]


def make_inputs(cache_class, leaves):
    image, text, *tensors = leaves.values()
    layers = {
        "double_block_caches": [new_object(Layer, {"k_ref": tensors[0], "v_ref": tensors[1]})],
        "single_block_caches": [new_object(Layer, {"k_ref": tensors[2], "v_ref": tensors[3]})],
    }
    return image, text, new_object(cache_class, layers, DERIVED)


def register(cache_class):
    register_attributes(Layer, ["k_ref", "v_ref"])
    register_attributes(
        cache_class, ["double_block_caches", "single_block_caches"], derived=DERIVED
    )


def unregister(cache_class):
    unregister_classes(cache_class, Layer)
