"""The benchmarks of a plan: their names, and what each one calls."""

import fnmatch
import re

import _exportgate_bench
import torch
from exportgate_worker import errors

from exportgate_bench import operations
from exportgate_bench.operations import Unavailable
from exportgate_bench.subject import Size, Subject

__all__ = ["Listing", "Unavailable"]


class Listing:
    def __init__(self, plan):
        operations.import_cxx_pytree()  # before any class is registered, so that it sees each
        self._described = []
        self._makers = {}
        self._globs = plan.get("names", [])
        for planned in plan["cases"]:
            self._add_case(planned, plan["seed"])

    def described(self):
        return self._described

    def prepare(self, name, with_counters):
        """(callable, arguments, counters). Raises Unavailable."""
        if name not in self._makers:
            raise Unavailable("the plan has no benchmark of this name")
        return self._makers[name](with_counters)

    def _add_case(self, planned, seed):
        declared = planned["declaration"]
        sizes = [Size(layers) for layers in planned["layers"]] or [Size(None)]
        subjects, reasons = {}, {}
        too_old = _too_old(declared["first_torch"])
        for kind in declared["kinds"]:
            if too_old:
                reasons[kind] = too_old
                continue
            try:
                subjects[kind] = Subject(declared, planned["directory"], kind, sizes, seed)
            except errors.NotAvailable as missing:
                reasons[kind] = str(missing)
            except BaseException as error:  # SystemExit too: a case may raise anything
                reasons[kind] = errors.short_reason(error)
        for size in sizes:
            self._add_floor(declared, size, subjects, reasons)
        floors = len(self._described)
        for kind in declared["kinds"]:
            for operation, implementation in operations.ALL:
                for size in sizes:
                    self._add(
                        declared, kind, operation, implementation, size, subjects.get(kind), reasons
                    )
        self._remove_floors_of_nothing(declared["name"], floors)

    def _add_floor(self, declared, size, subjects, reasons):
        subject = next(iter(subjects.values()), None)
        leaves = subject.samples[size].leaves if subject else ()
        self._describe(
            f"{declared['name']}/floor/{_label(declared, size, leaves)}",
            leaves=len(leaves),
            operation="floor",
            kind="",
            implementation="",
            layers=size.layers or 0,
            reason="" if subject else next(iter(reasons.values())),
            maker=lambda with_counters: (
                _exportgate_bench.floor,
                (leaves,),
                {"leaves": len(leaves)},
            ),
        )

    def _add(self, declared, kind, operation, implementation, size, subject, reasons):
        leaves = subject.samples[size].leaves if subject else ()
        label = _label(declared, size, leaves)
        self._describe(
            f"{declared['name']}/{operation}/{kind}/{implementation}/{label}",
            leaves=len(leaves),
            operation=operation,
            kind=kind,
            implementation=implementation,
            layers=size.layers or 0,
            reason=reasons.get(kind, "") or operations.missing(implementation),
            maker=lambda with_counters: operations.prepare(
                operation, implementation, subject, size, with_counters
            ),
        )

    def _remove_floors_of_nothing(self, case, end):
        """Of floors that were not asked for, those stay that something is compared with."""
        used = {_label_of(one["name"]) for one in self._described[end:]}
        self._described = [
            one
            for i, one in enumerate(self._described)
            if i >= end
            or not one["name"].startswith(f"{case}/")
            or _label_of(one["name"]) in used
            or self._asked_for(one["name"])
        ]

    def _asked_for(self, name):
        return not self._globs or any(fnmatch.fnmatchcase(name, glob) for glob in self._globs)

    def _describe(self, name, maker, **description):
        if description["operation"] != "floor" and not self._asked_for(name):
            return
        self._described.append({"name": name, **description})
        if not description["reason"]:
            self._makers[name] = maker


def _label_of(name):
    return name.rpartition("/")[2]


def _label(declared, size, leaves):
    # Where no kind can be made, what its leaves would be is only what is declared.
    named = [leaf for leaf in declared["inputs"] if "." in leaf["name"] or "[" in leaf["name"]]
    return size.label(len(leaves) or len(named))


def _too_old(first_torch):
    if first_torch and _numbers(str(torch.__version__)) < _numbers(first_torch):
        return f"the case is declared for torch {first_torch} and later"
    return ""


def _numbers(version):
    return tuple(int(number) for number in re.findall(r"\d+", version.split("+")[0])[:3])
