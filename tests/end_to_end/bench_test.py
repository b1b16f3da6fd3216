"""`exportgate bench`: what it times and calls it, what it keeps, and what it says is not available.

Nothing here depends on how long anything takes.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

from bench_client import Bench
from support import EXPORTGATE, SOURCE, Scratch

QUICK = "--benchmark_min_time=0.001"
OPTREE = SOURCE / "build" / "optree"  # where ci/test installs it, beside no environment
IMPLEMENTATIONS = {
    "flatten": ("function", "pytree", "cxx_pytree", "fx"),
    "unflatten": ("function", "pytree", "cxx_pytree"),
    "flatten_with_keys": ("function", "pytree", "cxx_pytree"),
    "round_trip": ("function", "pytree", "cxx_pytree"),
    "tree_map": ("pytree", "cxx_pytree"),
    "call": ("program",),
}
BENCH = "\n[bench]\nlayers = [1, 3]\n"


def names_of(case, kinds, sizes):
    """All benchmarks of a case."""
    floors = {f"{case}/floor/{size}" for size in sizes}
    return floors | {
        f"{case}/{operation}/{kind}/{implementation}/{size}"
        for operation, implementations in IMPLEMENTATIONS.items()
        for kind in kinds
        for implementation in implementations
        for size in sizes
    }


class BenchTest(Scratch):
    def copy_case(self, name="layers_2", code="", toml="", **replaced):
        """A shipped case, with `code` after its own and `toml` at the end of its case.toml."""
        cases = self.folder / "cases"
        shutil.copy(SOURCE / "cases" / "layered_cache.py", cases)
        copy = shutil.copytree(SOURCE / "cases" / name, cases / name)
        (copy / "case.py").write_text((copy / "case.py").read_text() + code)
        text = (copy / "case.toml").read_text()
        for before, after in replaced.values():
            self.assertIn(before, text)
            text = text.replace(before, after)
        (copy / "case.toml").write_text(text + toml)
        return copy

    def kept(self, environment="default"):
        return self.folder / ".exportgate" / f"bench-{environment}.json"

    def bench(self, *arguments, **variables):
        return self.exportgate("bench", *arguments, QUICK, **variables)

    def measured(self, *arguments, **variables):
        """The finished command, its rows by name, and the reasons of what is not available."""
        finished = self.bench(*arguments, **variables)
        self.assertEqual(finished.code, 0, finished)
        content = json.loads(self.kept().read_text())
        rows = {row["name"]: row for row in content["benchmarks"]}
        self.assertEqual(len(rows), len(content["benchmarks"]))
        return finished, rows, json.loads(content["context"]["not_available"]), content["context"]


class Measured(BenchTest):
    def test_every_operation_in_every_implementation_at_every_number_of_layers(self):
        self.copy_case(toml=BENCH)
        finished, rows, missing, context = self.measured()
        expected = names_of("layers_2", ["plain", "module"], ["layers:1", "layers:3"])
        self.assertEqual(rows.keys() | missing.keys(), expected)
        self.assertEqual({name for name in missing if "/cxx_pytree/" not in name}, set())
        self.assertIn("cxx_pytree: not available: optree is not installed", finished.out)

        for name, row in rows.items():
            # What Google Benchmark's compare.py takes for granted.
            self.assertEqual(row["run_name"], name)
            self.assertEqual(row["run_type"], "iteration")
            self.assertEqual(row["time_unit"], "ns")
            self.assertGreater(row["real_time"], 0)
            self.assertGreater(row["cpu_time"], 0)
            self.assertEqual(row["leaves"], 2 if name.endswith("layers:1") else 6)
            per_leaf = row["real_time"] * 1e-9 / row["leaves"]
            self.assertAlmostEqual(row["time_per_leaf"] / per_leaf, 1, places=3)
            self.assertGreater(row["allocations"], 0)
        floor = rows["layers_2/floor/layers:3"]
        self.assertEqual(floor["allocations"], 1)  # the list's elements; its head is a free one
        call = rows["layers_2/call/plain/program/layers:3"]
        self.assertGreater(call["flatten_share"], 0)
        self.assertLess(call["flatten_share"], 1)
        self.assertGreaterEqual(call["flattens"], 1)

        for key in ("exportgate", "torch", "python", "machine", "cases", "floor"):
            self.assertTrue(context[key], key)
        self.assertEqual(context["environment"], "default")
        self.assertEqual((context["gc"], context["threads"]), ("off", "1"))
        self.assertEqual((context["clock"], context["seed"]), ("real time", "0"))
        self.assertEqual(context["executable"], "exportgate-bench")
        text = self.kept().read_text()
        for place in (str(self.folder), str(EXPORTGATE.parent), str(SOURCE)):
            self.assertNotIn(place, text)

        for words in ("layers_2", " plain", " module", "  flatten            function", "x floor"):
            self.assertIn(words.replace("x floor", "times the floor"), finished.out)
        self.assertIn("of which flatten", finished.out)

    def test_a_cache_as_it_is_declared_is_named_by_its_leaves(self):
        self.copy_case()
        self.assert_says(self.bench(), 2, "no case has a [bench]")
        _, rows, missing, _ = self.measured("layers_2")
        expected = names_of("layers_2", ["plain", "module"], ["leaves:4"])
        self.assertEqual(rows.keys() | missing.keys(), expected)

    def test_the_cpp_pytree_is_timed_where_optree_is_installed(self):
        self.assertTrue(OPTREE.is_dir(), f"{OPTREE} is missing: ci/test installs it")
        self.copy_case(toml=BENCH)
        path = os.pathsep.join(filter(None, [str(OPTREE), os.environ.get("PYTHONPATH", "")]))
        _, rows, missing, _ = self.measured("*/plain/cxx_pytree/layers:1", PYTHONPATH=path)
        timed = {name for name in rows if "/cxx_pytree/" in name}
        self.assertEqual(timed | missing.keys(), set(missing) | timed)
        for operation in ("flatten", "unflatten", "round_trip", "tree_map"):
            self.assertIn(f"layers_2/{operation}/plain/cxx_pytree/layers:1", timed)
        for name, reason in missing.items():
            self.assertIn("/flatten_with_keys/", name)
            self.assertIn("KeyPaths are not yet supported", reason)

    def test_patterns_and_filters_choose_and_the_floor_comes_along(self):
        self.copy_case(toml=BENCH)
        _, rows, missing, _ = self.measured("layers_2/flatten/plain/*/layers:3")
        self.assertEqual(
            rows.keys() | missing.keys(),
            {"layers_2/floor/layers:3"}
            | {f"layers_2/flatten/plain/{i}/layers:3" for i in IMPLEMENTATIONS["flatten"]},
        )
        _, rows, _, _ = self.measured("--benchmark_filter=/function/layers:1$")
        self.assertEqual(len(rows), 8)  # no suffix of Google Benchmark's own after the layers
        self.assertNotIn("layers_2/floor/layers:1", rows)
        _, rows, _, _ = self.measured("layers_2/flatten/plain/*", "--benchmark_filter=-pytree|fx")
        self.assertEqual({name.split("/")[1] for name in rows}, {"flatten", "floor"})

    def test_google_benchmark_prints_where_it_is_asked_to(self):
        self.copy_case(toml=BENCH)
        listed = self.exportgate("bench", "layers_2/tree_map/*", "--benchmark_list_tests")
        self.assertEqual(listed.code, 0, listed)
        self.assertEqual(len(listed.out.split()), 2 + 2 * 2 * 2, listed)
        self.assertIn("layers_2/tree_map/module/pytree/layers:3\n", listed.out)
        printed = self.bench("layers_2/flatten/plain/fx/layers:1", "--benchmark_format=json")
        rows = json.loads(printed.out)["benchmarks"]
        self.assertEqual(
            [row["name"] for row in rows],
            ["layers_2/floor/layers:1", "layers_2/flatten/plain/fx/layers:1"],
        )
        self.assertFalse(self.kept().exists())

    def test_repetitions_and_a_file_of_ones_own(self):
        self.copy_case(toml=BENCH)
        finished = self.bench(
            "layers_2/flatten/plain/function/layers:1",
            "--benchmark_repetitions=3",
            "--benchmark_out=mine/own.json",
        )
        self.assert_says(finished, 0, "JSON: mine/own.json")
        own = self.folder / "mine" / "own.json"
        self.assertEqual(own.read_bytes(), self.kept().read_bytes())
        kinds = [row["run_type"] for row in json.loads(own.read_text())["benchmarks"]]
        self.assertEqual(kinds.count("iteration"), 6)


class Layers(unittest.TestCase):
    """The leaves of a case at a number of layers, in the order in which its cache flattens."""

    def at(self, layers, *names):
        sys.path.insert(0, str(SOURCE / "harness" / "worker"))
        self.addCleanup(sys.path.remove, str(SOURCE / "harness" / "worker"))
        from exportgate_bench.subject import at_layers
        from exportgate_worker.declaration import TENSOR, Case, Leaf

        leaves = tuple(Leaf(name, (2,), "float32", TENSOR) for name in names)
        case = Case("c", "C", leaves, (), frozenset(), {}, ())
        return [leaf.name for leaf in at_layers(case, layers).inputs]

    def test_lists_are_repeated_one_after_the_other(self):
        self.assertEqual(
            self.at(2, "x", "c.keys[0]", "c.keys[1]", "c.keys[2]", "c.values[0]", "c.values[2]"),
            ["x", "c.keys[0]", "c.keys[1]", "c.values[0]", "c.values[1]"],
        )

    def test_layers_of_several_leaves_are_repeated_as_a_whole(self):
        self.assertEqual(
            self.at(2, "c.layers[0].k", "c.layers[0].v[1]", "c.layers[1].k", "c.length"),
            ["c.layers[0].k", "c.layers[0].v[1]", "c.layers[1].k", "c.layers[1].v[1]", "c.length"],
        )


class NotAvailable(BenchTest):
    def test_a_refused_export_leaves_the_rest(self):
        code = """

