"""The generators of random numbers: all calls start with the same state, and who draws shows."""

import random
import sys

import torch

_NO_USUAL_SEED = 52_711  # 0 and 42 are what a model may seed a generator with itself


class Seeded:
    """A context in which torch, Python and numpy draw the same numbers each time.

    `drawn`: the generators from which numbers were taken in it. They are as before afterwards.
    """

    def __init__(self, seed):
        self._seed = seed + _NO_USUAL_SEED
        self.drawn = ()

    def __enter__(self):
        self._generators = [generator() for generator in _generators()]
        self._before = [generator.state() for generator in self._generators]
        for generator in self._generators:
            generator.seed(self._seed)
        self._seeded = [generator.state() for generator in self._generators]
        return self

    def __exit__(self, *_):
        self.drawn = tuple(
            generator.name
            for generator, seeded in zip(self._generators, self._seeded)
            if not generator.is_at(seeded)
        )
        for generator, state in zip(self._generators, self._before):
            generator.restore(state)


class _OfTorch:
    name = "torch"
    _restore = staticmethod(torch.set_rng_state)
    _equal = staticmethod(torch.equal)
    state = staticmethod(torch.get_rng_state)

    def seed(self, seed):
        torch.random.default_generator.manual_seed(seed)

    def is_at(self, state):
        return self._equal(self.state(), state)

    def restore(self, state):
        self._restore(state)


class _OfPython:
    name = "Python's random"
    state = staticmethod(random.getstate)
    seed = staticmethod(random.seed)
    restore = staticmethod(random.setstate)

    def is_at(self, state):
        return self.state() == state


class _OfNumpy:
    name = "numpy"

    def __init__(self):
        self._random = sys.modules["numpy"].random

    def state(self):
        return self._random.get_state(legacy=False)

    def seed(self, seed):
        self._random.seed(seed % 2**32)

    def is_at(self, state):
        return self._comparable(self.state()) == self._comparable(state)

    @staticmethod
    def _comparable(state):
        own = state["state"].items()
        own = {name: one.tobytes() if hasattr(one, "tobytes") else one for name, one in own}
        return {**state, "state": own}

    def restore(self, state):
        self._random.set_state(state)


def _generators():
    yield _OfTorch
    yield _OfPython
    if hasattr(sys.modules.get("numpy"), "random"):
        yield _OfNumpy
