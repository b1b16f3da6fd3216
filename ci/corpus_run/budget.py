"""How much of the disk the environments take, and whether that is still allowed."""

import os
import re
import shutil
import time

from messages import bytes_text

# What stays free for records, and for everybody else on that disk.
RESERVE = 10**9
# A line of pip: "  Downloading torch-2.10.0-cp311-cp311-manylinux_2_28_x86_64.whl (899.8 MB)"
DOWNLOADING = re.compile(r"Downloading (?:\S*/)?([^\s/]+) \(([\d.]+) ([kMG]?B)\)")
UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}


def size_of(folder):
    """Bytes on the disk. What goes while it is counted does not count."""
    total = 0
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return 0
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                total += size_of(entry.path)
            else:
                total += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue
    return total


def largest_download(log):
    """(name, bytes) of the largest file that pip says it fetches; ("", 0) where it says none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", 0
    found = [(float(size) * UNITS[unit], name) for name, size, unit in DOWNLOADING.findall(text)]
    size, name = max(found, default=(0, ""))
    return name, int(size)


class Budget:
    """Of `folders`, which are on one disk."""

    def __init__(self, asked_bytes, folders):
        self.asked = asked_bytes
        self.folders = folders
        self.peak = 0
        self._last = 0
        self._look_at = 0.0  # not before that time

    def taken(self):
        begun = time.monotonic()
        self._last = sum(size_of(folder) for folder in self.folders)
        self.peak = max(self.peak, self._last)
        # A torch has 20,000 files: counting them takes a twentieth of the time at most.
        ended = time.monotonic()
        self._look_at = ended + 20 * (ended - begun)
        return self._last

    def taken_lately(self):
        """As far as it was counted a moment ago."""
        return self._last if time.monotonic() < self._look_at else self.taken()

    def allowed(self, taken):
        """No more than was asked for, nor than the disk has."""
        free = shutil.disk_usage(self.folders[0]).free
        return max(0, min(self.asked, taken + free - RESERVE))

    def excess(self, log, taken):
        """Why what is being made is too large; "" while it is not."""
        allowed = self.allowed(taken)
        name, size = largest_download(log)
        if taken <= allowed and size <= allowed:
            return ""
        what = f"environments take {bytes_text(taken)}"
        if size > allowed:
            what += f", and pip fetches {name} of {bytes_text(size)}"
        return f"{what}; {self.limit(allowed)}" + (
            f"; the largest wheel is {name}, {bytes_text(size)}" if 0 < size <= allowed else ""
        )

    def limit(self, allowed):
        if allowed == self.asked:
            return f"--disk allows {bytes_text(self.asked)}"
        return (
            f"the disk of {self.folders[0].parent} has room for {bytes_text(allowed)} of the "
            f"{bytes_text(self.asked)} that --disk allows"
        )