class Model(Model):
    def forward(self, x, cache):
        if x.sum() > 0:
            return x
        return super().forward(x, cache)
"""
        self.copy_case(code=code, toml=BENCH)
        finished, rows, missing, _ = self.measured("layers_2/*/plain/*/layers:1")
        reason = missing["layers_2/call/plain/program/layers:1"]
        self.assertIn("nonstrict export: ", reason)
        self.assertIn("; strict export: ", reason)
        self.assertIn("layers_2/round_trip/plain/pytree/layers:1", rows)
        self.assertIn("call               program       not available: nonstrict", finished.out)

    def test_what_is_fast_and_wrong_is_not_timed(self):
        code = """
import layered_cache


def register(cache_class):
    layered_cache.register_for_pytree(
        cache_class,
        unflatten_fn=lambda children, context: children,
        flatten_with_keys_fn=None,
    )
    fx_pytree = layered_cache.fx_pytree
    fx_pytree.register_pytree_flatten_spec(
        cache_class, lambda cache, _: [cache.value_cache, cache.key_cache]
    )
"""
        self.copy_case(code=code, toml=BENCH)
        _, rows, missing, _ = self.measured("layers_2/*/plain/*/layers:1")
        reasons = {name.split("/")[1] + "/" + name.split("/")[3]: r for name, r in missing.items()}
        self.assertEqual(reasons["flatten/fx"], "fx does not give the leaves that pytree gives")
        self.assertEqual(reasons["unflatten/function"], "it returns list, not the class")
        self.assertEqual(reasons["round_trip/pytree"], "it returns list, not the class")
        self.assertEqual(reasons["tree_map/pytree"], "it returns list, not the class")
        nothing = "no flatten_with_keys function is registered"
        self.assertEqual(reasons["flatten_with_keys/function"], nothing)
        self.assertIn("layers_2/flatten/plain/pytree/layers:1", rows)

    def test_a_case_that_makes_no_layers_is_not_timed_as_if_it_did(self):
        code = """

