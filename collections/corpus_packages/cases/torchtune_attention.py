"""What torchtune's two attentions are made of."""

import bare
import torch
from registration import new_object

bare.without_init("torchtune")

from torchtune.modules import (  # noqa: E402
    KVCache,
    MultiHeadAttention,
    RotaryPositionalEmbeddings,
)
from torchtune.modules._export.attention import (  # noqa: E402
    MultiHeadAttention as ExportAttention,
)
from torchtune.modules._export.kv_cache import KVCache as ExportKVCache  # noqa: E402

__all__ = [
    "ExportAttention",
    "ExportKVCache",
    "KVCache",
    "MultiHeadAttention",
    "cache_of",
    "parts",
    "written",
]

DIM, HEADS, HEAD_DIM = 16, 2, 8


def parts():
    """Keyword arguments of either attention."""
    projections = ("q_proj", "k_proj", "v_proj", "output_proj")
    return {
        "embed_dim": DIM,
        "num_heads": HEADS,
        "num_kv_heads": HEADS,
        "head_dim": HEAD_DIM,
        "pos_embeddings": RotaryPositionalEmbeddings(HEAD_DIM, max_seq_len=1024),
        **{name: torch.nn.Linear(DIM, DIM, bias=False) for name in projections},
    }


def cache_of(cache_class, leaves, derived):
    names = ("k_cache", "v_cache", "cache_pos")
    return new_object(cache_class, {name: leaves[f"cache.{name}"] for name in names}, derived)


def written(cache, length):
    """(batch of x or 1, 1, length): the places that hold a token once this one is written."""
    return (torch.arange(length) <= cache.cache_pos[0])[None, None]
