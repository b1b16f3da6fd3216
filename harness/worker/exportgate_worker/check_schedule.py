"""Which checks of an exported program are carried out, in which process, one after the other."""

import shutil
import tempfile

from exportgate_worker import check_process, checks, registries


def _together():
    """Names of checks that share a process, in the order in which they run there.

    What one of them leaves there is nothing that the next one looks at; all of it is gone with the
    process, before any other check. `registry` unregisters the class, so it comes last. Decomposing
    takes rules of operators away that tracing looks for, so `retrace` comes before it. Saving reads
    the program, and what is loaded is loaded elsewhere.
    """
    cheap = ["constants", "model", "pytree", "registry"]
    if registries.has_optree():  # torch registers with it when `pytree` imports it
        cheap.remove("pytree")
    return [cheap, ["save_load", "retrace", "decompose"]]


def carried_out(names, subject, exported, stages, isolated):
    """Name -> Result of the checks `names`, in that order but for those that share a process.

    `isolated`: in processes of their own; otherwise here. Each stage is announced when it begins.
    """
    results = {}
    for name in names:
        if name in results:
            continue
        results |= _first_of(names, name, subject, exported, stages, isolated)
        if name == "run":
            exported.run_reasons = results[name].reasons
        for later, reasons in results[name].for_checks.items():
            exported.found_for.setdefault(later, []).extend(reasons)
    return results


def _first_of(names, name, subject, exported, stages, isolated):
    """Name -> Result of the check `name`, and of those that share its process."""

    def begin(name):
        stages.begin(f"check:{name}")

    def check(name):
        return lambda: checks.carry_out(name, subject, exported)

    together = next((group for group in _together() if name in group), [name])
    together = [one for one in together if one in names]
    if isolated and len(together) > 1:
        every = [(one, check(one)) for one in together]
        return check_process.in_one_process(every, exported.budget_s, begin)
    begin(name)
    known = checks.not_applicable(name, subject, exported)
    if known is not None:
        return {name: known}
    if not isolated:
        return {name: check(name)()}
    if name not in checks.CONSUMERS:
        return {name: check_process.in_its_own_process(check(name), exported.budget_s)}
    exported.folder = tempfile.mkdtemp(prefix="exportgate-", dir=exported.run_folder or None)
    try:  # here, and not in the check, which may be killed
        return {name: check_process.in_its_own_process(check(name), exported.consumer_budget_s)}
    finally:
        shutil.rmtree(exported.folder, ignore_errors=True)
