"""Text of a registration with pytree that is made from the attributes of classes."""

import ast
import json
import string
import textwrap

import torch
from torch.utils import _pytree as pytree

from exportgate_probe import recipe, tree
from exportgate_probe.problem import Problem

_SIMPLE = (type(None), bool, int, float, str)

HEAD = string.Template('''def register_attributes(class_, children, others):
    """Tensors are in the attributes `children`; unflatten needs the `others` too."""

    def flatten(cache):
        return [getattr(cache, name) for name in children], {
            name: $value for name in others if hasattr(cache, name)
        }

    def flatten_with_keys(cache):
        values, context = flatten(cache)
        return [(pytree.GetAttrKey(name), value) for name, value in zip(children, values)], context

    def unflatten(values, context):
        cache = class_.__new__(class_)
$start        for name, value in [*zip(children, values), *context.items()]:
            $set_one
        return cache

    pytree.register_pytree_node(
        class_,
        flatten,
        unflatten,
        flatten_with_keys_fn=flatten_with_keys,
        serialized_type_name=f"{class_.__module__}.{class_.__qualname__}",
$written    )
    fx_pytree.register_pytree_flatten_spec(class_, lambda cache, _spec: flatten(cache)[0])
''')
_COPIED = '''
def copied(value):
    """Containers are copied, so that a context does not change with its cache."""
    if type(value) in (list, tuple):
        return type(value)(map(copied, value))
    if type(value) is dict:
        return {key: copied(one) for key, one in value.items()}
    return set(value) if type(value) is set else value
'''
_START_OF_MODULE = """        if isinstance(cache, torch.nn.Module):
            torch.nn.Module.__init__(cache)
"""
_SET_IN_MODULE = """if isinstance(cache, torch.nn.Module) and isinstance(value, torch.Tensor):
                cache.register_buffer(name, value, persistent=name not in NOT_SAVED.get(class_, ()))
            else:
                setattr(cache, name, value)"""
_AS_PICKLE = """        # The context holds what JSON cannot: saved programs hold it as a pickle.
        to_dumpable_context=lambda context: pickle.dumps(context).hex(),
        from_dumpable_context=lambda text: pickle.loads(bytes.fromhex(text)),
"""
UNREGISTER = '''def unregister(cache_class):
    """Undoes it all."""
    for class_ in ({classes}):
        pytree._deregister_pytree_node(class_)
        fx_pytree.SUPPORTED_NODES.pop(class_, None)
        fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(class_, None)
'''


