"""What a thousand cells cost: wall time, memory of the worker's parents and of the harness, and
where the time goes.

    build/venv/bin/python tests/bench/many_cells.py [--layers 7] [--jobs 2] [--checks run] [--again]

It writes cases of 1 to `--layers` layers of three classes (lists of keys and of values, one flat
list, a list of layers), each in three kinds, two modes, four dims styles, at two pairs: 48 cells a
case, 1,008 with 7 layers. It runs them as any user would, watches the processes in /proc meanwhile,
and prints a Markdown table. With `--again` it runs them a second time unchanged, and a third time
after one line of one class was edited. Nothing of it is a test: the figures are those of the
machine and of what else it does.
"""

import argparse
import collections
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
INTERVAL_S = 0.1
CLASSES = ("lists", "flat", "nested")

CODE = """\
import torch
from exportgate_case import CacheBase
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree


class Cache(CacheBase):
    def __init__(self):
        super().__init__()
        self.layers = []  # (keys, values)


class Model(torch.nn.Module):
    def forward(self, x, cache):
        for n, (keys, values) in enumerate(cache.layers, 1):
            x = x + n * (keys - 2 * values).sum(2, keepdim=True)
        return x


def make_inputs(cache_class, leaves):
    cache = cache_class()
    names = [name for name in leaves if name != "x"]
    count = len(names) // 2
    keys = [name for name in names if "key" in name]
    values = [name for name in names if "value" in name]
    cache.layers = [[leaves[keys[i]], leaves[values[i]]] for i in range(count)]
    return leaves["x"], cache


def flatten_lists(cache):
    return [[k for k, _ in cache.layers], [v for _, v in cache.layers]], None


def unflatten_lists(children):
    return [list(pair) for pair in zip(*children)]


def flatten_flat(cache):
    return [state for layer in cache.layers for state in layer], None


def unflatten_flat(children):
    return [list(pair) for pair in zip(children[::2], children[1::2])]


def flatten_nested(cache):
    return [list(layer) for layer in cache.layers], None


def unflatten_nested(children):
    return [list(layer) for layer in children]


flatten, unflatten_layers = flatten_STYLE, unflatten_STYLE


def register(cache_class):
    def unflatten(children, _):
        cache = cache_class()
        cache.layers = unflatten_layers(children)
        return cache

    def flatten_with_keys(cache):
        children, context = flatten(cache)
        return [(pytree.SequenceKey(i), child) for i, child in enumerate(children)], context

    name = f"{cache_class.__module__}.{cache_class.__qualname__}"
    pytree.register_pytree_node(
        cache_class, flatten, unflatten, serialized_type_name=name,
        flatten_with_keys_fn=flatten_with_keys,
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: flatten(cache)[0])


def unregister(cache_class):
    fx_pytree.SUPPORTED_NODES.pop(cache_class)
    fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class)
    name = pytree.SUPPORTED_SERIALIZED_TYPES.pop(cache_class).serialized_type_name
    del pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE[name], pytree.SUPPORTED_NODES[cache_class]
"""

TOML = """\
class = "Cache"
kinds = ["plain", "module", "rebased"]

[inputs]
x = ["batch", 2, 7, 1]
LEAVES

[outputs]
y = ["batch", 2, 7, 6]

[dims]
batch = [1, 1024]
length = [1, 1024]

[pairs]
b3c5 = { batch = 3, length = 5 }
b4c11 = { batch = 4, length = 11 }
"""


def leaf_names(style, layers):
    keys = [f"cache.{i}.key" for i in range(layers)]
    values = [f"cache.{i}.value" for i in range(layers)]
    if style == "lists":
        return keys + values
    return [name for pair in zip(keys, values) for name in pair]


def write_cases(folder, most_layers):
    for style in CLASSES:
        for layers in range(1, most_layers + 1):
            case = folder / f"{style}_{layers}"
            case.mkdir(parents=True)
            (case / "case.py").write_text(CODE.replace("STYLE", style))
            leaves = "\n".join(
                f'"{name}" = ["batch", 2, "length", 6]' for name in leaf_names(style, layers)
            )
            (case / "case.toml").write_text(TOML.replace("LEAVES", leaves))


