"""RecurrentGemma keeps the states of its recurrent layers in the modules, not in its cache.

Exported by the library's own exporter, they are constants of the program: every call starts from
the same state.

    python recurrent_state.py         # ends with 1 where the exported decoding loop differs

Needs torch and transformers alone; nothing is downloaded.
"""

import copy
import sys

import torch
import transformers
from transformers import DynamicCache, RecurrentGemmaConfig, RecurrentGemmaForCausalLM
from transformers.exporters.exporter_dynamo import DynamoConfig, DynamoExporter

torch.manual_seed(0)
config = RecurrentGemmaConfig(
    vocab_size=32,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=4,
    head_dim=8,
    lru_width=32,
    attention_window_size=64,
    block_types=["recurrent", "attention"],
    attn_implementation="eager",
)
model = RecurrentGemmaForCausalLM(config).eval()
ids = torch.randint(3, 32, (2, 7))
cache = DynamicCache(config=config)
with torch.no_grad():
    model(input_ids=ids[:, :5], use_cache=True, cache=cache)


def two_steps(call):
    """The same token twice, each time with the cache as it was: only hidden state can differ."""
    with torch.no_grad():
        return [call(input_ids=ids[:, 5:6], cache=copy.deepcopy(cache)).logits for _ in range(2)]


eager = copy.deepcopy(model)
expected = two_steps(lambda **given: eager(use_cache=True, **given))
inputs = {"input_ids": ids[:, 5:6], "cache": copy.deepcopy(cache), "use_cache": True}
exported = DynamoExporter().export(copy.deepcopy(model), inputs, config=DynamoConfig(dynamic=False))
program = exported.program
got = two_steps(program.module())
constants = [
    spec.target
    for spec in program.graph_signature.input_specs
    if spec.kind == torch.export.graph_signature.InputKind.CONSTANT_TENSOR
]
print("constants of the program:", *constants, sep="\n  ")
for step in range(2):
    difference = (got[step] - expected[step]).abs().max().item()
    print(f"step {step + 1}: exported - eager = {difference:.1e}")
print(f"torch {torch.__version__}, transformers {transformers.__version__}")
sys.exit(0 if torch.allclose(got[1], expected[1], atol=1e-5) else 1)
