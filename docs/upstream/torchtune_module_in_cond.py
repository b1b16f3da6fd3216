"""torch.cond in nonstrict export refuses a branch that makes an nn.Module; strict mode takes it.

Found with torchtune's cache "for torch.export" (`torchtune.modules._export`): its attention makes a
clone of the cache, an nn.Module, in each branch of `torch.cond`.

Ready to be reported: "In nonstrict export, `torch.cond` traces its branches with Dynamo. While
torch exports, functions of nn.Module are replaced by hooks (`register_buffer_assignment_hook` of
the exporter, `install_generation_tagging_init` of Dynamo). Dynamo refuses to trace these hooks
('Attempted to call function marked as skipped', UncapturedHigherOrderOpError). So a branch that
makes a module cannot be exported in nonstrict mode, although strict mode exports the very same
model. Outside of torch.cond both modes take a module that is made in forward."

Run as `python torchtune_module_in_cond.py`: exit code 1 says that nonstrict mode rejects it and
strict mode does not.
"""

import sys

import torch


class Doubled(torch.nn.Module):
    def __init__(self, x):
        super().__init__()
        self.register_buffer("doubled", x * 2, persistent=False)

    def forward(self, x):
        return x + self.doubled


class Model(torch.nn.Module):
    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda x: Doubled(x)(x), lambda x: x + 1, (x,))


def is_exported(strict):
    mode = "strict" if strict else "nonstrict"
    try:
        torch.export.export(Model(), (torch.ones(3),), strict=strict)
    except Exception as error:
        print(f"{torch.__version__} {mode}: {type(error).__name__}")
        return False
    print(f"{torch.__version__} {mode}: exported")
    return True


if __name__ == "__main__":
    strict, nonstrict = is_exported(strict=True), is_exported(strict=False)
    sys.exit(int(strict and not nonstrict))
