"""torch.export drops what a model writes into a list or a dict that is an argument.

Found with mambapy (`Mamba.step` does `caches[i] = ...`), torchscale and fairseq
(`incremental_state["prev_key"] = ...`) and diffusers (Wan's `feat_cache[i] = ...`): a decode loop
that keeps the list has the new states after an eager call, and the old ones after each call of the
program. Neither mode says a word. pytorch#147213 is about strict mode rejecting a dict that gets a
*new* key; here no key is new.

Ready to be reported: "A model that replaces an element of a list argument (or of a dict argument)
exports in both modes, and the exported program leaves the caller's list as it was, while eager
replaces the element. In-place writes into a *tensor* argument are kept (USER_INPUT_MUTATION);
replacing the tensor in its container is silently lost. We expect either an error at export, as for
attribute assignment, or the write to be kept."

Run as `python mambapy_list_argument.py`: exit code 1 says that the write is lost.
"""

import sys

import torch


class Step(torch.nn.Module):
    def forward(self, x, states):
        states[0] = states[0] + x
        return states[0] * 2


class StepOfDict(torch.nn.Module):
    def forward(self, x, states):
        states["key"] = states["key"] + x
        return states["key"] * 2


def lost(model, make_states, read, strict):
    """Whether the caller has another state after a call of the program than after an eager one."""
    x = torch.ones(3)
    eager, called = make_states(), make_states()
    model(x, eager)
    program = torch.export.export(model, (x, make_states()), strict=strict)
    program.module()(x, called)
    return not torch.equal(read(eager), read(called))


def main():
    found = False
    for name, model, make_states, read in (
        ("list", Step(), lambda: [torch.ones(3)], lambda states: states[0]),
        ("dict", StepOfDict(), lambda: {"key": torch.ones(3)}, lambda states: states["key"]),
    ):
        for strict in (False, True):
            mode = "strict" if strict else "nonstrict"
            try:
                dropped = lost(model, make_states, read, strict)
            except Exception as error:  # a rejection is no silent loss
                print(f"{torch.__version__} {mode}, {name}: {type(error).__name__}")
                continue
            print(f"{torch.__version__} {mode}, {name}: {'lost' if dropped else 'kept'}")
            found = found or dropped
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