class Made:
    """The registration of every class in `root`, a tree, that pytree does not know."""

    def __init__(self, root):
        self.classes = {}  # class -> (attributes with tensors, others)
        self.known = []  # classes that the library registered
        self._nodes = []
        self._look_at(root)

    def _look_at(self, node):
        """Takes it apart as pytree would, if the classes were registered."""
        class_ = type(node.value)
        if not node.holds_tensors():
            return
        _refuse_unspeakable_keys(node)
        parts = node.parts.values()
        if class_ not in pytree.SUPPORTED_NODES:
            self._add(node, class_)
        elif class_.__module__ not in ("builtins", "collections"):
            self.known += [] if class_ in self.known else [class_]
            flatten = pytree.SUPPORTED_NODES[class_].flatten_fn
            parts = [tree.of(child) for child in flatten(node.value)[0]]
        for part in parts:
            self._look_at(part)

    def _add(self, node, class_):
        if node.kind in ("list", "dict"):
            raise Problem(
                f"{class_.__qualname__} is a {node.kind} of its own class, which pytree does not "
                "take apart, and `try` cannot register it from its attributes",
                "register it in its module; or write a case: exportgate init NAME --class",
            )
        if node.kind not in ("object", "module"):
            return
        children = {step[1:]: part for step, part in node.parts.items() if part.holds_tensors()}
        others = [step[1:] for step in node.parts if step[1:] not in children]
        if class_ in self.classes and set(self.classes[class_][0]) != set(children):
            raise Problem(
                f"two objects of {class_.__qualname__} hold tensors in other attributes: "
                f"{', '.join(self.classes[class_][0])} and {', '.join(children)}",
                "fill all of them with --fill; or write a case: exportgate init NAME --class",
            )
        self.classes.setdefault(class_, (list(children), others))
        self._nodes.append(node)

    def context_of(self, nodes):
        """(class, attribute) -> what unflatten gets of each object of the class."""
        found = {}
        for node in nodes:
            class_ = type(node.value)
            for name in self.classes.get(class_, ((), ()))[1]:
                values = found.setdefault((class_.__qualname__, name), [])
                values.append(getattr(node.value, name, None))
        return found

    def text(self, root_class):
        """What case.py needs of it; the functions register and unregister are part of it."""
        if not self.classes:
            return NOTHING
        modules = [class_ for class_ in self.classes if issubclass(class_, torch.nn.Module)]
        set_one = "setattr(cache, name, value)"
        if any(tree.is_frozen(node.value) for node in self._nodes):
            set_one = "object.__setattr__(cache, name, value)  # one of the classes is frozen"
        containers = (list, tuple, dict, set)
        has_containers = any(type(value) in containers for value in self._context())
        head = HEAD.substitute(
            value="copied(getattr(cache, name))" if has_containers else "getattr(cache, name)",
            start=_START_OF_MODULE if modules else "",
            set_one=_SET_IN_MODULE if modules else set_one,
            written="" if self._is_json() else _AS_PICKLE,
        )
        if has_containers:
            head += "\n" + _COPIED
        names = [
            "cache_class" if class_ is root_class else class_.__qualname__
            for class_ in self.classes
        ]
        lines = [
            _call("register_attributes", name, _texts(children), _texts(others))
            for name, (children, others) in zip(names, self.classes.values())
        ]
        register = "\n".join(["def register(cache_class):", *lines]) + "\n"
        unregister = UNREGISTER.format(classes=", ".join(names) + ("," if len(names) == 1 else ""))
        not_saved = f"{self._not_saved(modules)}\n\n\n" if modules else ""
        return "\n\n".join([not_saved + head, register, unregister])

    def imports(self, root_class):
        lines = ["import pickle"] if self.classes and not self._is_json() else []
        for class_ in self.classes:
            if class_ is root_class:
                continue
            recipe.check_name(class_.__qualname__)
            lines.append(f"from {class_.__module__} import {class_.__qualname__}")
        return lines

    def _not_saved(self, modules):
        """Which buffers state_dict leaves out, which torch keeps apart from their values."""
        texts = []
        for class_ in modules:
            node = next(node for node in self._nodes if type(node.value) is class_)
            not_saved = _texts(sorted(node.value._non_persistent_buffers_set))
            texts.append(f"{class_.__qualname__}: {not_saved}")
        return "NOT_SAVED = {" + ", ".join(texts) + "}"

    def _is_json(self):
        return all(map(_is_json, self._context()))

    def _context(self):
        """What all contexts hold."""
        for values in self.context_of(self._nodes).values():
            yield from values


NOTHING = '''def register(cache_class):
    """pytree takes it apart as it is, or importing the library registered it."""


def unregister(cache_class):
    """What importing registered stays."""
'''


def _refuse_unspeakable_keys(node):
    """Raises Problem where case.py cannot write the place of a tensor in a dict."""
    if node.kind != "dict":
        return
    for key, part in zip(node.value, node.parts.values()):
        if part.holds_tensors() and not _is_literal(key):
            raise Problem(
                f"a dict has tensors under the key {key!r}, which is no literal of Python",
                "make it with --make so that keys are numbers or strings; or write a case: "
                "exportgate init NAME --class",
            )


def _is_literal(key):
    try:
        return ast.literal_eval(repr(key)) == key
    except (ValueError, SyntaxError):
        return False


def _texts(names):
    return json.dumps(names)


def _call(function, *arguments):
    """A line in a function, or several where it would be too long."""
    line = f"    {function}({', '.join(arguments)})"
    if len(line) <= 100:
        return line
    lines = [textwrap.fill(one, 92, subsequent_indent=" " * 9) for one in arguments]
    return "\n".join([f"    {function}(", *(f"        {one}," for one in lines), "    )"])


def _is_json(value):
    if type(value) is list:
        return all(map(_is_json, value))
    if type(value) is dict:
        return all(type(key) is str and _is_json(one) for key, one in value.items())
    return isinstance(value, _SIMPLE)
