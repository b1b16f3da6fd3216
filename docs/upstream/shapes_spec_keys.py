"""A ShapesSpec cannot say the dims of a class that is registered with other keys than GetAttrKey.

Ready to be reported: "`_walk_spec` (torch/fx/experimental/_spec_binding.py) matches fields of an
ObjectSpec with children whose key is a GetAttrKey. Children with a MappingKey or a SequenceKey are
static, and DictSpec and SeqSpec want a dict and a list. So a class that is registered with other
keys, as pytree allows, has no way to say its dims. The older form of `dynamic_shapes`, nested as
the children are, can say them."

Run as `python shapes_spec_keys.py`: exit code 1 says that no spec reaches the tensor. Fails in
2.14.1 and 2.15.0; earlier releases have no ShapesSpec.
"""

import torch
from torch.fx.experimental.dynamic_spec import (
    DictSpec,
    ObjectSpec,
    ParamsSpec,
    SeqSpec,
    ShapesSpec,
    ShapeVar,
    TensorSpec,
)
from torch.utils import _pytree as pytree


class Cache:
    def __init__(self, keys):
        self.keys = keys


pytree.register_pytree_node(
    Cache,
    lambda cache: ([cache.keys], None),
    lambda children, _: Cache(*children),
    flatten_with_keys_fn=lambda cache: ([(pytree.MappingKey("keys"), cache.keys)], None),
)


class Model(torch.nn.Module):
    def forward(self, cache):
        return cache.keys.sum(1)


def export(dynamic_shapes):
    return torch.export.export(Model(), (Cache(torch.ones(3, 5)),), dynamic_shapes=dynamic_shapes)


print("torch", torch.__version__)
export(([{1: torch.export.Dim("length", min=1, max=64)}],))  # this form can say it
keys = TensorSpec([None, ShapeVar("length", min=1, max=64)])
failures = []
for of_cache in (ObjectSpec({"keys": keys}), DictSpec({"keys": keys}), SeqSpec([keys])):
    try:
        export(ShapesSpec(params=ParamsSpec({"cache": of_cache})))
        break
    except ValueError as error:
        failures.append(error)
else:
    raise AssertionError("no spec reaches the keys of the cache:\n" + "\n".join(map(str, failures)))
