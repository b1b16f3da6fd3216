"""A dim that a ShapesSpec asks for becomes a constant where another input is static. Silently.

Ready to be reported: "The documentation of `torch.export.export` says of a ShapesSpec: 'No silent
specialization. The exported graph is guaranteed valid for every assumption provided, otherwise
export fails.' Here `x` is asked for with a batch of 1 to 64 and `y` with none. The program takes a
batch of 3 only, and nothing was said. With `torch.export.Dim` the export fails:
'Constraints violated (batch)'."

Run as `python shapes_spec_specialises.py`: exit code 1 says that the export returns such a program.
"""

import torch
from torch.fx.experimental.dynamic_spec import ParamsSpec, ShapesSpec, ShapeVar, TensorSpec


class Model(torch.nn.Module):
    def forward(self, x, y):
        return x + y


print("torch", torch.__version__)
try:
    named = {"x": {0: torch.export.Dim("batch", min=1, max=64)}, "y": None}
    torch.export.export(Model(), (torch.ones(3, 5), torch.ones(3, 5)), dynamic_shapes=named)
except Exception as error:
    print("Dim says so:", str(error).partition("\n")[0])
batch = ShapeVar("batch", min=1, max=64)
spec = ShapesSpec(params=ParamsSpec({"x": TensorSpec([batch, None])}))
for strict in (False, True):
    inputs = torch.ones(3, 5), torch.ones(3, 5)
    try:
        program = torch.export.export(Model(), inputs, dynamic_shapes=spec, strict=strict)
    except Exception as error:
        print("strict" if strict else "nonstrict", "says so:", str(error).partition("\n")[0])
        continue
    x = next(node for node in program.graph.nodes if node.op == "placeholder")
    extent = x.meta["val"].shape[0]
    print("strict" if strict else "nonstrict", "exports, and the batch of x is", extent)
    assert not str(extent).isdigit(), f"the batch of x is the constant {extent}"
