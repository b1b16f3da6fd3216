"""What judges a program, bound before any case is imported.

A case, or a library that it imports, may replace `torch.testing.assert_close` or `torch.equal` for
purposes of its own. What was replaced afterwards changes no result here. This is for accidents; it
is no sandbox.
"""

import json
import os

import torch
from torch._subclasses import FakeTensor
from torch.export import ExportedProgram
from torch.utils import _pytree

dumps = json.dumps
write = os.write

tree_leaves = _pytree.tree_leaves
tree_structure = _pytree.tree_structure
tree_unflatten = _pytree.tree_unflatten
tree_flatten_with_path = _pytree.tree_flatten_with_path
keystr = _pytree.keystr

print_of = ExportedProgram.__str__

_all = torch.all
_equal = torch.equal
isin = torch.isin
_isclose = torch.isclose
_no_grad = torch.no_grad
_signbit = torch.signbit
_detach = torch.Tensor.detach
_to = torch.Tensor.to
_to_dense = torch.Tensor.to_dense
_dequantize = torch.Tensor.dequantize
_is_floating_point = torch.is_floating_point
_is_complex = torch.is_complex

# (relative, absolute), as torch.testing has them; what is not here is compared exactly.
_TOLERANCES = {
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-7, 1e-7),
    torch.complex32: (1e-3, 1e-5),
    torch.complex64: (1.3e-6, 1e-5),
    torch.complex128: (1e-7, 1e-7),
}
# isclose has no kernel for floats of eight bits, which fit into float32 without loss.
_WITH_KERNELS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def are_same(one, other):
    """Equal shapes, dtypes and values; NaN equals NaN, and zero equals minus zero."""
    return _are_alike(one, other) and _values_are_close(one, other, 0.0, 0.0)


def are_close(one, other, tolerance=None):
    """As `are_same`, but for floats within `tolerance` (relative, absolute).

    Without one it is that of torch.testing for the dtype.
    """
    if not _are_alike(one, other):
        return False
    rtol, atol = tolerance or _TOLERANCES.get(one.dtype, (0.0, 0.0))
    return _values_are_close(one, other, rtol, atol)


def signs_of_zero_differ(one, other):
    """Whether both hold a zero somewhere, of one sign here and of the other there."""
    if not _is_floating_point(one) or one.shape != other.shape or one.is_meta:
        return False
    with _no_grad():
        one, other = _plain(one), _plain(other)
        zero = (one == 0) & (other == 0)
        return bool((zero & (_signbit(one) != _signbit(other))).any())


def _are_alike(one, other):
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


def _values_are_close(one, other, rtol, atol):
    if one is other or one.is_meta:  # on the device meta there are no values
        return True
    with _no_grad():
        one, other = _plain(one), _plain(other)
        if not _is_floating_point(one) and not _is_complex(one):
            return bool(_equal(one, other))
        if one.dtype in _WITH_KERNELS and _equal(one, other):
            return (
                True  # as most are: isclose, which knows NaN and tolerances, takes ten times that
            )
        # torch.isclose takes a difference of infinities for NaN, and knows equal infinities.
        return bool(_all(_isclose(one, other, rtol=rtol, atol=atol, equal_nan=True)))


def _plain(tensor):
    """`tensor` as one that the kernels of a comparison exist for."""
    tensor = _detach(tensor)
    if tensor.is_quantized:
        tensor = _dequantize(tensor)
    if tensor.layout != torch.strided:
        tensor = _to_dense(tensor)
    if _is_floating_point(tensor) and tensor.dtype not in _WITH_KERNELS:
        tensor = _to(tensor, torch.float32)
    return tensor
