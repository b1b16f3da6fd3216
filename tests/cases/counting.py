"""What counts_in_a_helper_module counts with, in a module that has no class."""

CALLS = {"n": 0}


def count():
    CALLS["n"] += 1
