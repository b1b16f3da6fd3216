"""Saves one program, and prints it, with the torch of the Python that runs this.

In this folder, once for each release, so that no file holds where it was made:
python -c "exec(compile(open('make_archives.py').read(), 'make_archives.py', 'exec'))"

It writes archives/<release>.pt2 and archives/<release>.txt. The program has what releases spell in
different ways: parameters, buffers (one is written, one is not persistent), a constant, nested
graphs, results that nobody uses, lists, sizes, dtypes, inputs that are None or a number.

Of 2.6.0 also archives/2.6.0_<0, 4>.pt2: two buffers in one storage, of which the second begins at
that element. Up to 2.8 nothing else in a file says so.
"""

from pathlib import Path

import torch
from torch.export import Dim


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.arange(12.0).reshape(6, 2).t())
        self.register_buffer("calls", torch.zeros(1, dtype=torch.int64))
        self.register_buffer("mask", torch.ones(6, dtype=torch.bool), persistent=False)

    def forward(self, x, cache, n=3, scale=None):
        self.calls.add_(1)
        keys = torch.cat([cache["keys"], x], 1)
        lengths = torch.full((keys.shape[1],), 0.1)
        largest, _ = keys.max(2)
        left, _, right = keys.split(2, 2)
        offset = torch.tensor([1.5, float("inf")])
        y = torch.cond(
            lengths.sum() > 1,
            lambda left: left.sin() + self.weight.sum(),
            lambda left: -left,
            (left,),
        )
        y = (y + offset + right).masked_fill(~self.mask[:2], n)
        return {"y": y, "keys": keys.to(torch.float64), "rest": [largest, n]}


class Views(torch.nn.Module):
    def __init__(self, begins):
        super().__init__()
        storage = torch.zeros(8)
        self.register_buffer("kept", storage[:4])
        self.register_buffer("seen", storage[begins : begins + 4])

    def forward(self, x):
        self.kept.add_(x)
        return self.seen + x


def program(model):
    batch, length = Dim("batch", max=4), Dim("length", max=1024)
    inputs = (torch.rand(3, 1, 6), {"keys": torch.rand(3, 5, 6)}, 3, None)
    shapes = ({0: batch}, {"keys": {0: batch, 1: length}}, None, None)
    return torch.export.export(model, inputs, dynamic_shapes=shapes, strict=False)


if __name__ == "__main__":
    torch.manual_seed(0)
    name = torch.__version__.split("+")[0]
    ep = program(Model())
    torch.export.save(ep, f"archives/{name}.pt2")
    Path(f"archives/{name}.txt").write_text(str(ep))
    for begins in (0, 4) if name == "2.6.0" else ():
        views = torch.export.export(Views(begins), (torch.ones(4),), strict=False)
        torch.export.save(views, f"archives/{name}_{begins}.pt2")
