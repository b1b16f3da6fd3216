"""How a cache is made and filled: what the user said, or one of three known shapes.

1. A constructor that takes tensors alone, as dataclasses and NamedTuples have.
2. A constructor without arguments, and update(key, value, layer, ...), as caches of transformers.
3. A function that makes one: without arguments, or with sizes and tensors by name.
"""

import ast
import builtins
import importlib
import importlib.util
import inspect
import re
from dataclasses import dataclass, field

from exportgate_probe import sizes, tree
from exportgate_probe.problem import Problem

SIZES = ("batch", "heads", "length", "head_dim")
TENSORS = ("k", "v")
LAYERS = 2  # that are filled where nothing is said
EXAMPLE = "for example --make 'MyCache(layers=2)' --fill 'update(k, v, 0)'"


@dataclass
class Recipe:
    """`lines` make `cache`, of the names in SIZES; `imports` are what they need."""

    lines: list
    imports: list
    assumed: list = field(default_factory=list)

    def function(self):
        """The text of new_cache(batch, length)."""
        body = list(self.lines)
        if any("shape" in line for line in body):
            body.insert(0, f"shape = batch, {sizes.HEADS}, length, {sizes.HEAD_DIM}")
        if any(re.search(r"\b(heads|head_dim)\b", line) for line in self.lines):
            body.insert(0, f"heads, head_dim = {sizes.HEADS}, {sizes.HEAD_DIM}")
        return "\n    ".join(["def new_cache(batch, length):", *body, "return cache"])


def imported(path):
    """(module, what stands there under the name) of "module:Class"."""
    module_name, _, name = path.partition(":")
    if not name.isidentifier():
        raise Problem(
            f'"{path}" does not name a class in a module',
            "write it like my_lib.cache:MyCache, or builtins:list with --make",
        )
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        missing = getattr(error, "name", None)
        what = f"{module_name} cannot be imported: {type(error).__name__}: {error}"
        if isinstance(error, ModuleNotFoundError) and missing == module_name.split(".")[0]:
            raise Problem(
                what,
                "--python names the interpreter that has it; packages are also looked for in the "
                "current folder, and where pythonpath of exportgate.toml says",
            ) from error
        raise Problem(what, "mend that first") from error
    try:
        return module, getattr(module, name)
    except AttributeError:
        classes = sorted(n for n, value in vars(module).items() if isinstance(value, type))
        raise Problem(
            f"{module_name} has no {name}",
            f"it has the classes {', '.join(classes[:12]) or 'none'}",
        ) from None


def of(module, found, name, make, fills):
    """What was said, completed by what is known of such classes."""
    names = _Names(module)
    if make:
        lines = [f"cache = {names.expression(make, '--make')}"]
        assumed = [f"it is made by --make: {make}"]
    else:
        lines, assumed = _usual_way(module, found, name, names)
    if make and any(name in names.used for name in TENSORS):
        lines.insert(0, _tensors())
    for fill in fills:
        lines += [_tensors(), names.expression(_call_on_cache(fill), "--fill")]
    if fills:
        assumed.append(f"it is filled by --fill: {', then '.join(fills)}")
    return Recipe(lines, names.imports(), assumed)


def with_updates(recipe, cache):
    """`recipe` and update() of `cache`, which holds no tensor; None where its update is unknown."""
    update = getattr(cache, "update", None)
    parameters = _parameters(update) if callable(update) else []
    if len(parameters) < 3 or "layer" not in parameters[2].name:
        return None
    if any(one.default is one.empty for one in parameters[3:]):
        return None
    named = ", ".join(one.name for one in parameters[:3])
    lines = list(recipe.lines)
    for layer in range(LAYERS):
        lines += [_tensors(), f"cache.update(k, v, {layer})"]
    said = f"it is filled by update({named}), layers 0 to {LAYERS - 1}"
    return Recipe(lines, recipe.imports, [*recipe.assumed, said])


def _tensors():
    return "k, v = torch.ones(shape), torch.ones(shape)"


def _call_on_cache(fill):
    return f"cache{fill}" if fill.startswith("[") else f"cache.{fill}"


def _usual_way(module, found, name, names):
    if not callable(found):
        raise Problem(f"{module.__name__}:{name} is neither a class nor a function", EXAMPLE)
    parameters = _parameters(found)
    names.use(name)
    arguments, other = _known_arguments(parameters)
    if other:
        raise Problem(
            f"how to make a {name} is not known: it takes {_listed(other)}. Tried: tensors for all "
            "arguments; no arguments",
            f"say it with --make, an expression of {', '.join(SIZES)}, k, v and the names of "
            f"{module.__name__}: {EXAMPLE}",
        )
    if not arguments:
        return [f"cache = {name}()"], [f"it is made by {name}()"]
    said = ", ".join(one.name for one in parameters if any(one.name in text for text in arguments))
    assumed = [f"it is made by {name}({said})"]
    if any("torch." in text for text in arguments):
        assumed[0] += " of float tensors [batch, heads, length, head_dim]"
    return [f"cache = {name}({', '.join(arguments)})"], assumed


