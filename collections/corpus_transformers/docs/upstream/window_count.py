"""A decoding step with a full sliding window, exported with the library's own registration.

The program computes something else than eager: the count of the tokens that came is lost.

    python window_count.py            # ends with 1 where the exported program differs

Needs torch and transformers alone; nothing is downloaded.
"""

import copy
import sys

import torch
import transformers
from transformers import DynamicCache, Gemma3ForCausalLM, Gemma3TextConfig
from transformers.integrations.executorch import register_dynamic_cache_export_support

torch.manual_seed(0)
config = Gemma3TextConfig(
    vocab_size=32,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=4,
    head_dim=8,
    sliding_window=6,
    layer_types=["sliding_attention", "full_attention"],
    attn_implementation="eager",
)
model = Gemma3ForCausalLM(config).eval()
ids = torch.randint(3, 32, (2, 9))


def after(tokens):
    """A cache that `tokens` tokens went through."""
    cache = DynamicCache(config=config)
    with torch.no_grad():
        model(input_ids=ids[:, :tokens], use_cache=True, past_key_values=cache)
    return cache


class Step(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.model = model

    def forward(self, input_ids, cache):
        return self.model(input_ids=input_ids, use_cache=True, past_key_values=cache).logits


register_dynamic_cache_export_support()
differences = {}
for tokens in (4, 8):  # the window of 6 is not full, then full
    cache = after(tokens)
    step = Step().eval()
    inputs = {"input_ids": ids[:, tokens : tokens + 1], "cache": cache}
    program = torch.export.export(step, (), copy.deepcopy(inputs), strict=False)
    with torch.no_grad():
        expected = step(**copy.deepcopy(inputs))
        difference = (program.module()(**copy.deepcopy(inputs)) - expected).abs().max().item()
    differences[tokens] = difference
    layer = torch.utils._pytree.tree_unflatten(*torch.utils._pytree.tree_flatten(cache)).layers[0]
    print(
        f"{tokens} tokens: the layer counts {cache.layers[0].get_seq_length()}, after flatten and"
        f" unflatten {layer.get_seq_length()}; exported - eager = {difference:.1e}"
    )
print(f"torch {torch.__version__}, transformers {transformers.__version__}")
sys.exit(0 if max(differences.values()) < 1e-5 else 1)