class Watched:
    """The harness and the processes below it, looked at again and again."""

    def __init__(self, pid):
        self._pid = pid
        self._looks = 0
        self.harness_cpu_s = 0.0
        self.most_harness_kib = 0
        self._seen = collections.Counter()  # pid -> looks
        self._most_kib = collections.Counter()

    def look(self):
        try:
            self.harness_cpu_s = cpu_s(self._pid)
            self.most_harness_kib = max(self.most_harness_kib, memory_kib(self._pid))
        except (OSError, IndexError):
            return  # it ended while it was looked at
        self._looks += 1
        for pid in descendants(self._pid):
            with contextlib.suppress(OSError, IndexError):
                self._most_kib[pid] = max(self._most_kib[pid], memory_kib(pid))
                self._seen[pid] += 1

    def parents_kib(self):
        """The most memory of each that lives as long as the run: the others live for one cell."""
        return sorted(
            (kib for pid, kib in self._most_kib.items() if self._seen[pid] > self._looks / 2),
            reverse=True,
        )


def descendants(pid):
    with contextlib.suppress(OSError):
        for child in children(pid):
            yield child
            yield from descendants(child)


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_kib(pid):
    """Resident memory, VmRSS: what a process shares with its children counts in full."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def stages_of(record):
    sums = collections.Counter()
    cells = 0
    for line in record.read_text().splitlines():
        observation = json.loads(line)
        if "cell" not in observation:
            continue
        cells += 1
        for stage, seconds in observation["timings_s"].items():
            if stage != "child":
                sums[stage] += seconds
    return cells, sums


def run_again(command, what):
    """A row of the table: a run that takes from the record what did not change."""
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    wall_s = time.monotonic() - started
    sentence = [line for line in done.stderr.splitlines() if " taken from the " in line]
    if done.returncode != 1 or not sentence:
        raise SystemExit(done.stdout + done.stderr)
    print(f"| {what} | {wall_s:.1f} s: {sentence[0].removeprefix('exportgate: ')} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--layers", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--checks", help="only these: fewer seconds a cell")
    parser.add_argument("--only", help="a glob on cell names: fewer cells")
    parser.add_argument("--again", action="store_true", help="also a second and a third run")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="exportgate-many-"))
    try:
        write_cases(folder / "cases", arguments.layers)
        record = folder / "record.jsonl"
        command = [SOURCE / "build/exportgate", "run", "--no-pending", "--jobs", arguments.jobs]
        command += ["--cases", folder / "cases", "--golden", folder / "golden", "--record", record]
        command += ["--checks", arguments.checks] if arguments.checks else []
        command += [arguments.only] if arguments.only else []
        command = [str(word) for word in command]
        started = time.monotonic()
        with open(folder / "out", "w") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out)
        watched = Watched(process.pid)
        while process.poll() is None:
            watched.look()
            time.sleep(INTERVAL_S)
        wall_s = time.monotonic() - started
        if process.returncode != 1:  # nothing is expected of these cells: every one is new
            raise SystemExit((folder / "out").read_text())
        cells, sums = stages_of(record)
        total = sums.pop("total")
        print(f"| {cells} cells, {arguments.jobs} jobs | |\n|---|---:|")
        print(f"| wall time | {wall_s:.0f} s, {wall_s / cells * 1000:.0f} ms a cell |")
        print(f"| processor time of the harness | {watched.harness_cpu_s:.1f} s |")
        print(f"| of the cells' time | {watched.harness_cpu_s / total:.2%} |")
        print(f"| memory of the harness | {watched.most_harness_kib / 1024:.0f} MiB |")
        parents = ", ".join(f"{kib / 1024:.0f}" for kib in watched.parents_kib())
        print(f"| of the worker's servers, strict, nonstrict, supervisor | {parents} MiB |")
        print(f"| time of the cells, in sum | {total:.0f} s |")
        for stage, seconds in sums.most_common():
            if seconds / total >= 0.005:
                print(f"| {stage} | {seconds / total:.1%} |")
        if arguments.again:
            run_again(command, "run again, nothing changed")
            with open(folder / "cases" / "flat_1" / "case.py", "a") as edited:
                edited.write("# edited\n")
            run_again(command, "run again, one class edited")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
