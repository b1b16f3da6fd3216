"""Numbers that the code of a model names: where something changes, it mostly changes beside one."""

import sys
import types

from exportgate_worker import held

MOST_WHOLE = 6
MOST_FLOATS = 3
_USUAL = (0, 1, 2)
_LARGEST = 2**31


def of(model, module_names):
    """Whole numbers and floats, the smallest first, of the methods of `model` and its submodules,
    of the functions in the modules of the case, and of their attributes."""
    found = set()  # (type, number): 1024 and 1024.0 are two
    functions = []
    for submodule in model.modules():
        _add(found, held.own_attributes(submodule).values())
        functions += held.methods_of_classes_outside_torch(type(submodule)).values()
    for name in module_names & sys.modules.keys():
        values = list(vars(sys.modules[name]).values())
        _add(found, values)
        functions += [one for one in values if isinstance(one, types.FunctionType)]
    for function in functions:
        _add_of_code(found, function.__code__)
    whole, floats = (sorted(one for kind, one in found if kind is which) for which in (int, float))
    return [*_spread(whole, MOST_WHOLE), *_spread(floats, MOST_FLOATS)]


def _add(found, values):
    for value in values:
        if type(value) in (int, float) and abs(value) not in _USUAL and abs(value) < _LARGEST:
            found.add((type(value), value))


def _add_of_code(found, code):
    _add(found, code.co_consts)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _add_of_code(found, constant)


def _spread(numbers, most):
    """All, or as many from the smallest to the largest."""
    if len(numbers) <= most:
        return numbers
    return [numbers[i * (len(numbers) - 1) // (most - 1)] for i in range(most)]
