"""`topk(x, min(4, length))` is rejected for a guard that is true of every length.

Ready to be reported: "torch.topk asks whether k fits into the dim. With k = min(4, length) the
guard is min(4, length) <= length, which holds for all lengths. Neither sympy nor the ranges decide
it, so the export of a named dim fails, strict and nonstrict: 'Not all values of length satisfy the
generated guard min(4, ...) <= ...'. Dim.AUTO and a dim with min=4 are exported, and right. Sparse
attention (DeepSeek V3.2) takes as many tokens. #164375 is about the same for min(a, b) == a."

Run as `python topk_of_at_most.py`: exit code 1 says that the export is rejected.
"""

import sys

import torch
from torch.export import Dim, export


class Model(torch.nn.Module):
    def forward(self, x):
        return torch.topk(x, torch.sym_min(4, x.shape[0]), dim=0).values


print("torch", torch.__version__)
for length in (1, 3, 4, 11):
    Model()(torch.ones(length, 3))  # every length is right in eager
for dim in (Dim("length", min=4, max=1024), Dim.AUTO):
    program = export(Model(), (torch.ones(5, 3),), dynamic_shapes=({0: dim},))
    assert program.module()(torch.ones(11, 3)).shape == (4, 3)
rejected = False
for strict in (False, True):
    try:
        length = Dim("length", min=1, max=1024)
        export(Model(), (torch.ones(5, 3),), dynamic_shapes=({0: length},), strict=strict)
    except Exception as error:
        rejected = True
        said = next(line for line in str(error).splitlines() if "Not all values" in line)
        print("strict:" if strict else "nonstrict:", said.strip())
sys.exit(rejected)
