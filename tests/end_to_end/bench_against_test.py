"""`exportgate bench --against`: what is timed in which order, what is kept, judged and said.

A stand-in for exportgate-bench says how long calls take; one test is with the real one and a case
that is many times slower.
"""

import json
import os
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

import fake_bench
from support import CASE_TOML, EXPORTGATE, SOURCE, Scratch

A = "mine/flatten/plain/pytree/layers:1"
B = "mine/flatten/plain/pytree/layers:32"
C = "mine/unflatten/plain/pytree/layers:1"
TIMES = {A: 5000, B: 20000, C: 2500}


class AgainstTest(Scratch):
    def setUp(self):
        super().setUp()
        self.add_case("mine", toml=CASE_TOML + "\n[bench]\nlayers = [1, 32]\n")
        self.measured = self.folder / "measured"
        self.against = self.folder / "against"
        self.session_file = self.folder / "session.json"

    def command_for(self, *arguments, seed=1):
        return self.command(
            *("bench", "--against", "base", "--executable", self.measured),
            *("--against-executable", self.against, "--session", self.session_file),
            *("--seed", seed, "--pairs", "3", *arguments),
        )

    def gate(self, *arguments, measured=None, against=None, seed=1):
        """`measured` and `against`: how the two behave, by default as TIMES says."""
        fake_bench.write(self.measured, **({"times": TIMES} | (measured or {})))
        fake_bench.write(self.against, **({"times": TIMES} | (against or {})))
        return self.exportgate(*self.command_for(*arguments, seed=seed)[1:])

    def session(self):
        return json.loads(self.session_file.read_text())

    def series(self, name, key="benchmarks"):
        return next(one for one in self.session()[key] if one["name"] == name)


class Judged(AgainstTest):
    def test_the_same_code_is_not_slower(self):
        floor = {"times": TIMES | {"mine/floor/layers:1": 40}}  # which is no code of the case
        finished = self.gate(measured=floor, against=floor)
        self.assert_says(
            finished, 0, "good: none of 3 benchmarks slower", "same code against itself"
        )
        session = self.session()
        self.assertTrue(session["complete"])
        self.assertEqual((session["launches"], session["pairs"], session["seed"]), (5, 3, 1))
        self.assertEqual({one["name"] for one in session["benchmarks"]}, set(TIMES))
        for one in session["benchmarks"] + session["same_code"]:
            self.assertEqual([len(launch["pairs"]) for launch in one["first"]], [3] * 5)
            self.assertNotIn("fresh", one)

    def test_what_is_slower_is_timed_again_and_fails(self):
        report = self.folder / "comparisons.json"
        finished = self.gate("--json", report, measured={"times": TIMES | {B: 22000}})
        self.assert_says(finished, 1, "slower: 1 of 3 benchmarks slower")
        rows = [line for line in finished.out.splitlines() if "mine/" in line]
        self.assertRegex(rows[0], rf"^slower +1\.100 +1\.100 to 1\.100 +22\.0k +20\.0k +{B}$")
        self.assertEqual(len(self.series(B)["fresh"]), 5)
        self.assertNotIn("fresh", self.series(A))
        comparisons = {
            one["benchmark"]: one for one in json.loads(report.read_text())["comparisons"]
        }
        self.assertEqual(comparisons[B]["verdict"], "slower")
        self.assertEqual(comparisons[A]["verdict"], "same")

    def test_the_threshold_is_the_one_that_the_case_says(self):
        with (self.folder / "cases" / "mine" / "case.toml").open("a") as toml:
            toml.write('[bench.thresholds]\n"flatten/*:32" = 1.2\n')
        slower = {"times": TIMES | {A: 5500, B: 22000}}
        finished = self.gate(measured=slower)
        self.assert_says(finished, 1, "slower: 1 of 3", "above 1.05 to 1.2, as the cases say")
        self.assertEqual(self.series(B)["threshold"], 1.2)

    def test_both_sides_are_asked_for_the_layers_that_the_measured_cases_gate(self):
        other = shutil.copytree(self.folder / "cases", self.folder / "other")
        toml = other / "mine" / "case.toml"
        toml.write_text(toml.read_text().replace("layers = [1, 32]", "layers = [2]"))
        with (self.folder / "cases" / "mine" / "case.toml").open("a") as text:
            text.write("gate = [32]\n")
        self.gate("--against-cases", other)
        for side, cases in ((self.measured, self.folder / "cases"), (self.against, other)):
            plan = fake_bench.log_of(side)[0][0]["plan"]
            self.assertEqual(plan["cases"][0]["layers"], [32])
            self.assertEqual(Path(plan["cases"][0]["directory"]).resolve(), cases / "mine")
            self.assertIn("*/flatten/*", plan["names"])
            self.assertNotIn("*/call/*", plan["names"])

    def test_faster_is_no_failure(self):
        finished = self.gate(measured={"times": TIMES | {B: 15000}})
        self.assert_says(finished, 0, "faster         0.750", "good: none of 3 benchmarks slower")

    def test_a_session_is_void_where_the_same_code_is_not_the_same(self):
        self.gate()
        # The twin of the other side starts last, so it has the highest descriptor.
        twin = max(process[0]["control"] for process in fake_bench.log_of(self.against))
        finished = self.gate(against={"second": {A: 5500}, "second_at": twin})
        self.assert_says(finished, 2, "void: of 3 pairs of the same code, 1 did not come out as")

    def test_a_planted_seed_repeats_the_order_and_another_does_not(self):
        orders = []
        for seed in (1, 1, 2):
            for log in self.folder.glob("*.log"):
                log.unlink()
            self.gate(seed=seed)
            orders.append(
                [event for process in fake_bench.log_of(self.measured) for event in process]
            )
        self.assertEqual(orders[0], orders[1])
        self.assertNotEqual(orders[0], orders[2])

    def test_launches_differ_in_what_is_accidental_and_blocks_run_on_one_cpu(self):
        cpu = min(os.sched_getaffinity(0))
        self.gate("--cpu", cpu)
        processes = fake_bench.log_of(self.measured) + fake_bench.log_of(self.against)
        self.assertEqual(len(processes), 15)  # five launches, and the same code in each
        self.assertEqual(len({process[0]["hash_seed"] for process in processes}), 15)
        self.assertGreater(len({process[0]["padding"] for process in processes}), 10)
        blocks = [event for process in processes for event in process if "block" in event]
        self.assertEqual({tuple(event["cpus"]) for event in blocks}, {(cpu,)})

    def test_a_budget_that_is_too_short_is_refused_after_one_launch(self):
        finished = self.gate("--budget", "0.001s")
        self.assert_says(finished, 2, "a budget of 0.001 s is too short: 5 launches are the least")
        self.assertFalse(self.session_file.exists())


