"""What a model or program is besides its code, and what a call changes in it.

Parameters and buffers go by every name that they have: an alias counts. Python attributes are those
of the model, its submodules, and their classes and modules outside torch; a program has none that
matter.
"""

import torch

from exportgate_worker import judge, tensor_marks
from exportgate_worker.held import (
    code_of_classes_outside_torch,
    of_classes_outside_torch,
    of_modules_outside_torch,
    own_attributes,
)
from exportgate_worker.snapshot import Camera, is_fake
from exportgate_worker.snapshot_differences import Comparison


class State:
    """A deep snapshot of a module. Of anything else, as a program's C++ reference is, it is empty.

    `tensors`: name -> (tensor, its values then); `words`: name -> "parameter" or "buffer";
    `attributes`: name -> node of a snapshot; `of_modules`: the names of those that are kept beside
    the model; `marks`: the names of those that parameters and buffers carry.
    """

    def __init__(self, module, with_attributes=True):
        self._module = module if isinstance(module, torch.nn.Module) else torch.nn.Module()
        self.words, registered = _registered(self._module)
        self.tensors = {name: (tensor, _values(tensor)) for name, tensor in registered.items()}
        self.attributes = {}
        self.of_modules = ()
        self.unknown = []
        self.marks = set()
        if with_attributes:
            self._look_at_attributes()

    def _look_at_attributes(self):
        submodules = dict(self._module.named_modules())
        camera = Camera(shares_plain=True)
        camera.know(submodules.values())
        camera.know(tensor for tensor, _ in self.tensors.values())
        values = {}
        for name, module in submodules.items():
            for attribute, value in own_attributes(module).items():
                values[f"{name}.{attribute}" if name else attribute] = value
            values[f"{name} (its class)" if name else "(its class)"] = type(module)
            values.update(of_classes_outside_torch(type(module)))
            values.update(code_of_classes_outside_torch(type(module)))
        for name, (tensor, _) in self.tensors.items():
            marks = {"requires_grad": tensor.requires_grad} | tensor_marks.of(tensor)
            values.update({f"{name}.{mark}": value for mark, value in marks.items()})
            self.marks.update(f"{name}.{mark}" for mark in marks)
        of_modules = of_modules_outside_torch(map(type, submodules.values()))
        self.of_modules = of_modules.keys()
        values.update(of_modules)
        self.attributes = camera.named(values)
        self.unknown = camera.unknown

    def named_tensors(self):
        """ "buffer seen" -> tensor."""
        return {f"{self.words[name]} {name}": one for name, (one, _) in self.tensors.items()}

    def restore(self):
        """Parameters and buffers are the same tensors as then, with the same values."""
        for name, (tensor, values) in self.tensors.items():
            owner, _, own_name = name.rpartition(".")
            owner = self._module.get_submodule(owner)
            place = owner._parameters if self.words[name] == "parameter" else owner._buffers
            place[own_name] = tensor
            if values is not tensor and not judge.are_same(tensor, values):
                with torch.no_grad():
                    tensor.copy_(values)


def of(module, with_attributes=True):
    return State(module, with_attributes)


class Changes:
    """What differs between two states of one module.

    `tensors`: name -> (values before, values after), None where there is no such tensor;
    `attributes`: name -> reasons; `changed_tensors`: of the attributes that are tensors, as
    `tensors`.
    """

    def __init__(self, before, after):
        self.words = {**after.words, **before.words}
        self.tensors, self.attributes, self.changed_tensors = {}, {}, {}
        for name in {**before.tensors, **after.tensors}:
            was, now = (state.tensors.get(name, (None, None))[1] for state in (before, after))
            if was is None or now is None or not judge.are_same(was, now):
                self.tensors[name] = was, now
        comparison = Comparison()
        for name in {**before.attributes, **after.attributes}:
            if before.attributes.get(name) is after.attributes.get(name):
                continue  # a plain value, which is one node however often it is met
            one, other = (
                {name: state.attributes[name]} if name in state.attributes else {}
                for state in (before, after)
            )
            reasons = comparison.of_attributes(one, other)
            if reasons:
                self.attributes[name] = reasons
                if one and other and one[name].kind == other[name].kind == "tensor":
                    self.changed_tensors[name] = one[name].content, other[name].content
        self.notes = comparison.notes
        self.marks = before.marks | after.marks

    def __bool__(self):
        return bool(self.tensors or self.attributes)


def differences(changes, by_eager, are_equal, kept=()):
    """Reasons why a program does not change its own state as eager changes the model's.

    `are_equal(one, other)` judges tensors. `kept`: attributes of the model that need no reason.
    """
    found = []
    changed, expected = dict(changes.tensors), dict(by_eager.tensors)
    for name, values in by_eager.changed_tensors.items():
        # A tensor that is a mere attribute is a constant of the program, perhaps of another name.
        match = name if name in changed else _of_equal_values(changed, values, are_equal)
        if match:
            changed[name], expected[name] = changed.pop(match), values
    words = {**changes.words, **by_eager.words}
    for name in changed:
        if name not in expected:
            found.append(f"mutates the {words.get(name, 'attribute')} {name}")
    for name, (_, values) in expected.items():
        word = words.get(name, "attribute")
        if name not in changed:
            found.append(f"does not mutate the {word} {name}, as eager does")
        elif not _are_both(changed[name][1], values, are_equal):
            found.append(f"leaves other values in the {word} {name} than eager")
    for name, reasons in by_eager.attributes.items():
        is_left = name not in expected and changes.attributes.get(name) != reasons
        if is_left and name not in kept:
            found += [f"does not change the model as eager does: {reason}" for reason in reasons]
    return found


def _of_equal_values(changed, values, are_equal):
    for name, (before, after) in changed.items():
        if _are_both(before, values[0], are_equal) and _are_both(after, values[1], are_equal):
            return name
    return None


def _are_both(one, other, are_equal):
    if one is None or other is None:
        return one is other
    return are_equal(one, other)


def _registered(module):
    words, tensors = {}, {}
    for word, listed in (
        ("parameter", module.named_parameters),
        ("buffer", module.named_buffers),
    ):
        for name, tensor in listed(remove_duplicate=False):
            words[name], tensors[name] = word, tensor
    return words, tensors


def _values(tensor):
    return tensor if is_fake(tensor) else tensor.detach().clone()
