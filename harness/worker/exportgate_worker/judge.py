"""What judges a program, bound before any case is imported.

A case, or a library that it imports, may replace `torch.testing.assert_close` or `torch.equal` for
purposes of its own. What was replaced afterwards changes no result here. This is for accidents; it
is no sandbox.
"""

import functools
import json
import os

import torch
from torch._subclasses import FakeTensor
from torch.export import ExportedProgram
from torch.utils import _pytree

dumps = json.dumps
write = os.write

tree_leaves = _pytree.tree_leaves
tree_flatten = _pytree.tree_flatten
tree_structure = _pytree.tree_structure
tree_unflatten = _pytree.tree_unflatten
tree_flatten_with_path = _pytree.tree_flatten_with_path
keystr = _pytree.keystr

print_of = ExportedProgram.__str__
module_of = ExportedProgram.module
decomposed = ExportedProgram.run_decompositions

_all = torch.all
_equal = torch.equal
isin = torch.isin
_isclose = torch.isclose
no_grad = torch.no_grad
_signbit = torch.signbit
_detach = torch.Tensor.detach
_to = torch.Tensor.to
_to_dense = torch.Tensor.to_dense
_dequantize = torch.Tensor.dequantize
_is_floating_point = torch.is_floating_point
_is_complex = torch.is_complex
_clone = torch.Tensor.clone
_plain_functions = torch._C.DisableTorchFunctionSubclass

# (relative, absolute), as torch.testing has them, but for float64: what was computed in float32
# differs by 6e-8, which torch.testing takes for equal. What is not here is compared exactly.
TOLERANCES = {
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-9, 1e-9),
    torch.complex32: (1e-3, 1e-5),
    torch.complex64: (1.3e-6, 1e-5),
    torch.complex128: (1e-9, 1e-9),
}
# Where all of a tensor is below 1, the absolute tolerance may be all that it holds. Elements may
# differ then by this share of the largest one, or by four times the relative tolerance.
_SHARE_OF_LARGEST = 0.01
# isclose has no kernel for floats of eight bits, which fit into float32 without loss.
_WITH_KERNELS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def of_plain_tensors(function):
    """`function` without `__torch_function__`: a tensor may say that it is equal to all."""

    @functools.wraps(function)
    def called(*arguments, **keywords):
        with _plain_functions():
            return function(*arguments, **keywords)

    return called


@of_plain_tensors
def are_same(one, other):
    """Equal shapes, dtypes and values; NaN equals NaN, and zero equals minus zero."""
    if not are_alike(one, other):
        return False
    return _parts_are(_values_are_close, one, other)


@of_plain_tensors
def are_close(one, other, tolerance=None):
    """As `are_same`, but for floats within `tolerance` (relative, absolute).

    Without one it is that of torch.testing for the dtype, or less where `other` is small.
    """
    if not are_alike(one, other):
        return False
    return _parts_are(functools.partial(_are_within, tolerance), one, other)


def _are_within(tolerance, one, other):
    if _values_are_equal(one, other):
        return True  # as most are: what knows NaN and tolerances takes ten times that
    rtol, atol = tolerance or TOLERANCES.get(one.dtype, (0.0, 0.0))
    if not _values_are_close(one, other, rtol, atol):
        return False
    return bool(tolerance) or not atol or _small_values_are_close(one, other, rtol)


def copied(tensor):
    """A tensor of the same values in memory of its own, whatever its class makes of `clone`."""
    with _plain_functions():
        return _clone(_detach(tensor))


@of_plain_tensors
def signs_of_zero_differ(one, other):
    """Whether both hold a zero somewhere, of one sign here and of the other there."""
    if not _is_floating_point(one) or one.shape != other.shape or one.is_meta:
        return False
    with no_grad():
        one, other = _plain(one), _plain(other)
        zero = (one == 0) & (other == 0)
        return bool((zero & (_signbit(one) != _signbit(other))).any())


def are_alike(one, other):
    """Whether two tensors differ in nothing but their values."""
    if not isinstance(one, torch.Tensor) or not isinstance(other, torch.Tensor):
        return False
    if isinstance(one, FakeTensor) or isinstance(other, FakeTensor):
        return one is other  # it has no values
    return (
        one.shape == other.shape
        and one.dtype == other.dtype
        and one.device == other.device
        and one.layout == other.layout
    )


@of_plain_tensors
def distance(one, other):
    """How far apart elements are, in float64; 0 where both are the same infinity, or NaN."""
    with no_grad():
        one, other = (_to(_plain(tensor), _wide(tensor)) for tensor in (one, other))
        same = (one == other) | ((one != one) & (other != other))
        return (one - other).abs().masked_fill(same, 0.0)


def largest_distance(one, other):
    """Of all elements; infinite where shapes or dtypes differ, or where one alone is finite."""
    if not are_alike(one, other):
        return float("inf")
    apart = distance(one, other)
    return apart.nan_to_num(nan=float("inf")).max().item() if apart.numel() else 0.0


def _wide(tensor):
    return torch.complex128 if _is_complex(tensor) else torch.float64


def _values_are_close(one, other, rtol=0.0, atol=0.0):
    if one is other or one.is_meta:  # on the device meta there are no values
        return True
    one, other = _plain(one), _plain(other)
    if _equal(one, other):
        return True
    if not _is_floating_point(one) and not _is_complex(one):
        return False
    # torch.isclose takes a difference of infinities for NaN, and knows equal infinities.
    return bool(_all(_isclose(one, other, rtol=rtol, atol=atol, equal_nan=True)))


def _values_are_equal(one, other):
    return one is other or one.is_meta or _equal(_plain(one), _plain(other))


def _small_values_are_close(one, other, rtol):
    """Whether values that are all below 1 differ by less than a share of the largest one."""
    one, other = _plain(one), _plain(other)
    largest = other.abs().max().item()
    if not 0.0 < largest < 1.0:  # infinite, or NaN: the tolerances are enough
        return True
    allowed = max(_SHARE_OF_LARGEST, 4 * rtol) * largest
    limits = torch.finfo(other.dtype)
    allowed += 4 * limits.tiny * limits.eps  # numbers close to 0 lie that far apart
    return not (one - other).abs().max().item() > allowed


def _parts_are(alike, one, other):
    """`alike(one, other)` of the tensors that two wrappers hold, or of both as they are.

    What the operators of a wrapper say is not asked.
    """
    names = names_of_parts(one)
    if one is other or not names or names != names_of_parts(other):
        return alike(one, other)
    parts = [(getattr(one, name), getattr(other, name)) for name in names]
    return all(are_alike(*pair) and _parts_are(alike, *pair) for pair in parts)


def names_of_parts(tensor):
    """Of a subclass that says what it is made of, as torch asks of traceable ones."""
    if not hasattr(type(tensor), "__tensor_flatten__"):
        return []
    return list(type(tensor).__tensor_flatten__(tensor)[0])


def _plain(tensor):
    """`tensor` as one that the kernels of a comparison exist for."""
    tensor = _detach(tensor)
    if tensor.is_quantized:
        tensor = _dequantize(tensor)
    if tensor.layout != torch.strided:
        tensor = _to_dense(tensor)
    if tensor.dtype == torch.complex32:
        return _to(tensor, torch.complex64)
    if _is_floating_point(tensor) and tensor.dtype not in _WITH_KERNELS:
        tensor = _to(tensor, torch.float32)
    return tensor