class NotAsAsked(AgainstTest):
    def test_what_the_measured_side_has_lost_is_not_green(self):
        less = {name: ns for name, ns in TIMES.items() if name != B}
        finished = self.gate(measured={"times": less})
        self.assert_says(
            finished, 2, f"{B}\n", "not available on the measured side: there is no such benchmark"
        )
        finished = self.gate(measured={"times": less, "reasons": {B: "export refused"}})
        self.assert_says(finished, 2, "not available on the measured side: export refused")
        finished = self.gate(measured={"refuses": {B: "export refused now"}})
        self.assert_says(finished, 2, "not available on the measured side: export refused now")

    def test_what_only_the_measured_side_has_is_said(self):
        less = {name: ns for name, ns in TIMES.items() if name != B}
        finished = self.gate(against={"times": less})
        self.assert_says(finished, 0, f"not compared  {B}: only on the measured side")

    def test_what_neither_side_has_is_said_once_for_all(self):
        neither = {"refuses": {A: "no optree", B: "no optree"}}
        finished = self.gate(measured=neither, against=neither)
        self.assert_says(finished, 0, f"not compared  {A} and 1 other: no optree")

    def test_where_nothing_can_be_compared_nothing_is_green(self):
        nothing = {"refuses": dict.fromkeys(TIMES, "no optree")}
        self.assert_says(self.gate(measured=nothing, against=nothing), 2, "nothing was compared")

    def test_what_raises_is_inconclusive_with_the_reason(self):
        finished = self.gate(measured={"raises": {A: "ValueError: no leaves"}})
        self.assert_says(
            finished, 2, "the measured side: ValueError: no leaves", "1 of 3 benchmarks"
        )
        self.assertEqual(len(self.series(B)["first"]), 5)

    def test_a_process_that_dies_costs_the_benchmark_that_it_died_at(self):
        finished = self.gate(measured={"dies_at": C})
        self.assert_says(
            finished,
            2,
            f"The launch begins again without {C}.",
            "the measured side ended: killed by signal 11",
            "it printed last:",
            "about to die",
            "inconclusive: 1 of 3 benchmarks inconclusive",
        )
        self.assertEqual(len(self.series(A)["first"]), 5)

    def test_a_process_that_cannot_be_used_is_an_error_with_its_last_words(self):
        for says, expected in (
            ("", "ended before it had timed anything: exit code 0; it printed last:"),
            ("no JSON", 'it said no "hello"'),
            ('{"hello": {"protocol": 9}}', "it speaks protocol 9, this exportgate 1"),
            ('{"fatal": {"what": "the plan has format 7"}}', "the plan has format 7"),
        ):
            with self.subTest(says):
                finished = self.gate(measured={"says": says})
                self.assert_says(finished, 2, expected, "the measured side", "env update")
                self.assertFalse(self.session_file.exists())

    def test_an_interruption_keeps_what_was_timed_and_judges_nothing(self):
        slow = {"times": TIMES, "block_s": 0.05}
        fake_bench.write(self.measured, **slow)
        fake_bench.write(self.against, **slow)
        process = subprocess.Popen(
            self.command_for(),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in process.stderr:
            if "launch 2 of 5" in line:
                break
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (130, ""), err)
        self.assertIn("exportgate: interrupted; what was timed is kept", err)
        self.assertFalse(self.session()["complete"])
        self.assertEqual(len(self.series(A)["first"]), 1)


