"""How long a process waited for a processor.

On a busy machine the time of a check is over before the check had it.
"""

from os import getpgid, listdir

# A check that waited for more of its budget did not time out: it was not seen.
SHARE = 0.5


def seconds_since_start_of(pid):
    """Of `pid` and of those of its process group that started later, together.

    A check may wait for a process that another one forks for it. Where the kernel does not say,
    nobody waited: then only the clock counts.
    """
    try:
        group, started = getpgid(pid), _ticks_at_start(pid)
    except (OSError, ValueError, IndexError):
        return 0.0
    waited = 0
    for name in listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if getpgid(int(name)) == group and _ticks_at_start(name) >= started:
                waited += _waited_ns(name)
        except (OSError, ValueError, IndexError):
            continue  # it ended
    return waited / 1e9


def _ticks_at_start(pid):
    """Since the machine started (proc(5): the 22nd field of stat)."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return int(file.read().rpartition(")")[2].split()[19])


def _waited_ns(pid):
    """The second number of schedstat: how long it could have run, and did not."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[1])
