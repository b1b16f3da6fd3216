"""What a cell exports, and what its checks ask it for: model, inputs, registration."""

import copy
import functools
import io

import torch

from exportgate_worker import (
    case_module,
    comparison,
    declaration,
    dynamic_shapes,
    export_options,
    inputs,
    judge,
    numbers_in_code,
    registries,
    rounding,
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
        self._holds_declared_leaves = False
        self.draws_in_order = True
        self.fill = None  # what memory that nothing has filled holds in calls, where it is seen
        self._tolerances = None  # by dtype, where they are others than judge's
        # Of a program in other operators: the narrowest floats that it computes with, a dtype.
        self.narrowest = None
        self._last_leaves = None  # (pair, round, leaves): a model and its program get the same
        self.called_with = ""  # while the model runs eagerly: its inputs, in words
        self.not_registered = ""  # what is declared as a tensor and is an object unknown to pytree

    @property
    def has_ranges(self):
        """Whether dims are asked for with their ranges, and not only as dynamic."""
        return self.dims in ("named", "spec")

    @functools.cached_property
    def numbers_in_code(self):
        return numbers_in_code.of(self.fresh_model(), self.case_modules)

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
        """What take_state() needs in another process: the state of the model as it was made."""
        saved = io.BytesIO()
        torch.save((self._state, self.fill), saved)
        return saved.getvalue()

    def take_state(self, saved):
        self._state, self.fill = torch.load(io.BytesIO(saved), weights_only=False)
        self.model.load_state_dict(self._state)

    def _new_model(self):
        # A network of another library has random weights: they are the same in every process.
        with torch.random.fork_rng(devices=[]):
            # Of this generator alone: torch.manual_seed asks every kind of device, for 2 ms.
            torch.default_generator.manual_seed(self.seed)
            return getattr(self._loaded.module, self.case.model_name)()

    def leaves(self, pair, round_):
        """Declared name -> tensor with the values of `round_`, or what is declared to be none."""
        if self._last_leaves is None or self._last_leaves[:2] != (pair, round_):
            made = inputs.random_leaves(self.case, pair, round_, self.seed)
            self._last_leaves = pair, round_, made
        return inputs.like(self._last_leaves[2])

    def make_inputs(self, leaves):
        leaves_by_name = inputs.LeavesByName(leaves)
        made = Inputs.of(self._loaded.module.make_inputs(self.cache_class, leaves_by_name))
        return made.holding(leaves.values()) if self._holds_declared_leaves else made

    def in_other_operators(self, exported_program):
        """This subject, for `exported_program` in other operators than eager's.

        They may draw random numbers in another order, float64 may hold what was rounded to float32
        on the way, and they may round at other places (rounding.py).
        """
        other = copy.copy(self)
        other.draws_in_order = False
        other.narrowest = rounding.narrowest_dtype(exported_program)
        if self._has_narrower_floats():
            as_float32 = judge.TOLERANCES[torch.float32]
            other._tolerances = dict.fromkeys((torch.float64, torch.complex128), as_float32)
        return other

    def _has_narrower_floats(self):
        dtypes = [getattr(torch, leaf.dtype) for leaf in self.case.inputs if leaf.is_tensor]
        dtypes += [one.dtype for one in self._state.values() if isinstance(one, torch.Tensor)]
        return any(
            (one.is_floating_point or one.is_complex)
            and one not in (torch.float64, torch.complex128)
            for one in dtypes
        )

    def with_distinct_leaves(self):
        """This subject, but its inputs hold the declared leaves, each a tensor of its own."""
        other = copy.copy(self)
        other._holds_declared_leaves = True
        return other

    def with_tensors(self, pair, round_, change):
        """This subject, whose inputs in a round and whose state went through `change(tensor)`."""
        other = copy.copy(self)
        leaves = self.leaves(pair, round_)
        changed = {
            id(leaf): change(leaf) for leaf in leaves.values() if isinstance(leaf, torch.Tensor)
        }
        other._last_leaves = (
            pair,
            round_,
            {name: changed.get(id(leaf), leaf) for name, leaf in leaves.items()},
        )
        other._state = {
            name: change(one) if isinstance(one, torch.Tensor) else one
            for name, one in self._state.items()
        }
        return other

    def judged_by(self, are_equal):
        """This subject, for which `are_equal(outputs, others)` says what is equal."""
        other = copy.copy(self)
        other.are_equal = are_equal
        return other

    @property
    def cache_classes(self):
        return (self.cache_class, *self.registered_classes)

    def caches_in(self, tree):
        """The caches in `tree`: instances of the cache class or a subclass, and of what the case
        registered besides."""

        def is_cache(node):
            return isinstance(node, self.cache_classes)

        return [node for node in judge.tree_leaves(tree, is_leaf=is_cache) if is_cache(node)]

    def export(self, model, model_inputs, has_its_modules=True):
        """`model` exported as the cell asks; `model_inputs` are those of its pair.

        A program that is exported once more has not the modules of the model.
        """
        options = export_options.keywords(self.case.export_options)
        if not has_its_modules:
            options.pop("preserve_module_call_signature", None)
        hook = getattr(self._loaded.module, "dynamic_shapes", None)
        # Left out where there are none: a case may wrap torch.export.export for its own purpose.
        keywords = {"kwargs": model_inputs.kwargs} if model_inputs.kwargs else {}
        return torch.export.export(
            model,
            model_inputs.args,
            **keywords,
            **options,
            dynamic_shapes=dynamic_shapes.of(self.case, model_inputs, self.dims, model, hook),
            strict=self.strict,
        )

    def are_equal(self, outputs, others):
        """Within the tolerance of the case."""
        return comparison.equal(outputs, others, self.case.tolerance, self._tolerances)

    def tolerance_of(self, tensor):
        """(relative, absolute)."""
        by_dtype = {**judge.TOLERANCES, **(self._tolerances or {})}
        return self.case.tolerance or by_dtype.get(tensor.dtype, (0.0, 0.0))

    def register(self, cache_class=None):
        if self.registries_before is None:
            self.registries_before = registries.snapshot()
        self._loaded.module.register(cache_class or self.cache_class)
        if cache_class is None:
            self.registered_classes = registries.classes_since(self.registries_before)

    def unregister(self):
        self._loaded.module.unregister(self.cache_class)

    def unload(self):
        case_module.unload(self.case.folder, self._directory)

    def rebase(self):
        self._loaded.rebase()
