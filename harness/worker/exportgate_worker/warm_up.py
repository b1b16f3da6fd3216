"""Exports one representative cell in the parent, so that children find everything imported."""

import json
import os
import sys
import traceback

from exportgate_worker import cell, checks

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "warm_up_case")


# The checks that export. All others do in strict mode what they do in nonstrict, which is warm when
# strict is warmed up.
EXPORTING = ("retrace",)


class NoChannel:
    """Nobody wants to hear how the warm-up goes."""

    def send(self, message):
        pass


def export_and_undo(mode, check_names):
    """A mode that cannot even export this is no reason to give up: its cells will say why."""
    with open(os.path.join(HERE, "declaration.json"), encoding="utf-8") as file:
        declared = json.load(file)
    request = {
        "cell": f"warm_up/plain/{mode}/named/p",
        "kind": "plain",
        "mode": mode,
        "dims": "named",
        "pair": "p",
        "case_directory": HERE,
        "case": declared,
    }
    names = check_names or [name for name, _ in checks.ALL]
    request["checks"] = [name for name in names if mode != "strict" or name in EXPORTING]
    try:
        observation = cell.observe(request, NoChannel(), 0.0, isolated=False)
        if "exported" not in observation:
            print(f"exportgate-worker: warm-up of {mode} is {observation}", file=sys.stderr)
        cell.forget_everything()
    except Exception:
        traceback.print_exc()
