"""Programs with symbolic and data-dependent sizes, and with assertions on them."""

import math

import torch
from torch.export import Dim, export


class SizeArithmetic(torch.nn.Module):
    def forward(self, x, y):
        a, b = x.shape[0], y.shape[0]
        joined = torch.cat([x, y])
        grown = torch.zeros(2 * a + b, a * b, dtype=torch.int64)
        halves = torch.ones((a + 7) // 2, (b * 3) % 7 + 2)
        return (
            joined.view(a + b, 2, 2),
            grown,
            halves,
            x.new_full((a - 1, b**2), a / b),
            a + b,
            a * b - 1,
        )


def size_arithmetic(strict):
    dims = ({0: Dim("rows", min=3, max=100)}, {0: Dim("columns", min=2, max=50)})
    return export(
        SizeArithmetic(), (torch.rand(7, 4), torch.rand(5, 4)), dynamic_shapes=dims, strict=strict
    )


class SizeFunctions(torch.nn.Module):
    """Functions of sizes that are no operators of aten, floats and truth values made of sizes."""

    def forward(self, x, y):
        a, b = x.shape[0], y.shape[0]
        largest = x.new_zeros(torch.sym_max(a, b), torch.sym_min(a, 3 * b))
        scaled = x.new_ones(torch.sym_int(a * 1.5), math.ceil(b / 3), 2)
        return (
            largest,
            scaled,
            y * torch.sym_float(a),
            x / torch._sym_sqrt(a),
            torch.sym_not(a > b),
            x.numel() + y.stride(0),
        )


def size_functions():
    dims = ({0: Dim.DYNAMIC, 1: Dim.DYNAMIC}, {0: Dim.DYNAMIC, 1: Dim.DYNAMIC})
    return export(
        SizeFunctions(), (torch.rand(7, 4), torch.rand(5, 3)), dynamic_shapes=dims, strict=False
    )


class DerivedDims(torch.nn.Module):
    def forward(self, x, y, z):
        return x[:-1] + y, z.view(-1, 2).sum(1) - x.sum()


def derived_dims():
    n = Dim("n", min=2, max=64)
    dims = ({0: n}, {0: n - 1}, {0: 2 * n})
    return export(
        DerivedDims(),
        (torch.rand(5), torch.rand(4), torch.rand(10)),
        dynamic_shapes=dims,
        strict=True,
    )


class Unbacked(torch.nn.Module):
    def forward(self, x, n, m):
        count, width = n.item(), m.item()
        torch._check(count >= 2)
        torch._check(count <= 40)
        torch._check(width > count)
        picked = torch.nonzero(x)
        torch._check(picked.shape[0] <= x.shape[0])
        return (
            torch.arange(count),
            x.new_zeros(count, width),
            picked,
            torch.full((width - count,), 1),
        )


def unbacked():
    args = (torch.rand(9), torch.tensor(4), torch.tensor(6))
    return export(Unbacked(), args, dynamic_shapes=({0: Dim.DYNAMIC}, None, None), strict=False)


class Assertions(torch.nn.Module):
    def forward(self, x, y):
        torch._check(x.shape[0] != 13)
        torch._check(x.shape[0] * 2 > y.shape[0])
        torch._assert_async(x.sum() > 0)
        return x.sum() + y.sum() + x.shape[0]


def assertions(deferred):
    """Deferred: conditions on backed sizes stay in the program, as assertions on Eq and Ne."""
    args, dims = (torch.rand(5), torch.rand(4)), ({0: Dim.DYNAMIC}, {0: Dim.DYNAMIC})
    options = {"prefer_deferred_runtime_asserts_over_guards": True} if deferred else {}
    return export(Assertions(), args, dynamic_shapes=dims, strict=False, **options)


PROGRAMS = {
    "size_arithmetic": lambda: size_arithmetic(False),
    "size_arithmetic_strict": lambda: size_arithmetic(True),
    "size_functions": size_functions,
    "derived_dims": derived_dims,
    "unbacked": unbacked,
    "assertions": lambda: assertions(False),
    "assertions_deferred": lambda: assertions(True),
}
