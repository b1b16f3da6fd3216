"""Messages of a child to the harness: JSON lines, whatever strings torch and the cases give."""

from exportgate_worker import judge

# A message longer than this is no help to anybody, and a case could fill the record with it.
LONGEST_TEXT = 1 << 20


class Channel:
    def __init__(self, descriptor):
        self._descriptor = descriptor

    def send(self, message):
        """Writes one line. Raises OSError where the harness is gone."""
        rest = memoryview((judge.dumps(message, allow_nan=False) + "\n").encode("ascii"))
        while rest:
            rest = rest[judge.write(self._descriptor, rest) :]


def text(value):
    """`value` in sound UTF-8 (a lone surrogate becomes its escape), cut where it is endless."""
    sound = value.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(sound) <= LONGEST_TEXT:
        return sound
    return sound[:LONGEST_TEXT] + f"... ({len(sound)} characters)"
