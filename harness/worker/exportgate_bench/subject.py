"""A case in one kind, with its class registered and a cache of every size."""

import re
import sys
from dataclasses import dataclass, replace

import torch
from exportgate_worker import case_module, declaration, dynamic_shapes, errors, inputs
from exportgate_worker.declaration import Case
from exportgate_worker.model_inputs import Inputs
from torch.utils import _pytree as pytree

INDEX = re.compile(r"\[(\d+)\]")


class ExportRefused(Exception):
    """Neither mode exports the model; the message says why."""


@dataclass(frozen=True)
class Size:
    """How large a cache is: a number of layers, or None as it is declared."""

    layers: int  # or None

    def label(self, leaves):
        return f"leaves:{leaves}" if self.layers is None else f"layers:{self.layers}"


@dataclass(frozen=True)
class Sample:
    """The inputs of the model at one size; `case` declares their leaves."""

    case: Case
    inputs: Inputs
    cache: object
    leaves: tuple  # of the cache


class Subject:
    """Several of them live in one process; what one imported is what it sees, see activate()."""

    _active = None

    def __init__(self, declared, directory, kind, sizes, seed):
        self.case = declaration.parse(declared)
        self._directory = directory
        self._modules = {}
        self._finders = []
        self._make_active()
        before = list(sys.meta_path)
        self._loaded = case_module.load(self.case, directory, kind, declared["kinds"])
        self._finders = [finder for finder in sys.meta_path if finder not in before]
        self.cache_class = self._loaded.cache_class
        self.pair = self.case.pairs[0]
        self.dims_style = declared["dims_styles"][0]
        made = {size: self._inputs(size, seed) for size in sizes}
        self._loaded.module.register(self.cache_class)
        self.samples = {size: self._sample(*inputs_) for size, inputs_ in made.items()}
        self._loaded.rebase()

    def activate(self):
        """What this case imported is what an import finds, as if it were the only one loaded."""
        if Subject._active is not self:
            self._make_active()

    def export(self, size, style):
        """The exported program: nonstrict, or strict where that is refused."""
        self.activate()
        sample = self.samples[size]
        model = getattr(self._loaded.module, self.case.model_name)()
        hook = getattr(self._loaded.module, "dynamic_shapes", None)
        refusals = []
        for strict in (False, True):
            try:
                with torch.enable_grad():
                    return torch.export.export(
                        model,
                        sample.inputs.args,
                        kwargs=sample.inputs.kwargs or None,
                        dynamic_shapes=dynamic_shapes.of(
                            sample.case, sample.inputs, style, model, hook
                        ),
                        strict=strict,
                    )
            except Exception as error:
                mode = "strict" if strict else "nonstrict"
                refusals.append(f"{mode} export: {errors.short_reason(error)}")
        raise ExportRefused("; ".join(refusals))

    def _inputs(self, size, seed):
        case = self.case if size.layers is None else at_layers(self.case, size.layers)
        leaves = inputs.random_leaves(case, self.pair, inputs.EXPORT_ROUND, seed)
        return case, leaves, Inputs.of(self._loaded.module.make_inputs(self.cache_class, leaves))

    def _sample(self, case, leaves, own):
        inputs.check_leaves(case, self.pair, own, leaves)
        caches = [
            node
            for node in pytree.tree_leaves(own.tree, is_leaf=self._is_cache)
            if self._is_cache(node)
        ]
        if not caches:
            raise errors.CaseError("no input is an instance of the class")
        return Sample(case, own, caches[0], tuple(pytree.tree_leaves(caches[0])))

    def _is_cache(self, node):
        return isinstance(node, self.cache_class)

    def _make_active(self):
        if active := Subject._active:
            before = dict(sys.modules)
            case_module.unload(active.case.folder, active._directory)
            active._modules = {n: m for n, m in before.items() if n not in sys.modules}
        sys.modules.update(self._modules)
        sys.meta_path[:0] = self._finders
        Subject._active = self


def at_layers(case, layers):
    """`case` with the leaves of its layer 0 repeated, those of other layers left out.

    Neighbours of one layer stay together: of "c.layers[0].k", "c.layers[0].v" both are repeated
    together, of "c.keys[0]", "c.values[0]" first the one, then the other.
    """
    declared, group = [], []

    def repeat_group():
        for layer in range(layers):
            declared.extend(replace(leaf, name=_at_layer(leaf, layer)) for leaf in group)
        group.clear()

    for leaf in case.inputs:
        found = INDEX.search(leaf.name)
        if found and found[1] != "0":
            continue
        if group and (not found or _prefix(leaf) != _prefix(group[0])):
            repeat_group()
        (group if found else declared).append(leaf)
    repeat_group()
    return replace(case, inputs=tuple(declared))


def _prefix(leaf):
    return leaf.name[: INDEX.search(leaf.name).start()]


def _at_layer(leaf, layer):
    return INDEX.sub(f"[{layer}]", leaf.name, count=1)
