"""Every check is shown failing on a planted defect: the cases of tests/cases, run on real torch.

None of them may end as exported with every check passed, in any kind and mode. What each test says
is what finds the defect; another check may fail too.

Each case is run in nonstrict mode, as one of its kinds, and strict where a test says what strict
mode does or where nothing may be found. The checks are those that its tests name. `ci/test --all`
takes every kind in every mode with every check, which is many times as much. It shows that a check
is as strong in the other cells, and what the other checks make of the defect.

EXPORTGATE_TEST_CASES names cases, with commas between: they alone are run. Then `-k` has to name
tests of theirs.
"""

import collections
import fnmatch
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

from planted_defect_checks import checks_that_are_named
from planted_defects_at_edges import DefectsAtEdges
from planted_defects_of_calls import DefectsOfCalls
from planted_defects_of_kept_objects import DefectsOfKeptObjects
from planted_defects_of_leftovers import NOTED, DefectsOfLeftovers
from planted_defects_of_steps import DefectsOfSteps
from support import EXPORTGATE, JOBS, SOURCE

CASES = SOURCE / "tests" / "cases"
MODES = {"strict", "nonstrict"}
EVERY_CELL = "EXPORTGATE_TEST_ALL" in os.environ
ONLY = os.environ.get("EXPORTGATE_TEST_CASES", "").split(",")
SOUND = (
    "without_a_defect",
    "decodes_without_a_defect",
    "decodes_with_a_sink",
    "decodes_with_int8",
    "decodes_with_pages",
    "decodes_with_two_caches",
    "draws_random_numbers",
    "decides_in_a_tensor",
    "is_declared_where_it_goes_one_way",
    "attends_in_bfloat16",
    "attends_in_float16",
    "attends_in_float8",
    "keeps_a_module_beside_the_model",
    "counts_in_an_installed_package",
    "context_has_the_length",
    "has_buffers_of_every_kind",
    "keeps_strange_things",
)
# Strange, and right all the same: these must not fail of what they are strange in.
STRANGE = {
    "attends_under_autocast",
    "branches_in_the_export_only",
    "counts_the_caches_that_live",
    "dies_of_nan",
    "is_another_in_its_first_call",
    "keeps_a_bias_of_the_last_length",
    "knows_when_it_was_made",
    "refuses_by_a_runtime_assertion",
}
# Strict mode traces the code that does it, and does not run it.
NONSTRICT_ONLY = {
    "leaves_is_compiling_patched_by_the_export",
    "leaves_layer_norm_patched_by_the_export",
    "leaves_a_global_otherwise_after_the_export",
    "leaves_a_submodule_swapped_by_the_export",
    "leaves_its_class_patched_by_the_export",
    "leaves_torch_patched_by_the_export",
}
# Whose tests say what strict mode does, and those in which strict mode must find nothing.
STRICT_TOO = {
    "bakes_in_a_cache_tensor",
    "swapped_keys_and_values_as_declared",
    "unflatten_another_class",
    "unflatten_clones",
} | set(SOUND)
# Whose tests say what each kind does.
BOTH_KINDS = {"unflatten_another_class"}
DECLARED_OTHERWISE = (
    r"has other values, those of cache\.\w+\[0\]: is this the order of the flatten function"
)
SPECIALIZED = r"Constraints violated \(batch\)"


def kind_of(case):
    """The one that is run: half of the cases are plain, whatever cases come and go."""
    return ("plain", "module")[zlib.crc32(case.encode()) % 2]


def cells_of(case):
    """Globs of the cells of a case that are run."""
    if EVERY_CELL or case in STRANGE:  # some of those have cells of one kind or mode only
        return [f"{case}/*"]
    kinds = ("plain", "module") if case in BOTH_KINDS else (kind_of(case),)
    modes = ("nonstrict", "strict") if case in STRICT_TOO else ("nonstrict",)
    return [f"{case}/{kind}/{mode}/*" for kind in kinds for mode in modes]


