"""A collection in an environment: observed in portions, put together, looked at for flakes."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import child
import flakes
import kept
from messages import complain, say


@dataclass
class Unit:
    """A collection in the environment of a pair."""

    collection: object
    environment: object  # environments.Environment
    torch: object  # asked.Torch
    point: tuple
    folder: Path  # where its records are kept

    @property
    def label(self):
        return f"{self.environment.name}/{self.collection.name}"

    @property
    def record(self):
        return self.folder / f"{self.collection.name}.jsonl"

    @property
    def before(self):
        """The record that is being replaced, until what came was compared with it."""
        return self.folder / f"{self.collection.name}.before"

    @property
    def notes(self):
        """What was asked for, and which cells are flaky."""
        return self.folder / f"{self.collection.name}.json"

    def part(self, index, count):
        return self.folder / f"{self.collection.name}-{index}-of-{count}.jsonl"

    def all_parts(self):
        """(index, count, file) of all that lie there."""
        pattern = re.compile(re.escape(self.collection.name) + r"-(\d+)-of-(\d+)\.jsonl")
        found = [(pattern.fullmatch(each.name), each) for each in self.folder.glob("*.jsonl")]
        return [(int(name[1]), int(name[2]), file) for name, file in found if name]

    def read_notes(self):
        try:
            return json.loads(self.notes.read_text())
        except (OSError, ValueError):
            return {}

    def keep_notes(self, **changed):
        notes = {**self.read_notes(), **changed}
        kept.write(self.notes, json.dumps(notes, indent=1) + "\n")


class Observing:
    def __init__(self, asked, environments):
        self.asked = asked
        self.environments = environments

    def question(self, unit):
        """What, if it changes, makes the unit another one."""
        return {
            "python": unit.environment.python,
            "with": list(unit.environment.requirements),
            "arguments": self.asked.arguments,
        }

    def begin(self, unit, anew):
        """Before anything is made: what is outdated goes, what all shards observed is merged.
        `anew`: what is done is to be observed again."""
        unit.folder.mkdir(parents=True, exist_ok=True)
        question = self.question(unit)
        if unit.read_notes().get("asked", question) != question:
            for _, _, file in unit.all_parts():
                file.unlink()
        if anew and self.is_done(unit):
            if self.asked.is_sharded:
                for index, count in self.parts(unit):
                    unit.part(index, count).unlink(missing_ok=True)
            elif unit.record.exists():
                unit.record.rename(unit.before)
        self.merge_what_is_there(unit)

    def is_done(self, unit):
        if self.asked.is_sharded:
            return not self.missing_parts(unit)
        question = self.question(unit)
        return (
            unit.read_notes().get("asked") == question
            and not unit.before.exists()
            and kept.is_whole(unit.record, unit.collection.inputs)
        )

    def parts(self, unit):
        """(index, count) of the parts that are observed here."""
        shard, shards = self.asked.shard
        cells = len(unit.collection.cells)
        wanted = -(-cells // (shards * self.asked.portion))
        portions = max(1, min(wanted, cells // shards))
        return [(shard + shards * each, shards * portions) for each in range(portions)]

    def missing_parts(self, unit):
        inputs = unit.collection.inputs
        return [
            (index, count)
            for index, count in self.parts(unit)
            if not kept.is_whole(unit.part(index, count), inputs, f"{index}/{count}")
        ]

    def merge_what_is_there(self, unit):
        """Parts of this start or of other machines, where they are all there."""
        if self.asked.is_sharded:
            return
        counts = {count for _, count, _ in unit.all_parts()}
        for count in sorted(counts):
            files = [unit.part(index, count) for index in range(1, count + 1)]
            names = [f"{index}/{count}" for index in range(1, count + 1)]
            inputs = unit.collection.inputs
            if all(kept.is_whole(*each) for each in zip(files, [inputs] * count, names)):
                if self.merge(unit, files):
                    self.settle(unit, can_run=False)
                return

    def merge(self, unit, files):
        merged = unit.record.with_suffix(".merged")
        if child.run("merge", *files, "-o", merged, output=child.NOTHING) != 0:
            complain(f"{unit.label}: its parts are no record: remove {unit.folder} to begin anew")
            return False
        if unit.record.exists() and not unit.before.exists():
            unit.record.rename(unit.before)
        merged.rename(unit.record)
        unit.keep_notes(asked=self.question(unit))
        for _, _, file in unit.all_parts():
            file.unlink()
        return True

    def observe(self, unit):
        """In the unit's environment, which is there. False, and why was said, where that fails."""
        unit.keep_notes(asked=self.question(unit))
        earlier = unit.record if unit.record.exists() else None
        for index, count in self.missing_parts(unit):
            part = unit.part(index, count)
            if earlier and not part.exists():
                shutil.copyfile(earlier, part)  # what did not change since is taken from it
            if not self.run(unit, part, "--shard", f"{index}/{count}"):
                return False
        return self.asked.is_sharded or self.finish(unit)

    def run(self, unit, record, *arguments):
        """`exportgate run`. Its table goes to a file beside the record."""
        table = record.with_suffix(".txt")
        with open(table, "w") as output:
            code = child.run(
                *("run", *arguments, "--env", unit.environment.name, "--no-pending"),
                *("--environments", self.environments.root, "--record", record),
                *("--note", self.note(unit), *self.asked.arguments),
                folder=unit.collection.folder,
                output=output,
            )
        said = (table.read_text().splitlines() or [f"exit code {code}"])[-1]
        table.unlink()
        if kept.ends(record)[1].get("complete") is not True:
            complain(f"{unit.label} was not observed (exit code {code})")
            return False
        # Without what the goldens expect: here the records of two pairs are compared.
        say(f"{unit.label}{self._which_part(record)}: recorded {said.partition(': ')[0]}")
        return True

    @staticmethod
    def _which_part(record):
        number = re.search(r"-(\d+)-of-(\d+)\.jsonl$", record.name)
        return f", part {number[1]} of {number[2]}" if number and number[2] != "1" else ""

    def note(self, unit):
        named = " ".join(unit.point) or "what exportgate.toml says"
        return f"ci/corpus: {named}, on a CPU"

    def finish(self, unit):
        """One record of the parts, and what is flaky in it."""
        files = [unit.part(index, count) for index, count in self.parts(unit)]
        return self.merge(unit, files) and self.settle(unit, can_run=True)

    def settle(self, unit, can_run):
        """Compares the record with the one that was there. False where that is not done yet."""
        if not unit.before.exists():
            return True
        suspected = flakes.suspects(unit)
        if suspected is None:
            complain(f"{unit.label}: {unit.before} cannot be compared; remove it to go on without")
            return False
        if suspected and not can_run:
            return False
        found = flakes.look_a_third_time(unit, suspected, self.run) if suspected else {}
        if found is None:
            return False
        unit.keep_notes(flakes=flakes.still_known(unit, found))
        unit.before.unlink()
        return True
