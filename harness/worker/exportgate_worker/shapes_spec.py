"""What is asked of the dims as torch's ShapesSpec, which it has since 2.14.

It follows the containers of the inputs: a list is a SeqSpec, a dict a DictSpec, an object of a
registered class an ObjectSpec. Of such an object 2.14 and 2.15 look at the children whose key is a
GetAttrKey. Those with another key get no spec: their dims are the constants that they are, and the
check `dims` says so.
"""

import inspect

from torch.utils import _pytree as pytree

from exportgate_worker.errors import NotAvailable


def _torchs():
    try:
        from torch.fx.experimental import dynamic_spec
    except ImportError:
        raise NotAvailable("dims=spec needs a torch that has ShapesSpec, 2.14 or later") from None
    return dynamic_spec


def variable(name, min, max):
    """What stands for a dim: extents are expressions of it."""
    return _torchs().ShapeVar(name, min=min, max=max)


def number(name):
    """What stands for a number that is asked to be dynamic."""
    return _torchs().IntVar(name)


def of(case, dims, per_leaf, inputs, model):
    """The ShapesSpec for `inputs`. `per_leaf`: what is asked of each leaf, {axis: expression}, a
    number's variable, or None; `dims`: name -> variable. Relations that define no dim are its
    assumptions."""
    asked = iter(
        _of_leaf(leaf, wanted) for leaf, wanted in zip(inputs.leaves(), per_leaf, strict=True)
    )
    args = [_nested(value, asked) for value in inputs.args]
    kwargs = {name: _nested(value, asked) for name, value in inputs.kwargs.items()}
    by_name = inspect.signature(model.forward).bind(*args, **kwargs).arguments
    given = {name: spec for name, spec in by_name.items() if spec is not None}
    spec = _torchs()
    return spec.ShapesSpec(
        params=spec.ParamsSpec(given),
        assumptions=[one.holds(dims) for one in case.relations if not _defines(one, dims)],
    )


def _defines(relation, dims):
    return any(relation.definition_of(dim) for dim in dims)


def _of_leaf(leaf, wanted):
    if not isinstance(wanted, dict):
        return wanted
    return _torchs().TensorSpec([wanted.get(axis) for axis in range(leaf.dim())])


def _nested(value, asked):
    """The spec for `value`, from the leaves in `asked`; None where nothing of it is asked for."""
    node_type = pytree._get_node_type(value)
    if node_type not in pytree.SUPPORTED_NODES:
        return next(asked)
    spec = _torchs()
    if isinstance(value, dict):
        # In the order of pytree, in which the leaves are.
        keys = pytree.SUPPORTED_NODES[node_type].flatten_fn(value)[1]
        keys = keys if isinstance(keys, list) else list(value)
        return _with_any(spec.DictSpec, {key: _nested(value[key], asked) for key in keys})
    if isinstance(value, (list, tuple)):
        parts = [_nested(part, asked) for part in value]
        return spec.SeqSpec(parts) if any(part is not None for part in parts) else None
    with_keys = pytree.SUPPORTED_NODES[node_type].flatten_with_keys_fn
    if with_keys is None:  # torch says what is missing
        return spec.ObjectSpec({})
    fields = {}
    for key, child in with_keys(value)[0]:
        of_child = _nested(child, asked)
        if isinstance(key, pytree.GetAttrKey):
            fields[key.name] = of_child
    return _with_any(spec.ObjectSpec, fields)


def _with_any(spec_class, parts):
    asked_for = {key: part for key, part in parts.items() if part is not None}
    return spec_class(asked_for) if asked_for else None