def observed(folder, cases, checks):
    """Cell -> what was observed of it: the checks (all, if none are named), and the message of a
    rejection."""
    folder.mkdir()
    report, record = folder / "report.json", folder / "record.jsonl"
    run = [EXPORTGATE, "run", "--no-pending", "--cases", CASES, "--golden", folder / "golden"]
    run += ["--environments", EXPORTGATE.parent / "environments"]
    run += ["--checks", ",".join(checks)] if checks else []
    run += ["--jobs", JOBS]
    run += ["--json", report, "--record", record]
    finished = subprocess.run(
        [*map(str, run), *(cell for case in sorted(cases) for cell in cells_of(case))],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if not report.exists():
        raise AssertionError(finished.stdout + finished.stderr)
    cells = {cell["name"]: cell["observed"] for cell in json.loads(report.read_text())["cells"]}
    for line in record.read_text().splitlines():
        observation = json.loads(line)
        if "rejected" in observation:
            cells[observation["cell"]]["rejected"] = observation["rejected"]
    return cells


class OfAllCases:
    def test_no_defect_passes_every_check_in_any_cell(self):
        cases = {path.parent.name for path in CASES.glob("*/case.toml")}
        self.assertEqual({name.split("/")[0] for name in self.cells}, cases)
        for name, cell in self.cells.items():
            kind_and_mode = name.split("/")[1:3]
            self.assertIn(kind_and_mode[0], ("plain", "module"))
            if name.split("/")[0] not in STRANGE | set(SOUND) | set(NOTED):
                self.assertIn(cell["status"], ("exported", "rejected"), name)
                self.assertTrue(cell["status"] == "rejected" or self.failures(cell), (name, cell))

    def test_every_defect_is_in_both_kinds_and_both_modes(self):
        """In those that are run; each kind has its share of the cases."""
        kinds = set()
        for case in CASES.glob("*/case.toml"):
            name = case.parent.name
            if name in STRANGE:
                continue
            modes = MODES - ({"strict"} if name in NONSTRICT_ONLY else set())
            wanted = [(kind, mode) for kind in ("plain", "module") for mode in modes]
            if not EVERY_CELL:
                wanted = [(kind_of(name), "nonstrict")]
                if name in STRICT_TOO:
                    wanted.append((kind_of(name), "strict"))
            for kind, mode in wanted:
                self.matching(f"{name}/{kind}/{mode}/*")
                kinds.add(kind)
        self.assertEqual(kinds, {"plain", "module"})

    def test_every_defect_has_a_test_that_says_what_finds_it(self):
        folder = Path(__file__).parent
        tests = "".join(file.read_text() for file in folder.glob("planted_defect*.py"))
        for case in CASES.glob("*/case.toml"):
            self.assertRegex(tests, f'"{case.parent.name}["/]', "is in no test")

    def test_what_the_defects_are_planted_into_passes_every_check(self):
        for sound in SOUND:
            for name, cell in self.matching(f"{sound}/*"):
                self.assertEqual(cell["status"], "exported", name)
                statuses = {check["status"] for check in cell["checks"]}
                # Only a `Dim` with a range has ends that `bounds` can try.
                has_ends = "/named/" in name
                self.assertEqual(statuses, {"pass"} if has_ends else {"pass", "n/a"}, (name, cell))


class PlantedDefectCases(
    OfAllCases,
    DefectsAtEdges,
    DefectsOfCalls,
    DefectsOfLeftovers,
    DefectsOfKeptObjects,
    DefectsOfSteps,
    unittest.TestCase,
):
    @classmethod
    def setUpClass(cls):
        folder = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cases = {path.parent.name for path in CASES.glob("*/case.toml")}
        if ONLY != [""]:
            cases &= {*ONLY, "without_a_defect"}
        named = {} if EVERY_CELL else checks_that_are_named(cls, vars(OfAllCases))
        together = collections.defaultdict(set)  # checks -> cases, which are one run
        for case in cases:
            together[tuple(sorted(named.get(case, ())))].add(case)
        cls.cells = {}
        for number, (checks, those) in enumerate(together.items()):
            cls.cells |= observed(folder / str(number), those, checks)

    def matching(self, pattern):
        cells = {name: cell for name, cell in self.cells.items() if fnmatch.fnmatch(name, pattern)}
        self.assertTrue(cells, f"no cell matches {pattern}")
        return cells.items()

    def failures(self, cell):
        return {c["name"]: c["reasons"] for c in cell.get("checks", []) if c["status"] == "fail"}

    def assert_fails(self, pattern, check, reason):
        """Each of the cells is exported, and fails `check` with a reason that holds `reason`."""
        for name, cell in self.matching(pattern):
            self.assertEqual(cell["status"], "exported", name)
            found = self.failures(cell).get(check, [])
            self.assertTrue(any(re.search(reason, one) for one in found), (name, check, cell))

    def assert_passes(self, pattern, *names):
        for name, cell in self.matching(pattern):
            self.assertEqual(cell["status"], "exported", name)
            statuses = {check["name"]: check["status"] for check in cell["checks"]}
            self.assertEqual({statuses[one] for one in names}, {"pass"}, (name, cell))

    def assert_rejected(self, pattern, stage, message):
        for name, cell in self.matching(pattern):
            self.assertEqual(cell["status"], "rejected", name)
            self.assertEqual(cell["rejected"]["stage"], stage, name)
            self.assertRegex(cell["rejected"]["message"], message, name)

    # flatten and unflatten

    def test_unflatten_that_clones(self):
        self.assert_fails("unflatten_clones/*/nonstrict/*", "pytree", "leaf identity is lost")
        self.assert_rejected("unflatten_clones/*/strict/*", "export", SPECIALIZED)

    def test_unflatten_that_makes_another_class(self):
        # torch maps over the inputs before it looks at them, so from 2.8 on it finds the other one.
        self.assert_rejected(
            "unflatten_another_class/*/named/*", "export", "Cannot associate shape .*OtherCache"
        )
        self.assert_rejected("unflatten_another_class/plain/*/static/*", "export", "OtherCache")
        self.assert_rejected("unflatten_another_class/*/strict/static/*", "export", "OtherCache")
        # Nonstrict takes an nn.Module that is not registered for a constant.
        exported = "unflatten_another_class/module/nonstrict/static/*"
        self.assert_fails(exported, "pytree", "unflatten returns an OtherCache, not a LayeredCache")
        self.assert_fails(exported, "constants", r"cache.key_cache\[0\] is baked in")

    def test_unflatten_that_swaps_keys_and_values(self):
        self.assert_fails(
            "unflatten_swaps_keys_and_values/*", "pytree", r"attribute key_cache\[0\]: another"
        )
        self.assert_fails(
            "unflatten_swaps_keys_and_values/*/nonstrict/*", "run", "differs from eager"
        )

    def test_unflatten_that_fills_one_object_again_and_again(self):
        self.assert_fails(
            "unflatten_returns_an_earlier_cache/*", "pytree", "an object that was there before"
        )

    def test_flatten_that_swaps_keys_and_values(self):
        self.assert_rejected("swapped_keys_and_values/*", "register", DECLARED_OTHERWISE)

    def test_flatten_that_swaps_keys_and_values_where_the_declaration_follows_it(self):
        self.assert_fails(
            "swapped_keys_and_values_as_declared/*", "pytree", r"attribute key_cache\[0\]: another"
        )
        self.assert_fails(
            "swapped_keys_and_values_as_declared/*/nonstrict/*", "run", "differs from eager"
        )
        # Strict mode traces the cache itself; run_decompositions unflattens and flattens again.
        self.assert_fails(
            "swapped_keys_and_values_as_declared/*/strict/*", "decompose", "differs from eager"
        )

    def test_flatten_that_swaps_keys_and_values_in_a_model_that_adds_them(self):
        self.assert_fails(
            "swapped_keys_and_values_that_are_added/*", "pytree", r"attribute key_cache\[0\]: ano"
        )

    def test_flatten_that_drops_a_layer(self):
        self.assert_rejected("flatten_drops_a_layer/*", "register", DECLARED_OTHERWISE)

    def test_flatten_that_drops_a_layer_that_is_not_declared_either(self):
        self.assert_fails(
            "flatten_drops_a_layer_as_declared/*", "pytree", "key_cache: 2 elements before, 1 after"
        )
        self.assert_fails("flatten_drops_a_layer_as_declared/*", "run", "differs from eager")

    def test_flatten_that_loses_an_attribute(self):
        self.assert_fails(
            "flatten_loses_an_attribute/*", "pytree", "attribute scale: 0.5 before, 1.0 after"
        )
        self.assert_fails("flatten_loses_an_attribute/*", "run", "differs from eager")

    def test_context_that_is_equal_to_itself_only(self):
        self.assert_fails("context_not_comparable/*", "pytree", "the contexts are not equal")
        self.assert_fails("context_not_comparable/*", "run", "raises ValueError: Trying to flatten")

    def test_context_that_holds_a_tensor(self):
        self.assert_fails("context_holds_a_tensor/*", "pytree", "Boolean value of Tensor")
        self.assert_fails("context_holds_a_tensor/*", "save_load", "Unable to serialize context")

    def test_keys_that_name_other_leaves(self):
        self.assert_fails(
            "keys_name_other_leaves/*", "pytree", r"key_cache\[0\] is \[1\]\['value_cache'\]"
        )

    def test_keys_that_come_in_another_order(self):
        self.assert_fails(
            "keys_come_in_another_order/*", "pytree", r"key_cache\[0\] is \[1\]\['value_cache'\]"
        )

    def test_unflatten_that_uses_what_was_flattened_last(self):
        # The other cache has other extents, or another value in one attribute.
        self.assert_fails(
            "unflatten_uses_the_last_length/*",
            "pytree",
            "after another cache was flattened: attribute seen: 3 before, 4 after",
        )
        self.assert_fails(
            "unflatten_uses_a_queue/*",
            "pytree",
            "after another cache was flattened: attribute scale: 0.5 before, 1.5 after",
        )

    def test_leaves_that_come_in_the_order_of_filling(self):
        self.assert_fails(
            "leaves_in_order_of_attributes/*",
            "pytree",
            r"filled in another order, after unflatten attribute key_cache\[0\]: another tensor",
        )
        self.assert_fails(
            "context_sorted_leaves_not/*", "pytree", "have another order and an equal context"
        )
        self.assert_fails(
            "context_sorted_leaves_not/*",
            "pytree",
            r"filled in another order, after unflatten attribute states\['keys'\]: another tensor",
        )

    def test_contexts_that_do_not_tell_caches_apart(self):
        equal = "the contexts of caches that differ in attribute scale are equal"
        self.assert_fails("context_ignores_the_scale/*", "pytree", equal)
        self.assert_fails("context_is_equal_to_anything/*", "pytree", equal)
        self.assert_fails("context_is_equal_to_anything/*", "pytree", "Scale is equal to anything")
        differ = "the contexts of caches that differ in attribute scale"
        self.assert_fails("context_ignores_numbers_in_a_list/*", "pytree", rf"{differ}\[1\] are")
        in_a_field = f"{differ}, attribute how are equal"
        self.assert_fails("context_ignores_a_field_of_a_frozen_class/*", "pytree", in_a_field)
        both = "the contexts of caches with 1 and True in attribute scale are equal"
        self.assert_fails("context_takes_true_for_one/*", "pytree", both)

    def test_contexts_that_keep_a_value_and_lose_another(self):
        lost = "is not kept, other values are, and the model returns something else with it"
        self.assert_fails("context_keeps_two_digits/*", "pytree", f"scale: 0.623456789 {lost}")
        self.assert_fails("context_keeps_no_capitals/*", "pytree", f"scale: 'Twice' {lost}")

    def test_contexts_that_are_shared_with_the_cache(self):
        changes = "the context list of a flattened cache changes with the cache"
        self.assert_fails("context_is_a_list_of_the_cache/*", "pytree", changes)
        self.assert_fails("context_holds_the_settings/*", "pytree", changes)

    def test_attributes_that_are_called_as_those_of_an_nn_module(self):
        self.assert_fails(
            "loses_an_attribute_called_training/*", "pytree", "training: False before, True after"
        )
        self.assert_fails("loses_an_attribute_called_buffers/*", "pytree", "_buffers: ")

    # save and load, unregister

    def test_programs_that_only_the_saving_process_can_load(self):
        self.assert_fails(
            "context_is_kept_in_memory/*",
            "save_load",
            "in a new process: load raises KeyError: 'key_cache/value_cache'",
        )
        self.assert_fails(
            "loaded_context_is_the_last_saved/*",
            "save_load",
            "in a new process: pair b3c5: raises ValueError: Trying to flatten",
        )

    def test_serialized_name_that_another_class_has(self):
        self.assert_fails(
            "former_class_has_its_serialized_name/*",
            "save_load",
            "where LayeredCache is not registered, neither load nor the call fails",
        )

    def test_class_without_a_serialized_name(self):
        self.assert_fails(
            "serialized_name_is_missing/*", "save_load", "save raises NotImplementedError"
        )

    def test_context_that_is_another_one_when_it_is_loaded(self):
        self.assert_fails(
            "loaded_context_is_another/*", "save_load", "raises ValueError: Trying to flatten"
        )

    def test_unregister_that_forgets_the_pytree_node(self):
        self.assert_fails(
            "unregister_forgets_the_pytree_node/*",
            "registry",
            "LayeredCache stays in torch.utils._pytree.SUPPORTED_NODES",
        )

    def test_unregister_that_forgets_the_fx_spec(self):
        self.assert_fails(
            "unregister_forgets_the_fx_spec/*",
            "registry",
            "LayeredCache stays in torch.fx._pytree.SUPPORTED_NODES",
        )

    def test_unregister_that_forgets_the_serialized_name(self):
        self.assert_fails(
            "unregister_forgets_the_serialized_name/*",
            "registry",
            '"layered_cache.LayeredCache" stays in .*SERIALIZED_TYPE_TO_PYTHON_TYPE',
        )
        self.assert_fails(
            "unregister_forgets_the_serialized_name/*", "registry", "silently takes over"
        )

    # what is baked in

    def test_model_that_bakes_in_a_cache_tensor(self):
        self.assert_fails(
            "bakes_in_a_cache_tensor/*/nonstrict/*",
            "constants",
            r"cache.key_cache\[0\] is baked in as a constant",
        )
        # Strict mode knows the tensor for one of the inputs, and takes the input instead.
        self.assert_fails("bakes_in_a_cache_tensor/*/strict/*", "run", "differs from eager")

    def test_model_that_bakes_in_another_cache(self):
        self.assert_fails("bakes_in_another_cache/*", "run", "pair b3c5: differs from eager")

    def test_model_that_bakes_in_what_it_made_of_a_cache(self):
        self.assert_fails("bakes_in_a_result/*", "run", "pair b3c5: differs from eager")

    def test_model_that_remembers_its_first_cache(self):
        self.assert_fails("remembers_its_first_cache/*", "run", "call 2 in a row: differs from ea")

    def test_model_that_remembers_its_first_length(self):
        self.assert_fails("remembers_its_first_length/*", "run", "call 2 in a row: differs from e")

    def test_model_that_reads_a_size_as_int(self):
        self.assert_rejected("reads_a_size_as_int/*/named/*", "export", SPECIALIZED)
        self.assert_fails(
            "reads_a_size_as_int/*/auto/*", "dims", 'x dim 0: asked AUTO "batch", got constant 3'
        )
        self.assert_fails("reads_a_size_as_int/*/auto/*", "run", "pair b4c11: refused")

    def test_model_that_goes_another_way_at_extents_that_were_declared(self):
        """What repairs them passes every check: decides_in_a_tensor and the other one in SOUND."""
        refused = r'the guard ".* dim 2 != 7" refuses declared extents: batch = \d+, length = 7'
        self.assert_fails("goes_another_way_at_one_length/*/auto/*", "dims", refused)
        self.assert_rejected(
            "goes_another_way_at_one_length/*/named/*", "export", "satisfy the generated guard"
        )
        refused = r'the guard ".* dim \d\*.* dim \d < 4096" refuses declared extents: batch = '
        self.assert_fails("goes_another_way_where_it_is_large/*", "dims", refused)

    # what changes in the caller's hands

    def test_model_that_mutates_its_input(self):
        self.assert_fails("mutates_its_input/*", "run", r"mutates cache.key_cache\[0\]")

    def test_program_that_does_not_mutate_what_the_model_does(self):
        self.assert_fails(
            "exports_without_the_mutation/*", "run", r"does not mutate cache.key_cache\[0\], as"
        )

    def test_model_that_updates_the_cache_object(self):
        self.assert_fails(
            "updates_the_cache_object/*", "run", "does not update the cache as eager does"
        )

    # programs that are not the model

    def test_program_that_is_right_at_one_pair_only(self):
        self.assert_fails("right_at_one_pair_only/*", "run", "pair b4c11: differs from eager")

    def test_program_that_is_right_at_the_pairs_only(self):
        self.assert_fails("right_at_the_pairs_only/*", "bounds", "batch = 1: differs from eager")
        self.assert_fails("right_at_the_pairs_only/*", "bounds", "batch = 1024: differs from eager")

    def test_program_that_is_right_with_round_values_only(self):
        self.assert_fails("right_with_round_values_only/*", "run", "pair b3c5: differs from eager")

    def test_program_that_is_another_one(self):
        self.assert_fails("exports_another_program/*", "run", "pair b3c5: differs from eager")

    def test_program_that_returns_another_dtype(self):
        self.assert_fails("exports_another_dtype/*", "run", "pair b3c5: differs from eager")

    def test_program_that_returns_another_structure(self):
        self.assert_fails("exports_another_structure/*", "run", "returns another structure")
        self.assert_fails("exports_another_structure/*", "pytree", "out_spec of the program is not")

    def test_model_that_draws_random_numbers_is_compared_from_equal_seeds(self):
        for name, cell in self.matching("draws_random_numbers/*"):
            run = next(check for check in cell["checks"] if check["name"] == "run")
            noted = "draws random numbers: compared from equal seeds"
            self.assertIn(noted, run["notes"], name)

    # what programs are called with

    def assert_run_fails(self, reasons):
        for case, reason in reasons.items():
            self.assert_fails(f"{case}/*", "run", reason)

    def test_program_that_is_wrong_in_a_later_call(self):
        self.assert_run_fails(
            {
                "is_another_from_its_fifth_call": "call 5 in a row: differs from eager",
                "adds_what_earlier_calls_saw": "call 2 in a row: differs from eager",
            }
        )

    def test_program_that_is_wrong_at_extents_that_no_pair_has(self):
        self.assert_run_fails(
            {
                "wrong_at_both_lower_ends": "extents batch=2 length=4: differs from eager",
                "wrong_for_large_inputs": r"extents batch=\d+ length=\d+: differs from eager",
                "wrong_for_odd_lengths": r"extents batch=\d+ length=\d*[13579]: differs from eager",
                "wrong_inside_the_range": r"extents batch=\d+ length=\d+: differs from eager",
                "wrong_where_dims_are_equal": r"extents batch=(\d+) length=\1: differs from eager",
            }
        )

    def test_program_that_is_wrong_at_extents_that_no_pair_has_where_torch_chose_the_range(self):
        for case in ("right_at_one_length_where_auto", "right_for_small_batches_where_auto"):
            for dims in ("auto", "dynamic"):
                self.assert_fails(f"{case}/*/{dims}/*", "run", r"extents batch=.*: differs from ea")

    def test_program_that_is_wrong_for_values_at_the_edge(self):
        self.assert_run_fails(
            {
                "clamps_keys": r"edges \(large\): differs from eager",
                "takes_nan_for_zero": r"edges \(NaN\): differs from eager",
                "takes_an_empty_mask_for_none": r"edges \(all zeros\): differs from eager",
                "takes_negative_numbers_for_padding": r"edges \(minus one\): differs from eager",
                "loses_the_sign_of_zero": r"edges \(zeros\): differs from eager",
                "asks_for_the_sign_of_zero": r"edges \(zeros\): differs from eager",
            }
        )

    def test_program_that_computes_with_what_eager_refuses(self):
        returns = "eager raises ValueError: not a value of a cache, the program returns"
        self.assert_run_fails(
            {
                "computes_with_nan_that_eager_refuses": rf"edges \(NaN\): {returns}",
                "computes_with_large_values_that_eager_refuses": rf"edges \(large\): {returns}",
            }
        )

    def test_program_of_two_inputs_that_are_one_tensor(self):
        names = r"cache.key_cache\[0\] and cache.value_cache\[0\] are one tensor"
        for case in (
            "one_tensor_of_zeros_is_keys_and_values",
            "one_tensor_of_ones_is_keys_and_values",
        ):
            self.assert_fails(f"{case}/*", "run", f"distinct inputs: differs from eager .{names}")

    def test_program_that_is_wrong_for_another_layout(self):
        for case in ("reads_the_strides_of_keys", "reads_the_strides_of_x"):
            self.assert_fails(f"{case}/*", "run", r"layout \(transposed\): differs from eager")

    # strange, and right

    def test_model_that_keeps_a_tensor_for_the_next_call(self):
        self.assert_passes("keeps_a_bias_of_the_last_length/*", "run", "bounds")

    def test_model_whose_first_call_is_another(self):
        self.assert_passes("is_another_in_its_first_call/*", "run", "bounds")
        self.assert_passes("branches_in_the_export_only/*", "run", "model")

    def test_cache_that_knows_when_it_was_made(self):
        self.assert_passes("knows_when_it_was_made/*", "run", "model", "pytree")

    def test_model_that_ends_its_process(self):
        self.assert_passes("dies_of_nan/*", "run")
        for name, cell in self.matching("dies_of_nan/*"):
            self.assertRegex(json.dumps(cell), r"edges .NaN.: not tried, .*SIGABRT", name)

    def test_program_that_refuses_by_a_runtime_assertion(self):
        self.assert_passes("refuses_by_a_runtime_assertion/*", "run", "bounds")

    # what is made of a program

    def test_operator_that_decomposes_to_something_else(self):
        self.assert_fails("decomposes_to_something_else/*", "decompose", "differs from eager")

    def test_programs_that_are_made_of_it_and_wrong_beyond_the_pairs(self):
        for case, check, reason in (
            ("decomposes_to_something_else_when_long", "decompose", "extents batch=.*: differs"),
            ("decomposes_to_something_else_for_nan", "decompose", r"edges \(infinities\): differs"),
            ("decomposes_with_the_weight_of_the_export", "decompose", "with other parameters and"),
            ("loads_with_another_limit", "save_load", r"new process: edges \(large\): differs"),
        ):
            self.assert_fails(f"{case}/*", check, reason)
            self.assert_passes(f"{case}/*", "run")

    def test_operator_that_decomposes_to_what_no_rounding_explains(self):
        self.assert_fails("decomposes_to_another_scale/*", "decompose", "differs from eager")
        self.assert_passes("decomposes_to_another_scale/*", "run", "retrace")

    def test_decomposed_attention_that_rounds_at_other_places(self):
        """Integers that follow from its values, too. In strict mode 2.13 loses the autocast."""
        self.assert_passes("attends_under_autocast/*/nonstrict/*", "run", "decompose", "retrace")
        for case, dtype in (
            ("attends_in_bfloat16/*", "bfloat16"),
            ("attends_in_float16/*", "float16"),
            ("attends_under_autocast/*", "bfloat16"),
        ):
            for name, cell in self.matching(case):
                notes = {check["name"]: check["notes"] for check in cell["checks"]}["decompose"]
                self.assertIn(f"2 units of {dtype} change", " ".join(notes), name)

    def test_program_that_is_exported_again_without_its_dims(self):
        self.assert_fails(
            "retraces_without_dims/*",
            "retrace",
            "1..1024 in the exported program, constant 3 in the retraced one",
        )


if __name__ == "__main__":
    unittest.main()
