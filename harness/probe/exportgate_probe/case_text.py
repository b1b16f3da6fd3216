"""case.py and case.toml of a cache that was made: text that a person can go on from."""

import json
import sys

from exportgate_probe import sizes, tree

PYTREE = (
    "from torch.fx import _pytree as fx_pytree",
    "from torch.utils import _pytree as pytree",
)

CASE_PY = '''"""{title}, as `exportgate try` took it:

{assumed}

The model reads every tensor of the cache and calls none of its methods: put yours in its place.
"""

{imports}


{function}


class Model(torch.nn.Module):
    """Every tensor counts differently, so that what is swapped shows."""

    def forward(self, x, cache):
        y = 1 * x
{reads}
        return y


def make_inputs(_cache_class, leaves):
    """A cache as new_cache makes it, with the tensors of `leaves` in it."""
{sizes}    cache = new_cache(batch, length)
{assignments}
    return leaves["x"], cache


{helper}{registration}'''

WITH_ATTRIBUTES = '''def with_attributes(frozen, **values):
    """A copy with other attributes, also with those that the constructor does not take."""
    changed = copy.copy(frozen)
    for name, value in values.items():
        object.__setattr__(changed, name, value)
    return changed


'''

CASE_TOML = """\
# What is asked of torch.export for the class in case.py. All keys: cases/README.md of exportgate.
summary = {summary}
class = {class_name}
kinds = ["as_is"]
dims_styles = ["named", "auto", "static"]
export_pairs = ["{first}"]

# Shapes and values are those that were seen at several sizes.
[inputs]
x = ["batch", 4]
{inputs}

[outputs]
y = ["batch", 4]

[dims]
{dims}

[pairs]
{pairs}
"""


def case_py(title, class_line, recipe, cache, leaves, made):
    length = _length(leaves)
    leaf_at = {
        place: f"leaves[{json.dumps(leaf.same_as or leaf.name)}]"
        for leaf in leaves
        for place in leaf.places
    }
    assigned = tree.assignments(tree.of(cache), "cache", leaf_at)
    imports = [*recipe.imports, *made.imports(type(cache)), "import torch"]
    if any("dataclasses.replace(" in line for line in assigned):
        imports.append("import dataclasses")
    helper = ""
    if any("with_attributes(" in line for line in assigned):
        imports.append("import copy")
        helper = WITH_ATTRIBUTES
    if made.classes:
        imports += PYTREE
    return CASE_PY.format(
        title=title,
        assumed="\n".join(f"- {_in_docstring(line)}" for line in recipe.assumed),
        imports=_sorted(imports) + (f"\n\n{class_line}" if class_line else ""),
        function=recipe.function(),
        reads="\n".join(_reads(leaves)),
        sizes=f'    batch = leaves["x"].shape[0]\n    length = {length}\n',
        assignments="\n".join(f"    {line}" for line in assigned),
        helper=helper,
        registration=made.text(type(cache)),
    )


def registration(made, root_class):
    """What case.py has for the registration, with its imports; "" where there is none to make."""
    if not made.classes:
        return ""
    imports = [*made.imports(root_class), *PYTREE]
    if "torch." in made.text(root_class):
        imports.append("import torch")
    return f"{_sorted(imports)}\n\n\n{made.text(root_class)}"


def _in_docstring(text):
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _sorted(imports):
    """As a formatter has them: Python's own, then others; one line for each module."""
    own, modules, names = [], [], {}
    for line in dict.fromkeys(imports):
        module, _, name = line.removeprefix("from ").removeprefix("import ").partition(" import ")
        if name:
            names.setdefault(module, []).append(name)
        elif module in sys.stdlib_module_names:
            own.append(line)
        else:
            modules.append(line)
    modules = sorted(modules)
    modules += [
        f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)
    ]
    return "\n".join([*sorted(own), *([""] if own else []), *modules])


def _length(leaves):
    for leaf in leaves:
        for dim, rule in enumerate(leaf.shape if leaf.is_tensor else ()):
            if rule.follows_length:
                return rule.length_from(f"leaves[{json.dumps(leaf.name)}].shape[{dim}]")
    return f"{sizes.EXPORTED[1]}  # no tensor is as long"


def _reads(leaves):
    """Lines of forward()."""
    for number, leaf in enumerate((one for one in leaves if one.is_tensor), start=2):
        tensor = f"cache{leaf.places[0]}"
        if leaf.first.is_complex():
            tensor = f"torch.view_as_real({tensor})"
        elif leaf.first.is_floating_point() and leaf.first.element_size() < 4:
            tensor += ".float()"
        yield f"        y = y + {number} * {tensor}.sum()"


def case_toml(summary, class_name, leaves, ranges):
    dims = ["batch"] + (["length"] if follows(leaves, "length") else [])
    pairs = [
        f"b{batch}l{length} = {{ {', '.join(_extents(dims, batch, length))} }}"
        for batch, length in (sizes.EXPORTED, sizes.OTHER)
    ]
    return CASE_TOML.format(
        summary=json.dumps(summary),
        class_name=json.dumps(class_name),
        first=f"b{sizes.EXPORTED[0]}l{sizes.EXPORTED[1]}",
        inputs="\n".join(leaf.declaration() for leaf in leaves),
        dims="\n".join(f"{dim} = {list(ranges[dim])}" for dim in dims),
        pairs="\n".join(pairs),
    )


def _extents(dims, batch, length):
    values = {"batch": batch, "length": length}
    return [f"{dim} = {values[dim]}" for dim in dims]


def has_plain(leaves, dim):
    """Whether an extent is the dim itself; x has the batch."""
    return dim == "batch" or any(
        rule.text() == f'"{dim}"' for leaf in leaves if leaf.is_tensor for rule in leaf.shape
    )


def follows(leaves, dim):
    attribute = f"follows_{dim}"
    return any(getattr(rule, attribute) for leaf in leaves for rule in leaf.shape)
