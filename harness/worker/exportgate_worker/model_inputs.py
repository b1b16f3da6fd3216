"""The inputs of a model, positional and keyword arguments, as a case's make_inputs gives them."""

import torch

from exportgate_worker import judge
from exportgate_worker.errors import CaseError


class Inputs:
    """`model(*args, **kwargs)`. A case that needs both kinds of arguments returns one of these."""

    def __init__(self, *args, **kwargs):
        self.args = args
        self.kwargs = kwargs

    @classmethod
    def of(cls, returned):
        """What make_inputs returned: Inputs, a dict of keyword arguments, or positional ones."""
        if isinstance(returned, cls):
            return returned
        if type(returned) is dict:
            return cls(**returned)
        if isinstance(returned, torch.Tensor):  # which would be taken apart along its first dim
            raise CaseError("make_inputs returns a tensor: return a tuple, a dict or Inputs")
        return cls(*returned)

    @property
    def tree(self):
        """What torch.export flattens: the declared leaves are its leaves, in its order."""
        return self.args, self.kwargs

    def leaves(self):
        return judge.tree_leaves(self.tree)

    def holding(self, leaves):
        """The same inputs with other `leaves`, which pytree puts into their places."""
        args, kwargs = judge.tree_unflatten(list(leaves), judge.tree_structure(self.tree))
        return type(self)(*args, **kwargs)

    def call(self, function):
        return function(*self.args, **self.kwargs)