def _known_arguments(parameters):
    """(arguments as text, parameters that nothing is known of)."""
    arguments, other = [], []
    for one in parameters:
        annotation = one.annotation if isinstance(one.annotation, str) else repr(one.annotation)
        is_needed = one.default is one.empty
        if one.name in SIZES and is_needed and annotation in ("<class 'int'>", "int", _NONE_SAID):
            value = one.name
        elif _is_tensor(annotation) or (
            is_needed and annotation == _NONE_SAID and _sounds_like_tensor(one.name)
        ):
            value = "torch.ones(shape)"
        elif is_needed:
            other.append(one)
            continue
        else:
            continue
        arguments.append(value if one.kind is one.POSITIONAL_ONLY else f"{one.name}={value}")
    return arguments, other


_NONE_SAID = repr(inspect.Parameter.empty)


def _is_tensor(annotation):
    """A tensor, or perhaps none: no list of them."""
    words = annotation.replace("typing.", "").replace("torch.", "").replace(" ", "")
    words = words.removeprefix("<class'").removesuffix("'>").removeprefix("Optional[")
    parts = words.removesuffix("]").removesuffix("|None").split("|")
    return parts in (["Tensor"], ["FloatTensor"])


def _sounds_like_tensor(name):
    """Where no annotation says so: "key_states", "k", "past_values"."""
    return any(word in _WORDS_OF_TENSORS for word in name.lower().split("_"))


_WORDS_OF_TENSORS = frozenset(
    ("k", "v", "key", "keys", "value", "values", "state", "states", "tensor", "tensors", "past")
)


def _listed(parameters):
    """ "config (PretrainedConfig) and max_cache_len (int)"."""
    texts = []
    for one in parameters:
        kind = getattr(one.annotation, "__name__", str(one.annotation))
        texts.append(one.name if one.annotation is one.empty else f"{one.name} ({kind})")
    return " and ".join(texts)


def _parameters(function):
    """Those that are named one by one; none where Python does not know them."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [one for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]


def check_name(name):
    """Raises Problem where case.py cannot import something under its name."""
    if "." in name:
        raise Problem(
            f"{name} is written inside another class or a function, so a case cannot import it",
            "move it to the top level of its module",
        )
    if name in _OF_THE_CASE:
        raise Problem(
            f'case.py has a "{name}" of its own, and cannot import another one',
            "give it another name in its module, beside the one that it has",
        )


_OF_THE_CASE = frozenset(
    ("Model", "Container", "new_cache", "make_inputs", "register", "unregister", "copied", "pytree")
    + ("register_attributes", "fx_pytree", "pickle", "dataclasses", "shape", "leaves", "NOT_SAVED")
    + ("with_attributes", "copy")
)


class _Names:
    """The names that expressions use, and the imports that bring them."""

    def __init__(self, module):
        self._module = module
        self.used = set()
        self._imports = {}

    def expression(self, text, option):
        """`text`, one expression of Python whose names are known; one line."""
        text = " ".join(text.split())
        try:
            parsed = ast.parse(text, mode="eval")
        except SyntaxError as error:
            what = f"{option} is no expression of Python: {text}: {error.msg}"
            raise Problem(what, EXAMPLE) from error
        names = [node for node in ast.walk(parsed) if isinstance(node, ast.Name)]
        own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        own |= {node.arg for node in ast.walk(parsed) if isinstance(node, ast.arg)}
        for node in names:
            if node.id not in own:
                self.use(node.id)
        return text

    def use(self, name):
        if name in (*SIZES, *TENSORS, "cache"):
            self.used.add(name)
        elif name != "torch" and name not in self._imports:
            check_name(name)
            self._imports[name] = self._import_of(name)

    def _import_of(self, name):
        if hasattr(self._module, name) and self._module is not builtins:
            return f"from {self._module.__name__} import {name}"
        if hasattr(builtins, name):
            return ""
        if importlib.util.find_spec(name) is not None:
            return f"import {name}"
        raise Problem(
            f'"{name}" is not known: it is in neither {self._module.__name__} nor a package',
            f"known are the names of {self._module.__name__}, packages, {', '.join(SIZES)}, k, v",
        )

    def imports(self):
        return sorted(line for line in self._imports.values() if line)


def has_tensors(cache):
    return tree.of(cache).holds_tensors()
