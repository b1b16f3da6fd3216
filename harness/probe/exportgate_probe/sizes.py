"""Which numbers follow the batch and the length: seen at several sizes, not guessed."""

from dataclasses import dataclass

HEADS = 2
HEAD_DIM = 4
EXPORTED = (3, 5)  # (batch, length); the cell is exported at these
OTHER = (4, 11)
SAMPLES = (EXPORTED, (4, 5), (3, 11), OTHER)  # four, for the four numbers of Rule
PROOF = (5, 7)
# From which to which one is declared: the widest that can be made.
SEEN = {"batch": (3, 4, 5), "length": (5, 7, 11)}
LOWEST = {"batch": (1, 2, 3), "length": (1, 2, 3, 5)}
HIGHEST = {"batch": (64, 16, 8, 5), "length": (4096, 1024, 256, 64, 16, 11)}


@dataclass(frozen=True)
class Rule:
    """constant + batch * `batch` + length * `length` + both * `batch` * `length`."""

    constant: int
    batch: int = 0
    length: int = 0
    both: int = 0

    @classmethod
    def of(cls, values):
        """`values` at SAMPLES and at PROOF; None where no such rule gives them."""
        a, b, c, d, proof = values
        (b0, l0), (b1, _), (_, l1), _ = SAMPLES
        both, rest = divmod(d - b - c + a, (b1 - b0) * (l1 - l0))
        by_batch, rest_b = divmod(b - a, b1 - b0)
        by_length, rest_l = divmod(c - a, l1 - l0)
        if rest or rest_b or rest_l:
            return None
        batch, length = by_batch - both * l0, by_length - both * b0
        rule = cls(a - batch * b0 - length * l0 - both * b0 * l0, batch, length, both)
        return rule if rule.at(*PROOF) == proof else None

    def at(self, batch, length):
        return (
            self.constant + self.batch * batch + self.length * length + self.both * batch * length
        )

    @property
    def is_constant(self):
        return not (self.batch or self.length or self.both)

    @property
    def follows_length(self):
        return bool(self.length or self.both)

    @property
    def follows_batch(self):
        return bool(self.batch or self.both)

    def text(self):
        """As case.toml has it: 4, "length", "2*length + 1"."""
        if self.is_constant:
            return str(self.constant)
        text = ""
        for factor, name in (
            (self.both, "batch*length"),
            (self.batch, "batch"),
            (self.length, "length"),
            (self.constant, ""),
        ):
            if not factor:
                continue
            sign = (" - " if text else "-") if factor < 0 else (" + " if text else "")
            size = abs(factor)
            text += sign + (name if name and size == 1 else f"{size}*{name}" if name else str(size))
        return f'"{text}"'

    def length_from(self, extent):
        """The length for which the rule gives `extent`, both as text. `batch` is known."""
        text = _plus(extent, -self.constant)
        if self.batch:
            text = f"{text} - {self.batch} * batch"
        factor = str(self.length) if self.length else ""
        if self.both:
            times = f"{self.both} * batch" if self.both != 1 else "batch"
            factor = f"({factor} + {times})" if factor else f"({times})"
        if factor in ("1", ""):
            return text
        return f"({text}) // {factor}" if " " in text else f"{text} // {factor}"


def _plus(text, number):
    return text if not number else f"{text} {'+' if number > 0 else '-'} {abs(number)}"