class BadInput(AgainstTest):
    def assert_refused(self, arguments, *texts):
        finished = self.exportgate("bench", *arguments)
        self.assert_says(finished, 2, *texts)
        self.assertFalse((self.folder / ".exportgate").exists(), finished)

    def test_what_cannot_be_meant_is_refused_with_what_can(self):
        (self.folder / "text.json").write_text("text")
        against = ("--against", "default")
        for arguments, texts in (
            (("--against", "nosuch"), ('no environment "nosuch"',)),
            ((*against, "--env", "nosuch"), ('no environment "nosuch"',)),
            ((*against, "--pairs", "0"), ("--pairs: Value 0 not in range",)),
            ((*against, "--launches", "4"), ("--launches 4 cannot be judged (5 are the least)",)),
            ((*against, "--budget", "soon"), ('"soon" is no time for --budget (write seconds',)),
            ((*against, "--budget", "-5s"), ('"-5s" is no time',)),
            ((*against, "--budget", "60h"), ('"60h" is no time',)),
            ((*against, "--budget", "60s", "--launches", "9"), ("--launches excludes --budget",)),
            ((*against, "--cpu", "4000"), ("there is no CPU 4000 to run on (usable: ",)),
            ((*against, "nine"), ('no case is named by "nine"', 'did you mean "mine"')),
            (
                (*against, "--benchmark_filter=x"),
                ("--benchmark_filter=x does not go with --against",),
            ),
            (("--against-cases", "nowhere"), ("nowhere",)),
            (("--against", "gone.json"), ("gone.json",)),
            (("--against", "text.json"), ("text.json",)),
            ((*against, "--json", "x", "--session", "x"), ("x",)),
        ):
            with self.subTest(arguments=arguments):
                self.assert_refused(arguments, *texts)

    def test_no_benchmark_matches(self):
        finished = self.gate(measured={"times": {}}, against={"times": {}})
        self.assert_says(finished, 2, "no benchmark is matched")


class Stored(AgainstTest):
    """Against a file that was measured earlier."""

    def measurements(self, ns, machine="0123456789abcdef"):
        context = {
            **dict.fromkeys(("torch", "python", "gc", "threads", "clock", "cases", "floor"), "x"),
            **{"exportgate": "0.1.0", "environment": "default", "machine": machine, "seed": "0"},
            **{"date": "2026-11-25T10:00:00+00:00", "not_available": "{}"},
        }
        row = {"run_type": "iteration", "time_unit": "ns", "leaves": 2.0, "allocations": 3.0}
        rows = [{"name": A, "run_name": A, "real_time": ns, **row}]
        return json.dumps({"context": context, "benchmarks": rows})

    def compare(self, text):
        own = self.folder / ".exportgate" / "bench-default.json"
        own.parent.mkdir(exist_ok=True)
        own.write_text(self.measurements(5500.0))
        (self.folder / "stored.json").write_text(text)
        return self.exportgate("bench", "--against", "stored.json")

    def test_a_stored_file_is_shown_with_a_warning_and_gates_nothing(self):
        finished = self.compare(self.measurements(2500.0))
        self.assert_says(finished, 0, "WARNING", "this gates nothing", f"2.20  {A}")

    def test_another_machine_is_refused(self):
        finished = self.compare(self.measurements(2500.0, machine="another"))
        self.assert_says(finished, 2, "was measured on another machine")

    def test_what_is_no_measurement_is_refused(self):
        self.gate()
        self.assert_says(self.compare(self.session_file.read_text()), 2, "stored.json")
        self.assert_says(self.compare(self.measurements(1.0)[:-9]), 2, "stored.json")


