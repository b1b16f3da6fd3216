"""The cells of dynamic_cache without `native`, the way people test exports today.

Parametrised tests, a snapshot plugin, regular expressions over str(ExportedProgram).
"""

import re

import pytest
import recipe
import torch


@pytest.fixture(autouse=True)
def fresh_dynamo():
    torch._dynamo.reset()
    yield


def normalised(ep):
    """The print without source lines, deletions and torch's choice of symbol names."""
    text = re.sub(r"^\s*#.*\n", "", str(ep), flags=re.MULTILINE)
    text = re.sub(r";  \w+(?: = \w+)* = None$", "", text, flags=re.MULTILINE)
    names = {}
    return re.sub(r"\bs\d+\b", lambda m: names.setdefault(m.group(), f"s{len(names)}"), text)


def behaviour(program, model, cls, exported_at, pair):
    """'runs' or 'refuses', and the output is what the model says."""
    x, cache = recipe.make_inputs(cls, pair)
    expected = model(x, cache)
    assert expected.shape == recipe.OUTPUT_SHAPES[pair]
    try:
        got = program(x, cache)
    except (AssertionError, RuntimeError):
        assert pair != exported_at
        return "refuses"
    torch.testing.assert_close(got, expected)
    return "runs"


def observe(kind, cls, mode, dims, pair):
    model = recipe.Model()
    args = recipe.make_inputs(cls, pair)
    if kind == "rebased":
        cls.__bases__ = (recipe.Base,)
    shapes = recipe.dynamic_shapes(dims)
    try:
        ep = torch.export.export(model, args, dynamic_shapes=shapes, strict=mode == "strict")
    except Exception as error:
        return f"rejected: {type(error).__name__}: {str(error).strip().splitlines()[0]}"
    program = ep.module()
    seen = [f"{other}: {behaviour(program, model, cls, pair, other)}" for other in recipe.PAIRS]
    return "\n".join([normalised(ep), *seen])


@pytest.mark.parametrize("pair", recipe.PAIRS)
@pytest.mark.parametrize("dims", ["named", "auto", "dynamic", "static"])
@pytest.mark.parametrize("mode", ["strict", "nonstrict"])
@pytest.mark.parametrize("kind", ["plain", "module", "rebased"])
def test_export(kind, mode, dims, pair, snapshot):
    cls = recipe.define_cache(recipe.Base if kind == "plain" else torch.nn.Module)
    with recipe.registered(cls):
        assert observe(kind, cls, mode, dims, pair) == snapshot
