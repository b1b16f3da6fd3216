"""See ci/corpus."""

import fcntl
import hashlib
import os
import re
import signal
import sys
from pathlib import Path

import asked as command_line
import child
import kept
import verdicts
from asked import Torch
from collection import requirements
from environments import Environment, Environments
from messages import complain, counted, say, stop
from observing import Observing, Unit

LONGEST_NAME = 64  # of an environment


def name_of(*words):
    name = re.sub(r"[^A-Za-z0-9._+-]+", "-", "-".join(words)).strip("-.")
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def environment_of(asked, torch, point, collection):
    """Collections that need the same share one."""
    wanted = requirements(collection, point)
    about = [each.replace("==", "-") for each in point]
    if wanted != point or not point:
        about.append(collection.name)
    base = None
    if not torch.python and len(asked.points) > 1:
        base = Environment(name_of("torch", torch.name), torch=torch.name, folder=asked.state)
    return Environment(
        name_of(*about, "torch", torch.name),
        torch="" if torch.python or base else torch.name,
        python=torch.python,
        requirements=wanted,
        alone=collection.alone,
        cases=collection.cases,
        folder=collection.folder,
        base=base,
    )


def units_of(asked):
    """In the order in which they are observed: by torch, then by environment."""
    units = []
    for torch in asked.torches:
        for point in asked.points:
            for collection in asked.collections:
                environment = environment_of(asked, torch, point, collection)
                folder = asked.state / "records" / environment.name
                units.append(Unit(collection, environment, torch, point, folder))
    return sorted(units, key=lambda unit: (asked.torches.index(unit.torch), unit.environment.name))


def observe_all(asked, environments):
    """Makes what is missing. Returns the units of which there is no record."""
    observing = Observing(asked, environments)
    units = units_of(asked)
    anew = asked.fresh and not any(unit.before.exists() for unit in units)
    for unit in units:
        observing.begin(unit, anew)
    pending = [unit for unit in units if not observing.is_done(unit)]
    for unit in units:
        if unit not in pending:
            say(f"{unit.label} is recorded")
    environments.tidy(kept=names_of(pending))
    failed = []
    while pending:
        at_hand = [each for each in pending if each.environment.name == pending[0].environment.name]
        environment = at_hand[0].environment
        pending = [unit for unit in pending if unit not in at_hand]
        is_made = environments.make(environment)
        failed += [unit for unit in at_hand if not is_made or not observing.observe(unit)]
        if is_made:
            environments.remove(environment.name)
        if environment.base and environment.base.name not in names_of(pending):
            environments.remove_if_there(environment.base.name)
    return units, failed


def names_of(units):
    names = {unit.environment.name for unit in units}
    return names | {unit.environment.base.name for unit in units if unit.environment.base}


def is_misfiled(unit):
    """A record of another torch than the one whose name it has."""
    torch = kept.ends(unit.record)[0].get("environment", {}).get("torch", "")
    if not unit.torch.is_release or torch == unit.torch.name.split("+")[0]:
        return False
    complain(
        f"{unit.label} has torch {torch}: give {unit.torch.python} another name than "
        f"{unit.torch.name}, and remove {unit.folder}"
    )
    return True


def baseline_unit(asked, unit, units):
    """The unit that this one is compared with; None where it is the baseline itself."""
    for other in units:
        if other.collection is not unit.collection or other is unit:
            continue
        if isinstance(asked.baseline, Torch):
            if (other.torch, other.point) == (asked.baseline, unit.point):
                return other
        elif (other.torch, other.point) == (unit.torch, asked.baseline):
            return other
    return None


def called(unit, asked):
    named = " ".join(unit.point) or unit.collection.name
    return f"{named}, torch {unit.torch.name}"


def judge(asked, units, failed):
    """Prints what became worse; the exit code."""
    worst = 0
    for unit in units:
        if asked.baseline is None or unit in failed:
            continue
        notes = unit.read_notes().get("flakes", {})
        if isinstance(asked.baseline, Path):
            before = asked.baseline.name, asked.baseline
        else:
            other = baseline_unit(asked, unit, units)
            if other is None or other in failed:
                continue
            before = called(other, asked), other.record
            notes = {**other.read_notes().get("flakes", {}), **notes}
        made = verdicts.compare(before, (called(unit, asked), unit.record), unit, notes)
        print("\n".join(verdicts.text_of(made)), flush=True)
        worst = max(worst, made.exit_code)
    return worst


def keep_recordings(units):
    """What exportgate.toml says as recordings/<release>.jsonl. Goldens are not of other versions:
    their records have names of their own, in recordings/versions."""
    for unit in units:
        folder, words = unit.collection.folder / "recordings", [unit.torch.name]
        if unit.environment.requirements != unit.collection.declared:
            folder, words = folder / "versions", [unit.torch.name, *unit.point]
        file = folder / f"{name_of(*words)}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        kept.write(file, kept.stripped(unit.record))
        say(f"{file} is kept")


def run(asked):
    environments = Environments(asked.state, asked.disk)
    units, failed = observe_all(asked, environments)
    if asked.is_sharded:
        done = len(units) - len(failed)
        say(f"shard {asked.shard[0]}/{asked.shard[1]}: {done} of {counted(len(units), 'record')}")
        return 2 if failed else 0
    failed += [unit for unit in units if unit not in failed and is_misfiled(unit)]
    if asked.keep_recordings:
        keep_recordings([unit for unit in units if unit not in failed])
    worst = judge(asked, units, failed)
    if failed:
        complain("not recorded: " + ", ".join(unit.label for unit in failed))
    return 2 if failed else worst


def lock(state):
    """Until this process and all its children have ended."""
    state.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(descriptor, 32).decode().strip()
        if not holder.isdigit() or is_alive(int(holder)):
            stop(f"another ci/corpus works in {state} (process {holder or 'unknown'}): wait for it")
        say(f"waiting for what an earlier one, which was killed, has started in {state}")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    child.locks.append(descriptor)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main():
    signal.signal(signal.SIGTERM, child.end_by_signal)
    signal.signal(signal.SIGINT, child.end_by_signal)
    try:
        asked = command_line.read(sys.argv[1:])
        lock(asked.state)
        return run(asked)
    except child.Interrupted:
        complain("interrupted; started again, it goes on from here")
        return 130


if __name__ == "__main__":
    sys.exit(main())