def make_inputs(cache_class, leaves):
    return leaves["x"], layered_cache.filled(
        cache_class(), {n: leaf for n, leaf in leaves.items() if n.endswith("[0]")}
    )


import layered_cache
"""
        self.copy_case(code=code, toml=BENCH)
        self.assert_says(
            self.bench("layers_2/flatten/plain/pytree/*"),
            2,
            "nothing is available: ",
            "CaseError: leaf 2 is declared as cache.key_cache[1]",
        )
        self.assertFalse(self.kept().exists())

    def test_a_case_that_cannot_be_imported_leaves_the_others(self):
        self.copy_case(toml=BENCH)
        self.copy_case_as("broken", "layers_2", "\nraise SystemExit('no')\n")
        _, rows, missing, _ = self.measured("*/flatten/*/function/layers:1")
        self.assertIn("layers_2/flatten/plain/function/layers:1", rows)
        self.assertEqual(missing["broken/flatten/plain/function/layers:1"], "SystemExit: no")
        self.assertEqual(missing["broken/floor/layers:1"], "SystemExit: no")

    def test_a_case_of_a_later_torch(self):
        self.copy_case(toml=BENCH, later=('first_torch = "2.6.0"', 'first_torch = "99.0"'))
        nothing = "nothing is available: the case is declared for torch 99.0 and later"
        self.assert_says(self.bench("layers_2/tree_map/*/pytree/*"), 2, nothing)

    def test_an_environment_without_google_benchmark(self):
        self.copy_case(toml=BENCH)
        places = ("--environments", self.folder / "environments")
        added = self.exportgate(
            "env", "add", "bare", "--python", sys.executable, "--cases", "", *places,
            BENCHMARK_SOURCE=str(self.folder),
        )  # fmt: skip
        self.assert_says(added, 0, "benchmarks: not available: BENCHMARK_SOURCE=")
        refused = self.bench("--env", "bare", *places)
        self.assert_says(refused, 2, "benchmarks are not available", "libbenchmark-dev")

    def copy_case_as(self, name, shipped, code):
        case = self.folder / "cases" / name
        shutil.copytree(self.folder / "cases" / shipped, case)
        (case / "case.py").write_text((case / "case.py").read_text() + code)


class BadInput(BenchTest):
    def test_is_told_with_a_remedy_and_nothing_is_lost(self):
        case = self.copy_case(toml=BENCH)
        self.measured("layers_2/tree_map/plain/pytree/layers:1")
        before = self.kept().read_bytes()
        for arguments, *texts in (
            (["layer_2"], 'no case is named by "layer_2"', 'did you mean "layers_2"?'),
            (["layers_2/flaten/*"], "no benchmark is named by layers_2/flaten/*"),
            (["--benchmark_filter=["], "--benchmark_filter=[ is no regular expression"),
            (["--benchmark_filter=zzz"], "no benchmark matches --benchmark_filter=zzz"),
            (["--benchmark_fliter=x"], "--benchmark_fliter=x"),
            (["--fliter=x"], "was not expected: --fliter=x", "exportgate bench --help"),
            (["--env", "defualt"], 'there is no environment "defualt"', 'mean "default"?'),
            (["--cases", "nowhere"], "nowhere"),
            (["--benchmark_out_format=csv"], "what is kept is JSON", "--benchmark_format=csv"),
        ):
            self.assert_says(self.bench(*arguments), 2, *texts)
        toml = case / "case.toml"
        toml.write_text(toml.read_text().replace("layers = [1, 3]", "layers = [1, 3]\ngates = [1]"))
        line = toml.read_text().split("\n").index("gates = [1]") + 1
        unknown = (
            f'layers_2/case.toml:{line}: unknown key "gates" in [bench] (did you mean "gate"?)'
        )
        self.assert_says(self.bench(), 2, unknown)
        self.assertEqual(self.kept().read_bytes(), before)
        self.assertEqual(list(self.kept().parent.glob("*.part")), [])

    def test_interrupted_keeps_what_was_there(self):
        self.copy_case(toml=BENCH)
        self.kept().parent.mkdir()
        self.kept().write_text("earlier")
        process = subprocess.Popen(
            self.command("bench", "--benchmark_min_time=100"),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        log = self.folder / ".exportgate" / "bench-default.log"
        deadline = time.monotonic() + 240
        while "preparing" not in (log.read_text() if log.exists() else ""):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, out + err)
        self.assertIn("interrupted", err)
        self.assertEqual(self.kept().read_text(), "earlier")
        self.assertEqual(list(self.kept().parent.glob("*.part")), [])


class BlockMode(BenchTest):
    def plan(self):
        self.copy_case(toml=BENCH)
        self.measured("layers_2/unflatten/plain/*")
        return self.folder / ".exportgate" / "bench-default.plan"

    def test_times_the_blocks_that_it_is_asked_for(self):
        with Bench(self.plan()) as bench:
            hello = bench.read()["hello"]
            self.assertEqual(hello["protocol"], 1)
            self.assertEqual(hello["environment"]["name"], "default")
            self.assertEqual(hello["context"]["clock"], "real time")
            listed = {one["name"]: one for one in bench.read()["benchmarks"]}
            name = "layers_2/unflatten/plain/pytree/layers:3"
            self.assertEqual(
                listed[name],
                {"name": name, "leaves": 6, "operation": "unflatten", "kind": "plain",
                 "implementation": "pytree", "layers": 3, "reason": ""},
            )  # fmt: skip
            self.assertIn("optree", listed[name.replace("pytree", "cxx_pytree")]["reason"])
            early = bench.ask({"block": {"name": name, "iterations": 10}})
            self.assertEqual(early["failed"], {"name": name, "reason": "it was not prepared"})
            self.assertEqual(bench.ask({"prepare": name})["prepared"], {"name": name, "reason": ""})
            for _ in range(3):
                block = bench.ask({"block": {"name": name, "iterations": 10}})
                self.assertGreater(block["block"]["ns"], 0)
            unknown = bench.ask({"prepare": "layers_2/x"})["prepared"]
            self.assertEqual(unknown["reason"], "the plan has no benchmark of this name")
            bench.send({"end": True})
            self.assertIsNone(bench.read())
            self.assertEqual(bench.process.wait(60), 0)

    def test_ends_with_the_socket_and_with_what_it_does_not_understand(self):
        plan = self.plan()
        with Bench(plan) as bench:
            bench.read(), bench.read()
            bench.control.close()
            self.assertEqual(bench.process.wait(60), 0)
        with Bench(plan) as bench:
            bench.read(), bench.read()
            bench.send({"blok": 1})
            self.assertEqual(bench.process.wait(60), 2)

    def test_says_what_is_wrong_with_a_plan(self):
        plan = self.folder / "plan"
        plan.write_text('{"format": 99}')
        with Bench(plan) as bench:
            self.assertIn("format 99", bench.read()["fatal"]["what"])
            self.assertEqual(bench.process.wait(60), 2)


if __name__ == "__main__":
    unittest.main()
