"""What a model and its program are called with: a round is a set of values, and how they are laid
out.

A number alone is a round too, of random values. Values depend on nothing but the record's seed,
the names of leaf and pair, and the round.
"""

from dataclasses import dataclass

# Round 0 is what a cell is exported with; the checks use later rounds, so that a value that was
# baked into the program shows.
EXPORT_ROUND = 0
RANDOM = (1, 2)
EDGES_ROUND = 3
LAYOUT_ROUND = 4
DISTINCT_ROUND = 5
EXTENTS_ROUND = 6
FIRST_OF_A_ROW = 11
FIRST_OF_A_LOOP = 31


@dataclass(frozen=True)
class Round:
    number: int
    edges: str = ""  # a kind that edge_values.kinds_of names
    layout: str = ""  # a name of layouts.ALL


def of(number_or_round):
    if isinstance(number_or_round, Round):
        return number_or_round
    return Round(number_or_round)


def switched_off(case, name):
    """Why the case does without the rounds of this name; "" where it does not say so."""
    return getattr(case, "rounds", {}).get(name, "")
