"""Networks of the library, as small as they go: random weights, nothing is downloaded.

All are in evaluation mode, so that no dropout is drawn, and take eager attention: matmul and
softmax in every release and on every machine, where sdpa chooses its kernel by device and shape.

A name in ARCHITECTURES is the value of the parameter `arch`. It says the prefix of the library's
two classes, and what its configuration has instead of, or beside, the COMMON entries.
"""

import importlib

WORDS = 32
WINDOW = 6
COMMON = {
    "vocab_size": WORDS,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "num_hidden_layers": 1,
    "max_position_embeddings": 2048,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
HEAD = {"head_dim": 8}
TWO = {"num_hidden_layers": 2}
# A window and full attention in turns.
WINDOWED = {
    "num_hidden_layers": 2,
    "sliding_window": WINDOW,
    "layer_types": ["sliding_attention", "full_attention"],
}
EXPERTS = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
LATENT = {
    "kv_lora_rank": 16,
    "q_lora_rank": 16,
    "qk_nope_head_dim": 8,
    "qk_rope_head_dim": 4,
    "v_head_dim": 8,
    "moe_intermediate_size": 32,
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "n_group": 1,
    "topk_group": 1,
    "first_k_dense_replace": 0,
}
GPT2 = {"n_positions": 2048}

# name: (the library's module, prefix of its classes, what its configuration has)
ARCHITECTURES = {
    # Attention over all that came.
    "llama": ("llama", "Llama", {}),
    "qwen2": ("qwen2", "Qwen2", {}),
    "qwen3": ("qwen3", "Qwen3", HEAD),
    "gemma": ("gemma", "Gemma", HEAD),
    "phi": ("phi", "Phi", {}),
    "phi3": ("phi3", "Phi3", {}),
    "olmo2": ("olmo2", "Olmo2", {}),
    "granite": ("granite", "Granite", {}),
    "starcoder2": ("starcoder2", "Starcoder2", {"sliding_window": None}),
    "stablelm": ("stablelm", "StableLm", {}),
    "cohere": ("cohere", "Cohere", {}),
    "glm4": ("glm4", "Glm4", HEAD),
    "gpt2": ("gpt2", "GPT2", GPT2),
    "gpt_neox": ("gpt_neox", "GPTNeoX", {}),
    "gptj": ("gptj", "GPTJ", {**GPT2, "rotary_dim": 4}),
    "opt": ("opt", "OPT", {"ffn_dim": 64, "word_embed_proj_dim": 32}),
    "bloom": ("bloom", "Bloom", {}),
    "falcon": ("falcon", "Falcon", {"new_decoder_architecture": True, "num_kv_heads": 4}),
    "mpt": ("mpt", "Mpt", {}),
    "smollm3": ("smollm3", "SmolLM3", {"no_rope_layers": [1]}),
    "exaone4": ("exaone4", "Exaone4", {"sliding_window": None, "layer_types": ["full_attention"]}),
    "ernie4_5": ("ernie4_5", "Ernie4_5", HEAD),
    "helium": ("helium", "Helium", HEAD),
    "nemotron": ("nemotron", "Nemotron", HEAD),
    "persimmon": ("persimmon", "Persimmon", {}),
    "codegen": ("codegen", "CodeGen", {**GPT2, "rotary_dim": 4}),
    "biogpt": ("biogpt", "BioGpt", {}),
    "mixtral": ("mixtral", "Mixtral", {"num_local_experts": 4, "sliding_window": None}),
    "qwen3_moe": ("qwen3_moe", "Qwen3Moe", {**HEAD, **EXPERTS}),
    "olmoe": ("olmoe", "Olmoe", EXPERTS),
    "dbrx": (
        "dbrx",
        "Dbrx",
        {
            "d_model": 32,
            "n_heads": 4,
            "attn_config": {"kv_n_heads": 4, "rope_theta": 10000.0, "clip_qkv": 8},
            "ffn_config": {"ffn_hidden_size": 32, "moe_num_experts": 4, "moe_top_k": 2},
        },
    ),
    "mllama_text": (
        "mllama",
        "Mllama",
        {
            "cross_attention_layers": [],
            "rope_parameters": {"rope_type": "default", "rope_theta": 1e4},
        },
    ),
    # A latent that keys and values are made of: keys are longer than values.
    "deepseek_v2": ("deepseek_v2", "DeepseekV2", LATENT),
    "deepseek_v3": ("deepseek_v3", "DeepseekV3", LATENT),
    "minicpm3": ("minicpm3", "MiniCPM3", LATENT),
    "glm4_moe_lite": ("glm4_moe_lite", "Glm4MoeLite", LATENT),
    # A window beside full attention.
    "mistral": ("mistral", "Mistral", {"sliding_window": WINDOW}),
    "gemma2": ("gemma2", "Gemma2", {**HEAD, **WINDOWED, "query_pre_attn_scalar": 8}),
    "gemma3": ("gemma3", "Gemma3", {**HEAD, **WINDOWED, "query_pre_attn_scalar": 8}),
    "gpt_oss": ("gpt_oss", "GptOss", {**HEAD, **WINDOWED, "num_local_experts": 4}),
    "cohere2": ("cohere2", "Cohere2", WINDOWED),
    "olmo3": ("olmo3", "Olmo3", WINDOWED),
    "exaone4_window": ("exaone4", "Exaone4", WINDOWED),
    "gemma4": (
        "gemma4",
        "Gemma4",
        {
            **HEAD,
            **WINDOWED,
            "global_head_dim": 8,
            "vocab_size_per_layer_input": WORDS,
            "hidden_size_per_layer_input": 8,
            "num_kv_shared_layers": 0,
        },
    ),
    "gemma3n": (
        "gemma3n",
        "Gemma3n",
        {
            **HEAD,
            **WINDOWED,
            "vocab_size_per_layer_input": WORDS,
            "hidden_size_per_layer_input": 8,
            "num_kv_shared_layers": 0,
            "laurel_rank": 4,
            "activation_sparsity_pattern": [0.0, 0.0],
            "intermediate_size": [64, 64],
        },
    ),
    # States of a convolution, of a recurrence, or both.
    "lfm2": ("lfm2", "Lfm2", {**TWO, "layer_types": ["conv", "full_attention"]}),
    "jamba": (
        "jamba",
        "Jamba",
        {
            **TWO,
            "attn_layer_period": 2,
            "attn_layer_offset": 1,
            "num_experts": 4,
            "mamba_d_state": 4,
            "mamba_dt_rank": 4,
        },
    ),
    "bamba": (
        "bamba",
        "Bamba",
        {
            **TWO,
            "attn_layer_indices": [1],
            "mamba_n_heads": 8,
            "mamba_d_head": 8,
            "mamba_n_groups": 1,
            "mamba_d_state": 4,
            "mamba_chunk_size": 8,
        },
    ),
    "granitemoehybrid": (
        "granitemoehybrid",
        "GraniteMoeHybrid",
        {
            **TWO,
            "layer_types": ["mamba", "attention"],
            "mamba_n_heads": 8,
            "mamba_d_head": 8,
            "mamba_n_groups": 1,
            "mamba_d_state": 4,
            "mamba_chunk_size": 8,
            "num_local_experts": 4,
            "num_experts_per_tok": 2,
            "shared_intermediate_size": 32,
        },
    ),
    "nemotron_h": (
        "nemotron_h",
        "NemotronH",
        {
            **HEAD,
            **TWO,
            "layers_block_type": ["mamba", "attention"],
            "mamba_num_heads": 8,
            "mamba_head_dim": 8,
            "n_groups": 1,
            "ssm_state_size": 4,
            "chunk_size": 8,
        },
    ),
    "zamba2": (
        "zamba2",
        "Zamba2",
        {
            **TWO,
            "layers_block_type": ["mamba", "hybrid"],
            "mamba_d_state": 4,
            "n_mamba_heads": 8,
            "mamba_ngroups": 1,
            "chunk_size": 8,
            "num_mem_blocks": 1,
            "adapter_rank": 4,
        },
    ),
    "falcon_h1": (
        "falcon_h1",
        "FalconH1",
        {
            **HEAD,
            "mamba_d_ssm": 64,
            "mamba_n_heads": 8,
            "mamba_d_head": 8,
            "mamba_n_groups": 1,
            "mamba_d_state": 4,
            "mamba_chunk_size": 8,
        },
    ),
    "qwen3_next": (
        "qwen3_next",
        "Qwen3Next",
        {
            **HEAD,
            **EXPERTS,
            **TWO,
            "layer_types": ["linear_attention", "full_attention"],
            "linear_num_key_heads": 4,
            "linear_num_value_heads": 4,
            "linear_key_head_dim": 8,
            "linear_value_head_dim": 8,
            "shared_expert_intermediate_size": 32,
            "decoder_sparse_step": 1,
        },
    ),
    "olmo_hybrid": (
        "olmo_hybrid",
        "OlmoHybrid",
        {
            **TWO,
            "layer_types": ["linear_attention", "full_attention"],
            "linear_num_key_heads": 4,
            "linear_num_value_heads": 4,
            "linear_key_head_dim": 8,
            "linear_value_head_dim": 8,
        },
    ),
    "minimax": (
        "minimax",
        "MiniMax",
        {
            **HEAD,
            **TWO,
            "layer_types": ["linear_attention", "full_attention"],
            "num_local_experts": 4,
            "block_size": 8,
        },
    ),
    "recurrent_gemma": (
        "recurrent_gemma",
        "RecurrentGemma",
        {
            "lru_width": 32,
            "attention_window_size": WINDOW,
            "block_types": ["recurrent", "attention"],
        },
    ),
    "mamba": ("mamba", "Mamba", {"state_size": 4, "time_step_rank": 4}),
    "mamba2": (
        "mamba2",
        "Mamba2",
        {"state_size": 4, "num_heads": 8, "head_dim": 8, "n_groups": 1, "chunk_size": 8},
    ),
    "falcon_mamba": ("falcon_mamba", "FalconMamba", {"state_size": 4, "time_step_rank": 4}),
    "rwkv": ("rwkv", "Rwkv", {"attention_hidden_size": 32, "context_length": 64}),
    "deepseek_v32": (
        "deepseek_v32",
        "DeepseekV32",
        {**LATENT, "index_n_heads": 2, "index_head_dim": 8, "index_topk": 4},
    ),
    "kimi_linear": (
        "kimi_linear",
        "KimiLinear",
        {
            **LATENT,
            **TWO,
            "layer_types": ["linear_attention", "full_attention"],
            "linear_head_dim": 8,
            "linear_num_heads": 4,
            "num_local_experts": 4,
        },
    ),
}


def class_of(module, prefix, suffixes):
    """Imported by its own module: `from transformers import` would look through all of them."""
    kind = "configuration" if suffixes == ("Config",) else "modeling"
    found = importlib.import_module(f"transformers.models.{module}.{kind}_{module}")
    for name in (f"{prefix}{text}{end}" for text in ("Text", "") for end in suffixes):
        if hasattr(found, name):
            return getattr(found, name)
    raise AttributeError(f"{found.__name__} has no {prefix}{suffixes[0]}")


def config_of(arch, **instead):
    """The configuration of `arch`, with `instead` of what the table says."""
    module, prefix, entries = ARCHITECTURES[arch]
    config_class = class_of(module, prefix, ("Config",))
    return config_class(**{**COMMON, **entries, **instead}, attn_implementation="eager")


def network(arch, **instead):
    """The network of `arch` with random weights."""
    module, prefix, _ = ARCHITECTURES[arch]
    made = class_of(module, prefix, ("ForCausalLM", "LMHeadModel"))
    return made(config_of(arch, **instead)).eval()