class Resampled(AgainstTest):
    """tests/bench/gate_resampling, which counts how often the rule is wrong."""

    TOOL = EXPORTGATE.resolve().parent / "tests" / "bench" / "gate_resampling"

    def launches(self, name, number=10, **against):
        """Launches as ci/calibrate keeps them: A is a tenth slower, the other two are not."""
        folder = self.folder / name
        folder.mkdir()
        for seed in range(number):
            self.session_file = folder / f"{seed}.json"
            finished = self.gate(
                *("--launches", "1", "--raw", "--same-code", "0"),
                measured={"times": TIMES | {A: 5500}},
                against=against,
                seed=seed,
            )
            self.assertEqual((finished.code, finished.out), (0, ""), finished)
        return folder

    def resample(self, folder):
        command = [self.TOOL, "--sessions", "50", f"Fake={folder}"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def columns(self, finished, name):
        self.assertEqual(finished.returncode, 0, finished.stderr)
        row = next(line for line in finished.stdout.splitlines() if name in line)
        return [cell.strip() for cell in row.split("|")[3:-1]]

    def test_it_counts_what_is_found_and_no_false_alarm_where_there_is_none(self):
        finished = self.resample(self.launches("launches"))
        self.assertEqual(
            self.columns(finished, A.partition("/")[2]),
            ["1.000 ± 0.0%", "0", "0", "0", "1.100 ± 0.0%", "100.00%", "0"],
        )
        self.assertEqual(self.columns(finished, C.partition("/")[2])[-2], "0")
        self.assertIn("Void for their four same-code pairs: 0 of the sessions", finished.stdout)

    def test_it_counts_false_alarms_and_void_sessions(self):
        self.gate()
        twin = max(process[0]["control"] for process in fake_bench.log_of(self.against))
        folder = self.launches("launches", second={B: 22000}, second_at=twin)
        finished = self.resample(folder)
        self.assertEqual(self.columns(finished, B.partition("/")[2])[1:3], ["100.00%"] * 2)
        self.assertEqual(self.columns(finished, "session of all 3")[1], "**100.00%**")
        self.assertIn("Void for their four same-code pairs: 100.00%", finished.stdout)

    def test_launches_that_do_not_belong_together_or_are_too_few_are_refused(self):
        folder = self.launches("launches", number=9)
        self.assertIn("9 launches in", self.resample(folder).stderr)
        (folder / "x.json").write_text("{}")
        self.assertIn("x.json: not a session", self.resample(folder).stderr)
        session = json.loads((folder / "1.json").read_text())
        session["block_ns"] += 1
        (folder / "x.json").write_text(json.dumps(session))
        self.assertIn("x.json: was not run as the others were", self.resample(folder).stderr)
        self.assertEqual(self.resample(self.folder / "nowhere").returncode, 2)


class Real(Scratch):
    def test_a_case_that_takes_twice_as_long_is_slower_and_the_same_case_is_not(self):
        for folder in ("cases", "slow"):
            cases = self.folder / folder
            shutil.copytree(SOURCE / "tests/bench/slower_cases/kv_cache", cases / "kv_cache")
            shutil.copy(SOURCE / "cases" / "layered_cache.py", cases)
            toml = cases / "kv_cache" / "case.toml"
            # So far from the line that no noise decides it.
            toml.write_text(toml.read_text() + "threshold = 1.5\n")
        code = self.folder / "slow" / "kv_cache" / "case.py"
        text = code.read_text()
        self.assertIn('FLATTEN = {"plain": (56', text)
        code.write_text(text.replace('FLATTEN = {"plain": (56', 'FLATTEN = {"plain": (9999'))
        finished = self.exportgate(
            *("bench", "kv_cache/*flatten/plain/pytree/layers:1", "--against-cases", "cases"),
            *("--cases", "slow", "--pairs", "3"),
        )
        self.assert_says(finished, 1, "slower: 1 of 2 benchmarks slower")
        rows = [line for line in finished.out.splitlines() if line.startswith("slower ")]
        self.assertIn("kv_cache/flatten/plain/pytree/layers:1", rows[0])


if __name__ == "__main__":
    unittest.main()
