"""The check `run`: the exported program computes what the model computes, wherever it was asked to.

With two sets of values, neither of which the program was exported with: a value that was baked in
shows.
"""

from exportgate_worker import behaviour

REVISION = 2  # compares what a call leaves, too

ROUNDS = (1, 2)


def reasons_against(subject, exported):
    return behaviour.reasons_against(subject, exported.program, ROUNDS)
