"""Programs with nested graphs: branches, loops, grad and autocast modes; effects; backward."""

import torch
from torch.export import Dim, export


class Cond(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 4)

    def forward(self, x, y):
        def positive(x, y):
            return self.linear(x) + y.cos()

        def negative(x, y):
            return x.sin() - y

        return torch.cond(x.sum() > 0, positive, negative, (x, y)) + torch.cond(
            y.sum() > 0, lambda y: y * 2, lambda y: y - 2, (y,)
        )


def cond(strict):
    rows = Dim("rows", min=2, max=16)
    shapes = ({0: rows}, {0: rows})
    return export(
        Cond(), (torch.rand(3, 4), torch.rand(3, 4)), dynamic_shapes=shapes, strict=strict
    )


class NestedCond(torch.nn.Module):
    def forward(self, x):
        def inner(x):
            return torch.cond(x.min() < -1, lambda x: x.neg(), lambda x: x.abs(), (x,))

        return torch.cond(x.sum() > 0, inner, lambda x: x.exp(), (x,))


def nested_cond():
    return export(
        NestedCond(), (torch.rand(3, 4),), dynamic_shapes=({0: Dim.DYNAMIC},), strict=True
    )


class While(torch.nn.Module):
    def forward(self, i, x):
        from torch._higher_order_ops.while_loop import while_loop

        return while_loop(lambda i, x: i < 10, lambda i, x: (i + 1, x * 2 + 1), (i, x))


def while_loop():
    return export(While(), (torch.tensor(0), torch.rand(2)), strict=True)


class Map(torch.nn.Module):
    def forward(self, xs, y):
        from torch._higher_order_ops.map import map as map_over

        return map_over(lambda x, y: x * y + x.shape[0], xs, y)


def map_over():
    return export(Map(), (torch.rand(4, 3), torch.rand(3)), strict=True)


class GradModes(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 4)

    def forward(self, x):
        with torch.no_grad():
            y = self.linear(x) * x.shape[0]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            z = torch.mm(y, x.t())
        return z.float() + 1, y


def grad_modes():
    return export(GradModes(), (torch.rand(3, 4),), dynamic_shapes=({0: Dim.AUTO},), strict=False)


SCHEMA = "(Tensor x, str name, SymInt[] sizes) -> Tensor"


@torch.library.custom_op("exportgate_programs::twice", mutates_args=(), schema=SCHEMA)
def twice(x, name, sizes):
    return x * 2


@twice.register_fake
def _(x, name, sizes):
    return torch.empty_like(x)


class OwnOperator(torch.nn.Module):
    """An operator of one's own, and strings with every quote, as operands."""

    def forward(self, x):
        torch.ops.aten._assert_async.msg(x.sum() != 0, 'it\'s "zero"\n\tback\\slash')
        torch.ops.aten._assert_async.msg(x.sum() != 1, "it's one, as s0 and add_1")
        y = torch.ops.exportgate_programs.twice(x, 'say "s0"', [1, x.shape[0]])
        return torch.ops.exportgate_programs.twice(y, "", [])


def own_operator():
    return export(OwnOperator(), (torch.rand(3),), dynamic_shapes=({0: Dim.DYNAMIC},), strict=False)


class Prints(torch.nn.Module):
    def forward(self, x):
        torch.ops.aten._print("before")
        y = x + 1
        torch.ops.aten._print("after")
        return y


def effect_tokens():
    return export(Prints(), (torch.rand(3),), strict=True).run_decompositions({})


class Loss(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(3, 2)

    def forward(self, x, label):
        return torch.nn.functional.cross_entropy(self.linear(x), label)


def forward_and_backward():
    from torch.export.experimental import _export_forward_backward

    args = (torch.rand(4, 3), torch.tensor([0.1, 0.9]).expand(4, 2).contiguous())
    return _export_forward_backward(export(Loss(), args, strict=False))


PROGRAMS = {
    "cond_strict": lambda: cond(True),
    "cond_nonstrict": lambda: cond(False),
    "nested_cond": nested_cond,
    "while_loop": while_loop,
    "map_over": map_over,
    "grad_modes": grad_modes,
    "grad_modes_decomposed": lambda: grad_modes().run_decompositions({}),
    "own_operator": own_operator,
    "effect_tokens": effect_tokens,
    "forward_and_backward": forward_and_backward,
}
