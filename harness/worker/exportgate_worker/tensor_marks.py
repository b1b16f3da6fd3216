"""What a tensor carries besides its values, and a call may leave on it.

Whether it requires gradients, its gradient, hooks of autograd, and attributes of Python. Private
ones are torch's own.
"""

from exportgate_worker.snapshot import Camera
from exportgate_worker.snapshot_differences import BEFORE_AND_AFTER, Comparison

_USUAL = {"requires_grad": False, "grad": None, "hooks": 0}


def of(tensor):
    """Name -> value of what is not usual: {} of most tensors."""
    found = {}
    if tensor.requires_grad:
        found["requires_grad"] = True
        hooks = len(tensor._backward_hooks or ())
        hooks += len(getattr(tensor, "_post_accumulate_grad_hooks", None) or ())
        if hooks:
            found["hooks"] = hooks
    # Of a tensor that was computed, torch has no gradient and warns.
    if tensor.is_leaf and tensor.grad is not None:
        found["grad"] = tensor.grad
    return found | attributes_of(tensor)


def attributes_of(tensor):
    return {name: value for name, value in tensor.__dict__.items() if not name.startswith("_")}


class Marks:
    """Of several tensors, at one moment. `leaves`: name -> tensor, or whatever else a leaf is."""

    def __init__(self, leaves, of_one=of):
        camera = Camera()
        self._nodes = {}
        self._usual = camera.named(_USUAL)
        for name, leaf in leaves.items():
            values = of_one(leaf) if hasattr(leaf, "requires_grad") else None
            if values:
                self._nodes[name] = camera.named(values)

    def differences(self, other, words=BEFORE_AND_AFTER):
        """Reasons why `other`, of the same names, is not as this: "x, attribute tag appears"."""
        found = []
        for name in dict.fromkeys([*self._nodes, *other._nodes]):
            sides = [marks._nodes.get(name, {}) for marks in (self, other)]
            usual = {
                mark: node for mark, node in self._usual.items() if mark in {**sides[0], **sides[1]}
            }
            found += Comparison(words).of_attributes(*(usual | one for one in sides), f"{name}, ")
        return found
