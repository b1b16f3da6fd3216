"""What a cell exports, and what its checks ask it for: model, inputs, registration."""

import copy

import torch
from torch.utils import _pytree as pytree

from exportgate_worker import case_module, declaration, inputs, registries


class Subject:
    """The case as its kind sees it, at one pair, in one dims style."""

    def __init__(self, request):
        self.case = declaration.parse(request["case"])
        self._directory = request["case_directory"]
        self.pair = self.case.pair(request["pair"])
        self.strict = request["mode"] == "strict"
        self.dims = request["dims"]
        self.seed = request.get("seed", 0)
        self.model = None
        self._state = None
        self._loaded = case_module.load(
            self.case.name,
            self._directory,
            self.case.class_name,
            request["kind"],
            request["case"]["kinds"],
        )
        self.cache_class = self._loaded.cache_class
        self.case_modules = self._loaded.module_names
        self.reference = self._loaded.reference
        self.registries_before = None
        self.not_registered = ""  # what is declared as a tensor and is an object unknown to pytree

    def make_model(self):
        self.model = self._loaded.module.Model()
        self._state = copy.deepcopy(self.model.state_dict())

    def fresh_model(self):
        """The model as it was made: one that remembers earlier calls does not know of any.

        What is exported does: a value that it remembers is baked into the program.
        """
        model = self._loaded.module.Model()
        model.load_state_dict(self._state)
        return model

    def leaves(self, pair, round_):
        """Declared name -> tensor with the values of `round_`, or None where None is declared."""
        return inputs.random_leaves(self.case, pair, round_, self.seed)

    def make_inputs(self, leaves):
        return tuple(self._loaded.module.make_inputs(self.cache_class, leaves))

    def caches_in(self, args):
        """The instances of the cache class, or of a subclass, among `args` and what they hold."""

        def is_cache(node):
            return isinstance(node, self.cache_class)

        return [node for node in pytree.tree_leaves(args, is_leaf=is_cache) if is_cache(node)]

    def export(self, model, args):
        """`model` exported as the cell asks; `args` are those of its pair."""
        return torch.export.export(
            model,
            args,
            dynamic_shapes=inputs.dynamic_shapes(self.case, args, self.dims),
            strict=self.strict,
        )

    def register(self, cache_class=None):
        if self.registries_before is None:
            self.registries_before = registries.snapshot()
        self._loaded.module.register(cache_class or self.cache_class)

    def unregister(self):
        self._loaded.module.unregister(self.cache_class)

    def unload(self):
        case_module.unload(self.case.name, self._directory)

    def rebase(self):
        self._loaded.rebase()
