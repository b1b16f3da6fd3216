"""Programs whose inputs and outputs are unusual: kinds, containers, scalars, constants, many."""

import torch
from torch.export import Dim, export


class Outputs(torch.nn.Module):
    def forward(self, x, *, scale, options):
        values, indices = torch.topk(x, 2, dim=-1, largest=False)
        a, b, c = x.split([1, 2, 1], dim=1)
        first, *rest = x.chunk(2)
        maximum = torch.max(x, 1)
        return (
            {"top": (values, indices), "rest": rest, "x": x, "again": values},
            None,
            3,
            (a - c, b),
            first,
            [
                maximum.indices,
                True,
                2.5,
                "text",
                options["bias"] * scale,
            ],
        )


def outputs():
    options = {"bias": torch.rand(4), "unused": torch.rand(2)}
    return export(
        Outputs(),
        (torch.rand(4, 4),),
        {"scale": torch.tensor(2.0), "options": options},
        strict=False,
    )


class Scalars(torch.nn.Module):
    def forward(self, x, count, factor, flag, name, missing, nested):
        y = x * factor + count
        if flag and name == "relu" and missing is None:
            y = y.relu()
        return y + nested[0] * nested[1]["k"]


def scalars():
    args = (torch.rand(3), 4, 0.5, True, "relu", None, (2, {"k": torch.rand(1), "n": None}))
    return export(Scalars(), args, strict=False)


def scalars_dynamic():
    """An int input with a symbol of its own."""
    args = (torch.rand(3), 4, 0.5, True, "relu", None, (2, {"k": torch.rand(1), "n": None}))
    shapes = ({0: Dim.DYNAMIC}, Dim.DYNAMIC, None, None, None, None, (None, {"k": None, "n": None}))
    return export(Scalars(), args, dynamic_shapes=shapes, strict=False)


class Long(torch.nn.Module):
    """A forward whose signature is long, with names that need escaping from one another."""

    def forward(self, first_argument_of_many, second_argument_of_many, *rest, **named):
        total = first_argument_of_many - second_argument_of_many
        for value in rest:
            total = total + value
        return total * named["a_rather_long_name_for_a_keyword"] - named["forward"], named["add"]


def long_forward():
    args = tuple(torch.rand(2, 3) for _ in range(40))
    named = {
        "a_rather_long_name_for_a_keyword": torch.rand(3),
        "forward": torch.rand(1),
        "add": torch.rand(1, 1),
    }
    return export(Long(), args, named, strict=False)


class Constants(torch.nn.Module):
    def forward(self, x):
        table = torch.tensor([[1.0, -2.0], [0.5, 4.0]])
        return x @ table + torch.tensor(3) + x.new_tensor([7.0]), torch.zeros(0, 2)


def constants():
    return export(Constants(), (torch.rand(3, 2),), strict=False)


class ReturnsInputs(torch.nn.Module):
    """Outputs that are an input, a parameter, a buffer, an input twice."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.rand(2))
        self.register_buffer("mean", torch.rand(2))

    def forward(self, x, unused):
        return x, x, self.weight, self.mean, x.size(0)


def returns_inputs():
    shapes = ({0: Dim.DYNAMIC}, {0: Dim.DYNAMIC})
    return export(
        ReturnsInputs(), (torch.rand(3, 2), torch.rand(5)), dynamic_shapes=shapes, strict=False
    )


class Inner(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList([torch.nn.Linear(3, 3), torch.nn.Linear(3, 3)])
        self.layers[1].bias = self.layers[0].bias

    def forward(self, x):
        for layer in self.layers:
            x = layer(x).relu()
        return x


def shared_bias():
    return export(Inner(), (torch.rand(2, 3),), strict=True)


PROGRAMS = {
    "outputs": outputs,
    "scalars": scalars,
    "scalars_dynamic": scalars_dynamic,
    "long_forward": long_forward,
    "constants": constants,
    "returns_inputs": returns_inputs,
    "shared_bias": shared_bias,
}
