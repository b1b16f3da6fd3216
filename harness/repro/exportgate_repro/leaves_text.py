"""The function that makes the declared leaves, as text."""


def function(case, seed):
    """Lines of `leaves(batch, length)`: declared name -> tensor, or the number that is declared."""
    dims = [dim["name"] for dim in case["dims"]]
    lines = [f"def leaves({', '.join(dims)}):"]
    if any(_is_tensor(leaf) for leaf in case["inputs"]):
        lines.append(f"    torch.manual_seed({seed})")
    lines.append("    made = {}")
    lines += [f"    made[{quoted(leaf['name'])}] = {_value(leaf)}" for leaf in case["inputs"]]
    return [*lines, "    return made"]


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_tensor(leaf):
    return not any(member in leaf for member in ("none", "value", "string", "same_as"))


def _value(leaf):
    if leaf.get("none"):
        return "None"
    if "string" in leaf:
        return repr(leaf["string"])
    if "value" in leaf:
        value = leaf["value"]
        return value["dim"] if isinstance(value, dict) else repr(value)
    if "same_as" in leaf:
        return f"made[{quoted(leaf['same_as'])}]"
    return _laid_out(_contiguous(leaf), leaf)


def _contiguous(leaf):
    shape = ", ".join(str(extent) for extent in leaf["shape"])
    dtype = leaf.get("dtype", "float32")
    values = leaf.get("values")
    if values in ("ones", "zeros"):
        return f"torch.{values}([{shape}], dtype=torch.{dtype})"
    is_float = dtype.startswith(("float", "bfloat", "complex"))
    if isinstance(values, list):
        low, high = values
        if is_float:
            return f"(torch.rand([{shape}]) * ({high} - {low}) + {low}).to(torch.{dtype})"
        low, high = (int(end) if isinstance(end, float) else end for end in (low, high))
        return f"torch.randint({low}, {high} + 1, [{shape}], dtype=torch.{dtype})"
    if dtype == "bool":
        return f"torch.randint(0, 2, [{shape}]).bool()"
    if not is_float:
        return f"torch.randint(0, 100, [{shape}], dtype=torch.{dtype})"
    return f"torch.randn([{shape}])" + ("" if dtype == "float32" else f".to(torch.{dtype})")


def _laid_out(text, leaf):
    layout = leaf.get("layout")
    name, dims = next(iter(layout.items())) if isinstance(layout, dict) else (layout, [])
    if name == "transposed":
        one, other = dims
        return f"{text}.transpose({one}, {other}).contiguous().transpose({one}, {other})"
    if name == "strided":
        return f"torch.stack([{text}] * 2, dim=-1)[..., 0]"
    if name == "expanded":
        shape = ", ".join(str(extent) for extent in leaf["shape"])
        first = "".join(f".narrow({dim}, 0, 1)" for dim in dims)
        return f"{text}{first}.clone().expand([{shape}])"
    if name in ("channels_last", "channels_last_3d"):
        return f"{text}.contiguous(memory_format=torch.{name})"
    return text
