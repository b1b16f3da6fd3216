"""In which processes a worker carries its checks out: worker_processes_test.py WORKER."""

import ctypes
import mmap
import re
import sys
import unittest

from worker_cases import IN_FORWARD, TINY, tiny_case
from worker_client import Worker, request

WORKER = ""
MADV_COLLAPSE = 25  # linux/mman.h
LARGE = 2 << 20

# Those of one process, in the order in which they run there.
TOGETHER = [["constants", "model", "pytree", "registry"], ["save_load", "retrace", "decompose"]]

# The model that was exported, called again: the checks `model` and `pytree` do that.
CALLED_AGAIN = """        if torch.compiler.is_exporting():
            TRACED.append(self)
        elif any(self is one for one in TRACED):
            {what}
        return x + 2 * cache.first + cache.second


TRACED = []"""


def checks(messages):
    return {check["name"]: check for check in messages[-1]["observation"]["exported"]["checks"]}


def stages(messages):
    named = [message["stage"]["stage"] for message in messages if "stage" in message]
    return [name.removeprefix("check:") for name in named if name.startswith("check:")]


class ProcessesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.worker = Worker(WORKER)
        cls.addClassCleanup(cls.worker.__exit__)
        cls.worker.wait_for("hello")
        cls.worker.wait_for("ready", mode="nonstrict")

    def run_tiny(self, line, replacement, **more):
        with tiny_case(line, replacement) as folder:
            asked = request(folder, TINY, "plain", "nonstrict", "static", "b3")
            messages, _, exited = self.worker.run(asked | more)
        self.assertEqual((exited["signal"], exited["exit_code"]), (0, 0))
        return messages

    def assert_called_again(self, messages, reason):
        """What calls the model fails of `reason`, and every other check has a result of its own."""
        seen = checks(messages)
        for failed in map(seen.pop, ("model", "pytree")):
            self.assertEqual((failed["status"], failed["reasons"]), ("fail", [reason]), failed)
        self.assertEqual(
            {check["status"] for check in seen.values()} - {"pass", "n/a"}, set(), seen
        )

    def test_each_is_announced_once_and_reported_in_the_order_of_all(self):
        messages = self.run_tiny(IN_FORWARD, IN_FORWARD)
        announced = stages(messages)
        self.assertEqual(sorted(announced), sorted(checks(messages)))
        for together in TOGETHER:
            first = announced.index(together[0])
            self.assertEqual(announced[first : first + len(together)], together)
        order = ["constants", "run", "bounds", "traits", "model", "pytree", "save_load"]
        self.assertEqual(list(checks(messages)), [*order, "decompose", "retrace", "registry"])

    def test_one_that_crashes_first_leaves_the_others_to_processes_of_their_own(self):
        messages = self.run_tiny(IN_FORWARD, CALLED_AGAIN.format(what="ctypes.string_at(0)"))
        self.assert_called_again(messages, "crashed: signal 11 (SIGSEGV)")
        announced = stages(messages)
        begin = announced.index("constants")
        again = ["constants", "model", "model", "pytree", "registry"]
        self.assertEqual(announced[begin : begin + len(again)], again)

    def test_one_that_ends_its_process_leaves_the_others(self):
        messages = self.run_tiny(IN_FORWARD, CALLED_AGAIN.format(what="os._exit(0)"))
        self.assert_called_again(messages, "ended without a result, exit code 0")

    def test_one_that_hangs_has_the_budget_of_one_check(self):
        # It hangs in C, where no signal handler of Python would be run.
        hangs = CALLED_AGAIN.format(what="ctypes.CDLL(None).pause()")
        cheap = {"checks": TOGETHER[0], "check_budget_s": 3.0}
        messages = self.run_tiny(IN_FORWARD, hangs, **cheap)
        self.assert_called_again(messages, "timeout: longer than its budget of 3 s")

    def test_one_that_writes_for_another_is_found_out(self):
        # Into every pipe, so also into that of the results.
        forges = """exec('''
import stat
for descriptor in range(3, 200):
    try:
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            os.write(descriptor, b'{"status": "pass", "reasons": []}' + bytes([10]))
    except OSError:
        pass
''', globals())"""
        messages = self.run_tiny(IN_FORWARD, CALLED_AGAIN.format(what=forges))
        self.assert_called_again(messages, "ended with a result that the check did not write")

    def test_one_check_alone_needs_no_other(self):
        for name in ("registry", "decompose"):
            with self.subTest(name):
                messages = self.run_tiny(IN_FORWARD, IN_FORWARD, checks=[name])
                self.assertEqual(list(checks(messages)), [name])
                self.assertEqual(stages(messages), [name])

    def test_what_is_forked_lies_in_large_pages(self):
        if not can_make_large_pages():
            self.skipTest("this kernel makes no large pages when it is asked (Linux 6.1 does)")
        messages = self.run_tiny(
            "import ctypes, os, sys, time",
            "import ctypes, os, sys, time\n"
            "raise ValueError(open(f'/proc/{os.getppid()}/smaps_rollup').read())",
        )
        said = messages[-1]["observation"]["rejected"]["message"]
        anonymous, large = (
            int(re.search(rf"^{name}: +(\d+) kB", said, re.M)[1])
            for name in ("Anonymous", "AnonHugePages")
        )
        self.assertGreater(large, anonymous // 2)


def can_make_large_pages():
    with mmap.mmap(-1, 2 * LARGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.write(bytes(2 * LARGE))
        first = ctypes.c_char.from_buffer(memory)
        here = ctypes.addressof(first)
        del first  # memory is closed at the end
        begin = (here + LARGE - 1) // LARGE * LARGE
        madvise = ctypes.CDLL(None).madvise
        return madvise(ctypes.c_void_p(begin), ctypes.c_size_t(LARGE), MADV_COLLAPSE) == 0


if __name__ == "__main__":
    WORKER = sys.argv.pop(1)
    unittest.main()
