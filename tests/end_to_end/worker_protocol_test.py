"""Drives a real worker through its protocol: worker_protocol_test.py WORKER CASES.

WORKER is the executable, built with the native modules of the folder CASES.
"""

import os
import re
import signal
import sys
import tempfile
import unittest

from worker_cases import DYNAMIC_CACHE, IN_FORWARD, TINY, TINY_CASE, tiny_case
from worker_client import Worker, case_folder, request

WORKER = ""
CASES = ""
FEW = {"checks": ["dims"]}  # where a test is about what comes before


def dynamic_cache(kind, mode, dims="named", pair="b3c5"):
    return request(os.path.join(CASES, "dynamic_cache"), DYNAMIC_CACHE, kind, mode, dims, pair)


def observation(messages):
    return messages[-1]["observation"]


def stages(messages):
    return [message["stage"]["stage"] for message in messages if "stage" in message]


def checks(seen):
    return {check["name"]: check for check in seen["exported"]["checks"]}


class ProtocolTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.worker = Worker(WORKER)
        cls.addClassCleanup(cls.worker.__exit__)
        cls.hello = cls.worker.wait_for("hello")
        cls.first_ready = cls.worker.wait_for("ready")
        cls.second_ready = cls.worker.wait_for("ready")

    def run_tiny(self, folder, mode="nonstrict", dims="named", pair="b3", only="", **options):
        asked = request(folder, TINY, "plain", mode, dims, pair)
        return self.worker.run(asked | ({"checks": [only]} if only else {}), **options)

    def rejection(self, line, replacement, **options):
        with tiny_case(line, replacement) as folder:
            messages, _, exited = self.run_tiny(folder, **options)
        self.assertEqual((exited["signal"], exited["exit_code"]), (0, 0))
        seen = observation(messages)
        self.assertIn("rejected", seen)
        self.assertEqual(seen["rejected"]["stage"], stages(messages)[-1])
        return seen["rejected"]

    def checks_of(self, line, replacement, **options):
        with tiny_case(line, replacement) as folder:
            messages, _, _ = self.run_tiny(folder, **options)
        seen = observation(messages)
        self.assertIn("exported", seen, seen)
        return checks(seen)

    def test_hello_describes_the_environment(self):
        self.assertEqual(self.hello["protocol"], 3)
        self.assertEqual(self.hello["pid"], self.worker.process.pid)
        environment = self.hello["environment"]
        self.assertRegex(environment["torch"], r"^\d+\.\d+\.\d+")
        self.assertTrue(environment["torch_build"].startswith(environment["torch"]))
        self.assertRegex(environment["platform"], r"^linux-\w+$")
        self.assertIn("torch", environment["packages"])
        self.assertGreater(self.hello["timings_s"]["import"], 0)
        folders = self.hello["folders"]
        self.assertEqual(sorted(folders), ["environment", "python", "worker"])
        self.assertEqual(folders["worker"], [os.path.dirname(os.path.realpath(WORKER))])
        for folder in sum(folders.values(), []):
            self.assertTrue(os.path.isabs(folder), folder)

    def test_becomes_ready_for_each_mode(self):
        self.assertEqual(self.first_ready["mode"], "nonstrict")
        self.assertEqual(self.second_ready["mode"], "strict")
        self.assertGreater(self.second_ready["timings_s"]["warm_up_strict"], 0)

    def test_exports_a_cell(self):
        messages, _, exited = self.worker.run(dynamic_cache("plain", "strict"))
        self.assertEqual((exited["signal"], exited["exit_code"]), (0, 0))
        before_checks = ["import", "construct", "register", "eager", "export", "observe"]
        self.assertEqual(stages(messages)[: len(before_checks)], before_checks)
        # `steps` only where a case says how it is called in a loop; consumers where one is named.
        elsewhere = ("steps", "aoti", "onnx", "consumer")
        asked_for = [name for name in self.hello["checks"] if name not in elsewhere]
        self.assertCountEqual(  # some share a process, and follow each other there
            stages(messages)[len(before_checks) :],
            [f"check:{name}" for name in asked_for],
        )
        seen = observation(messages)
        self.assertEqual(seen["cell"], "dynamic_cache/plain/strict/named/b3c5")
        self.assertIn("class GraphModule", seen["exported"]["print"])
        self.assertIn(os.path.join(CASES, "dynamic_cache", "case.py"), seen["exported"]["print"])
        self.assertEqual(list(checks(seen)), asked_for)
        self.assertEqual(seen["exported"]["loaded"], "=")
        self.assertEqual(seen["exported"]["retraced"], "=")
        self.assertIn("aten.full.default", seen["exported"]["decomposed"])
        leaves = [{"type": "list", "children": [{"type": "*"}]}] * 2
        cache = seen["exported"]["in_spec"]["children"][0]["children"][1]
        self.assertEqual(
            cache,
            {
                "type": "DynamicCache",
                "context": "['key_cache', 'value_cache']",
                "children": leaves,
            },
        )
        self.assertEqual(seen["exported"]["out_spec"], {"type": "*"})
        for stage in stages(messages) + ["fork", "total"]:
            self.assertIn(stage, seen["timings_s"])

    def test_a_rejected_cell_says_where_and_why(self):
        messages, _, _ = self.worker.run(dynamic_cache("native", "strict"))
        rejected = observation(messages)["rejected"]
        self.assertEqual(rejected["stage"], "export")
        self.assertEqual(rejected["exception"], "torch._dynamo.exc.Unsupported")
        self.assertIn(os.path.join("dynamic_cache", "case.py"), rejected["message"])
        self.assertNotIn("place", rejected, "that is torch's")

    def test_the_same_cell_is_observed_the_same_twice_also_by_a_worker_that_is_warm_for_less(self):
        asked = dynamic_cache("module", "strict", "auto")
        with Worker(WORKER, "--check", "dims") as other:
            twice = [observation(worker.run(asked)[0]) for worker in (self.worker, other)]
        for seen in twice:
            del seen["timings_s"]
        self.assertEqual(twice[0], twice[1])

    def test_several_requests_in_one_child_do_not_depend_on_each_other(self):
        requests = [
            dynamic_cache(kind, mode, pair=pair) | {"checks": ["run", "pytree", "registry"]}
            for kind, mode in (("plain", "strict"), ("module", "strict"), ("native", "nonstrict"))
            for pair in ("b3c5", "b4c11")
        ]
        child = self.worker.start(requests)
        messages, _ = child.read_to_end()
        self.worker.wait_for("exited", id=child.id)
        together = [m["observation"] for m in messages if "observation" in m]
        self.assertEqual([seen["cell"] for seen in together], [r["cell"] for r in requests])
        for seen, asked in zip(together, requests):
            alone = observation(self.worker.run(asked)[0])
            del seen["timings_s"], alone["timings_s"]
            self.assertEqual(seen, alone)

    def test_nonstrict_cell_runs_beside_a_strict_one(self):
        first = self.worker.start([dynamic_cache("plain", "strict") | FEW])
        second = self.worker.start([dynamic_cache("plain", "nonstrict", "static") | FEW])
        self.assertIn("exported", observation(second.read_to_end()[0]))
        self.assertIn("exported", observation(first.read_to_end()[0]))
        ended = {self.worker.wait_for("exited")["id"] for _ in range(2)}
        self.assertEqual(ended, {first.id, second.id})

    def test_child_leads_its_own_process_group(self):
        line = "import ctypes, os, sys, time"
        with tiny_case(line, line + "\nprint('group', os.getpgid(0), os.getpid())") as folder:
            asked = request(folder, TINY, "plain", "nonstrict", "named", "b3") | FEW
            child = self.worker.start([asked])
            forked = self.worker.wait_for("forked", id=child.id)
            _, output = child.read_to_end()
        self.assertIn(f"group {forked['pid']} {forked['pid']}", output)
        self.worker.wait_for("exited", id=child.id)

    def test_output_of_a_case_goes_to_its_descriptor(self):
        line = "import ctypes, os, sys, time"
        noise = "\nprint('on one'); os.write(2, b'on two'); assert sys.stdin.read() == ''"
        with tiny_case(line, line + noise) as folder:
            messages, output, _ = self.run_tiny(folder, only="dims")
        self.assertIn("exported", observation(messages))
        self.assertIn("on one", output)
        self.assertIn("on two", output)

    def test_segmentation_fault(self):
        with tiny_case(IN_FORWARD, "        ctypes.string_at(0)") as folder:
            messages, output, exited = self.run_tiny(folder)
        self.assertEqual(exited["signal"], signal.SIGSEGV)
        self.assertEqual(stages(messages)[-1], "eager")
        self.assertNotIn("observation", messages[-1])
        self.assertIn("in forward", output)

    def test_immediate_exit(self):
        with tiny_case(IN_FORWARD, "        os._exit(7)") as folder:
            messages, _, exited = self.run_tiny(folder)
        self.assertEqual((exited["signal"], exited["exit_code"]), (0, 7))
        self.assertNotIn("observation", messages[-1])

    def test_sys_exit_is_a_rejection(self):
        line = "import ctypes, os, sys, time"
        rejected = self.rejection(line, line + "\nsys.exit('enough')")
        place = rejected.pop("place")
        self.assertRegex(place, r"^[^/]+/case\.py:\d+$")
        self.assertEqual(
            rejected, {"stage": "import", "exception": "SystemExit", "message": "enough"}
        )

    def test_syntax_error(self):
        rejected = self.rejection("class Model(torch.nn.Module):", "class Model(:")
        self.assertEqual((rejected["stage"], rejected["exception"]), ("import", "SyntaxError"))
        self.assertRegex(rejected["place"], r"^[^/]+/case\.py:\d+$")

    def test_missing_function(self):
        rejected = self.rejection("def unregister(cache_class):", "def forget(cache_class):")
        self.assertEqual(rejected["stage"], "import")
        self.assertIn("case.py does not define unregister", rejected["message"])

    def test_native_source_that_the_worker_was_built_without(self):
        with case_folder(TINY_CASE) as folder:
            with open(os.path.join(folder, "native.cpp"), "w", encoding="utf-8"):
                pass
            messages, _, _ = self.run_tiny(folder)
        rejected = observation(messages)["rejected"]
        self.assertEqual(rejected["stage"], "import")
        self.assertIn("this worker was built without native_tiny", rejected["message"])

    def test_allocation_of_a_tebibyte_fails_cleanly(self):
        rejected = self.rejection(
            IN_FORWARD, "        return torch.empty(1 << 40, dtype=torch.uint8)"
        )
        self.assertEqual((rejected["stage"], rejected["exception"]), ("eager", "RuntimeError"))
        self.assertIn("allocate", rejected["message"])

    def test_memory_limit_holds(self):
        allocate = "        return bytearray(1 << 30)"
        rejected = self.rejection(IN_FORWARD, allocate, memory_limit_bytes=1 << 30)
        self.assertEqual((rejected["stage"], rejected["exception"]), ("eager", "MemoryError"))

    def test_message_that_is_not_unicode(self):
        rejected = self.rejection(IN_FORWARD, "        raise ValueError('\\udcff' + chr(0))")
        self.assertEqual(rejected["message"], "\\udcff\0")

    def test_colours_are_no_part_of_a_message(self):
        rejected = self.rejection(
            IN_FORWARD, r"        raise ValueError('\x1b[96mstep 2\x1b[0m [1]')"
        )
        self.assertEqual(rejected["message"], "step 2 [1]")

    def test_exception_without_a_message(self):
        broken = """        class Broken(Exception):
            def __str__(self):
                raise KeyError("none")
        raise Broken"""
        rejected = self.rejection(IN_FORWARD, broken)
        self.assertEqual(rejected["exception"], "case_tiny.Model.forward.<locals>.Broken")
        self.assertIn("KeyError", rejected["message"])

    def test_wrong_output_shape(self):
        rejected = self.rejection(
            IN_FORWARD, "        return (x + cache.first + cache.second).sum()"
        )
        self.assertEqual(rejected["stage"], "eager")
        self.assertEqual(
            rejected["message"],
            "pair b3: outputs y are declared as float32[3, 4], but the model returns float32[]",
        )

    def test_flatten_that_drops_a_leaf(self):
        rejected = self.rejection(
            "    return [cache.first, cache.second], None", "    return [cache.first], None"
        )
        self.assertEqual(rejected["stage"], "register")
        self.assertIn("leaf 2 is declared as cache.second [3, 4]", rejected["message"])

    def test_flatten_in_another_order(self):
        rejected = self.rejection(
            "    return [cache.first, cache.second], None",
            "    return [cache.second, cache.first], None",
        )
        self.assertEqual(rejected["stage"], "register")
        self.assertIn("leaf 1 is declared as cache.first [3, 4]", rejected["message"])

    def test_tiny_case_passes_every_check(self):
        for mode in ("strict", "nonstrict"):
            for dims in ("named", "auto", "dynamic", "static") if mode == "strict" else ("named",):
                with self.subTest(mode=mode, dims=dims):
                    passed = self.checks_of(IN_FORWARD, IN_FORWARD, mode=mode, dims=dims)
                    bounds = passed.pop("bounds")
                    for check in passed.values():
                        self.assertEqual((check["status"], check["reasons"]), ("pass", []), check)
                    self.assertEqual(
                        (bounds["status"], bounds["reasons"], bounds["notes"]),
                        {
                            "named": ("pass", [], ["batch = 0: accepted, as eager"]),
                            "auto": ("n/a", ["dims=auto asks for no range"], []),
                            "dynamic": ("n/a", ["dims=dynamic asks for no range"], []),
                            "static": ("n/a", ["no dim is dynamic"], []),
                        }[dims],
                    )

    def test_a_check_that_crashes_costs_itself_alone(self):
        line = "def unregister(cache_class):"
        failed = self.checks_of(line, line + "\n    ctypes.string_at(0)")
        self.assertEqual(
            failed.pop("registry"),
            {
                "name": "registry",
                "status": "fail",
                "reasons": ["crashed: signal 11 (SIGSEGV)"],
                "notes": [],
                "revision": self.hello["checks"]["registry"],
            },
        )
        self.assertEqual({check["status"] for check in failed.values()}, {"pass"})

    def test_a_check_that_ends_its_process_fails(self):
        line = "def unregister(cache_class):"
        failed = self.checks_of(line, line + "\n    os._exit(0)")
        self.assertEqual(failed["registry"]["reasons"], ["ended without a result, exit code 0"])

    def test_a_check_that_exceeds_its_budget_is_a_timeout_and_the_others_report(self):
        # It hangs in C, where no signal handler of Python would be run.
        line = "def unregister(cache_class):"
        with tiny_case(line, line + "\n    ctypes.CDLL(None).pause()") as folder:
            asked = request(folder, TINY, "plain", "nonstrict", "static", "b3")
            seen = checks(observation(self.worker.run(asked | {"check_budget_s": 1.0})[0]))
        timeout = seen.pop("registry")
        self.assertEqual(timeout["status"], "fail")
        self.assertEqual(timeout["reasons"], ["timeout: longer than its budget of 1 s"])
        self.assertEqual({check["status"] for check in seen.values()}, {"pass", "n/a"})

    def test_a_program_travels_to_another_process(self):
        with tiny_case(IN_FORWARD, IN_FORWARD) as folder, tempfile.TemporaryDirectory() as kept:
            asked = request(folder, TINY, "plain", "strict", "named", "b3")
            asked |= {"checks": ["save_load"]}  # which saves it
            file = os.path.join(kept, asked["cell"] + ".pt2")
            self.worker.run(asked | {"save_program": file})
            self.assertEqual(os.listdir(os.path.dirname(file)), ["b3.pt2"])
            load = {"file": file, "torch_build": "2.0.0+other"}
            earlier = observation(self.worker.run(asked | {"load_program": load})[0])["earlier"]
            self.assertIn("class GraphModule", earlier.pop("print"))
            expected = {"torch_build": "2.0.0+other", "status": "pass", "reasons": []}
            self.assertEqual(earlier, expected)

            with open(file, "r+b") as program:
                program.truncate(1000)
            earlier = observation(self.worker.run(asked | {"load_program": load})[0])["earlier"]
            self.assertEqual(earlier["status"], "fail")
            self.assertIn("load raises ", earlier["reasons"][0])

            os.unlink(file)
            earlier = observation(self.worker.run(asked | {"load_program": load})[0])["earlier"]
            self.assertEqual(
                (earlier["status"], earlier["reasons"]), ("n/a", ["no program was saved"])
            )

    def test_another_seed_gives_other_values(self):
        show = "        print('first', float(x[0, 0])) if type(x) is torch.Tensor else None\n"
        with tiny_case(IN_FORWARD, show + IN_FORWARD) as folder:
            asked = request(folder, TINY, "plain", "nonstrict", "static", "b3") | FEW
            values = [
                re.search("first (.*)", self.worker.run(asked | {"seed": seed})[1]).group(1)
                for seed in (0, 0, 1)
            ]
        self.assertEqual(values[0], values[1])
        self.assertNotEqual(values[0], values[2])

    def test_lost_dim_fails_run(self):
        failed = self.checks_of(
            IN_FORWARD,
            "        return cache.first + cache.second + x[: int(x.shape[0])]",
            dims="auto",
            only="run",
        )["run"]
        self.assertEqual(
            (failed["status"], failed["reasons"]), ("fail", ["pair b5: refused: batch == 3"])
        )

    def test_baked_in_input_is_recognised(self):
        line = '    return leaves["x"], cache_class(leaves["cache.first"], leaves["cache.second"])'
        keep = '    Model.kept.setdefault(len(leaves["x"]), leaves["cache.first"])\n'
        forward = """        return x + 2 * self.kept[len(x)] + cache.second + 0 * cache.first

    kept = {}"""
        with case_folder(
            TINY_CASE.replace(line, keep + line).replace(IN_FORWARD, forward)
        ) as folder:
            messages, _, _ = self.run_tiny(folder, dims="static", only="constants")
        seen = observation(messages)
        self.assertEqual(
            checks(seen)["constants"]["reasons"], ["cache.first is baked in as a constant"]
        )
        [constant] = seen["exported"]["constants"]
        self.assertEqual(constant["same_as"], "cache.first")
        self.assertEqual((constant["dtype"], constant["shape"]), ("float32", [3, 4]))

    def test_mutated_input_fails_run(self):
        failed = self.checks_of(IN_FORWARD, "        x.add_(1)\n" + IN_FORWARD, only="run")["run"]
        self.assertEqual(failed["status"], "fail")
        self.assertEqual(failed["reasons"], ["pair b3: mutates x", "pair b5: mutates x"])

    def test_forgotten_registry_fails_registry(self):
        failed = self.checks_of("    torch.fx._pytree.SUPPORTED_NODES.pop(cache_class)\n", "")
        self.assertEqual(
            failed["registry"]["reasons"], ["Cache stays in torch.fx._pytree.SUPPORTED_NODES"]
        )
        self.assertEqual(failed["run"]["status"], "pass")


if __name__ == "__main__":
    WORKER, CASES = (os.path.abspath(path) for path in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
