"""Attention in the mode "read", a string of the cache. A program is for two samples."""

import torch
from diffusers.models.attention_processor import Attention
from diffusers.models.transformers import transformer_glm_image as glm
from registration import new_object, register_attributes
from registration import unregister as unregister_classes

GlmImageKVCache = glm.GlmImageKVCache
Layer = glm.GlmImageLayerKVCache


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = Attention(
            query_dim=16,
            heads=2,
            dim_head=8,
            out_dim=16,
            bias=True,
            qk_norm="layer_norm",
            elementwise_affine=False,
            processor=glm.GlmImageAttnProcessor(),
        )

    def forward(self, image, text, cache):
        return self.attention(image, encoder_hidden_states=text, kv_cache=cache[0])


def make_inputs(cache_class, leaves):
    image, text, *tensors = leaves.values()
    facts = {"mode": "read", "current_sample_idx": 2}
    layer = new_object(Layer, {"k_caches": tensors[:2], "v_caches": tensors[2:], **facts})
    return image, text, new_object(cache_class, {"num_layers": 1, "caches": [layer]})


def register(cache_class):
    register_attributes(Layer, ["k_caches", "v_caches"], ["mode", "current_sample_idx"])
    register_attributes(cache_class, ["caches"], ["num_layers"])


def unregister(cache_class):
    unregister_classes(cache_class, Layer)
