"""What a cell exports, and what its checks ask it for: model, inputs, registration."""

import copy
import io

import torch
from torch.utils import _pytree as pytree

from exportgate_worker import (
    case_module,
    comparison,
    declaration,
    dynamic_shapes,
    inputs,
    registries,
)
from exportgate_worker.model_inputs import Inputs


class Subject:
    """The case as its kind sees it, at one pair, in one dims style."""

    def __init__(self, request):
        self.case = declaration.parse(request["case"])
        self._directory = request["case_directory"]
        self.pair = self.case.pair(request["pair"])
        self.strict = request["mode"] == "strict"
        self.dims = request["dims"]
        self.seed = request.get("seed", 0) + self.case.seed
        self.model = None
        self._state = None
        self._loaded = case_module.load(
            self.case, self._directory, request["kind"], request["case"]["kinds"]
        )
        self.cache_class = self._loaded.cache_class
        self.case_modules = self._loaded.module_names
        self.reference = self._loaded.reference
        self.before_export = None  # what check_model compares the model with
        self.registries_before = None
        self.registered_classes = ()  # by the case, with pytree
        self.not_registered = ""  # what is declared as a tensor and is an object unknown to pytree

    def make_model(self):
        self.model = self._new_model()
        self._state = copy.deepcopy(self.model.state_dict())

    def fresh_model(self):
        """The model as it was made: one that remembers earlier calls does not know of any.

        What is exported does: a value that it remembers is baked into the program.
        """
        model = self._new_model()
        model.load_state_dict(self._state)
        return model

    def saved_state(self):
        """The state of the model as it was made, for take_state() in another process."""
        saved = io.BytesIO()
        torch.save(self._state, saved)
        return saved.getvalue()

    def take_state(self, saved):
        self._state = torch.load(io.BytesIO(saved), weights_only=False)
        self.model.load_state_dict(self._state)

    def _new_model(self):
        # A network of another library has random weights: they are the same in every process.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return getattr(self._loaded.module, self.case.model_name)()

    def leaves(self, pair, round_):
        """Declared name -> tensor with the values of `round_`, or what is declared to be none."""
        return inputs.random_leaves(self.case, pair, round_, self.seed)

    def make_inputs(self, leaves):
        return Inputs.of(self._loaded.module.make_inputs(self.cache_class, leaves))

    def caches_in(self, tree):
        """The caches in `tree`: instances of the cache class or a subclass, and of what the case
        registered besides."""
        classes = (self.cache_class, *self.registered_classes)

        def is_cache(node):
            return isinstance(node, classes)

        return [node for node in pytree.tree_leaves(tree, is_leaf=is_cache) if is_cache(node)]

    def export(self, model, model_inputs):
        """`model` exported as the cell asks; `model_inputs` are those of its pair."""
        hook = getattr(self._loaded.module, "dynamic_shapes", None)
        # Left out where there are none: a case may wrap torch.export.export for its own purpose.
        keywords = {"kwargs": model_inputs.kwargs} if model_inputs.kwargs else {}
        return torch.export.export(
            model,
            model_inputs.args,
            **keywords,
            dynamic_shapes=dynamic_shapes.of(self.case, model_inputs, self.dims, model, hook),
            strict=self.strict,
        )

    def are_equal(self, outputs, others):
        """Within the tolerance of the case."""
        return comparison.equal(outputs, others, self.case.tolerance)

    def register(self, cache_class=None):
        if self.registries_before is None:
            self.registries_before = registries.snapshot()
        self._loaded.module.register(cache_class or self.cache_class)
        if cache_class is None:
            self.registered_classes = registries.classes_since(self.registries_before)

    def unregister(self):
        self._loaded.module.unregister(self.cache_class)

    def unload(self):
        case_module.unload(self.case.name, self._directory)

    def rebase(self):
        self._loaded.rebase()
