"""What exported programs are given to: the example of the documents, and consumers that lie."""

import os
import re
import shutil
import unittest

from consumer_support import ALL, PAIR, STATIC, Consumers, example

# The example, which does something else in a case of that name.
LIES = '''
import signal
import time

X = [None, 2, 7, 1]
KEYS = [None, 2, None, 6]


def lie(name, message, answer):
    """The answer to `message` in place of (kind, body)."""
    kind, body = answer
    if kind == "prepared":
        said = {
            "has_a_constant_dim": ("prepared", {"inputs": [X, [None, 2, 5, 6], KEYS]}),
            "knows_other_inputs": ("prepared", {"inputs": [X]}),
            "is_not_there": ("not_available", "it is closed on Mondays"),
            "cannot_prepare": ("error", "no operator of that name\\nat line 3"),
        }
        return said.get(name, answer)
    outputs = body["outputs"] if kind == "ran" else []
    if name == "dies":
        print("all is lost", file=sys.stderr)
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "ends":
        sys.exit(0)
    if name == "hangs":
        time.sleep(3600)
    if name == "says_nonsense":
        return "nonsense", {}
    if name == "says_no_json":
        print("hello", file=answers, flush=True)
        time.sleep(3600)
    if name == "returns_too_few":
        body["outputs"] = []
    if name == "returns_zeros":
        write(torch.zeros(outputs[0]["shape"]), outputs[0]["file"])
    if name == "returns_another_shape":
        outputs[0]["shape"] = outputs[0]["shape"][::-1]
    if name == "returns_a_short_file":
        open(outputs[0]["file"], "wb").close()
    if name == "writes_into_an_input":
        one = body["inputs"][1]
        write(torch.zeros(one["shape"]), one["file"])
    if name.startswith("says_nothing_of_its_inputs") and kind == "ran":
        del body["inputs"]
        if name.endswith("and_is_wrong"):
            write(torch.zeros(outputs[0]["shape"]), outputs[0]["file"])
    if name == "refuses_all":
        return "refused", "not today"
    if name == "goes_away":
        return "not_available", "after all"
    if name == "accepts_all" and kind == "refused":
        size = [4, 2, 7, 6]
        return "ran", {"outputs": [write(torch.zeros(size), message["run"]["folder"] + "/output0")]}
    return kind, body


def say(kind, body):
    if kind != "facts":
        if "prepare" in message:
            globals()["case"] = message["prepare"]["cell"].split("/")[0]
        kind, body = lie(case, message, (kind, body))
    print(json.dumps({kind: body}), file=answers, flush=True)


'''
EXPECTED = {
    "has_a_constant_dim": [
        'cache.key_cache[0] dim 2: symbolic "length" in the program, 5 in the model'
    ],
    "knows_other_inputs": ["takes 3 inputs in the program, 1 in the model"],
    "cannot_prepare": ["prepare: raises: no operator of that name"],
    "dies": ["pair b3c5: the consumer ended, signal 11: all is lost"],
    "ends": ["pair b3c5: the consumer ended, exit code 0"],
    "says_nonsense": ['pair b3c5: the consumer\'s answer to run has no object "ran"'],
    "says_no_json": ["pair b3c5: the consumer's answer to run is not JSON"],
    "returns_too_few": [
        "pair b3c5: returns 0 outputs, eager 1",
        "pair b4c11: returns 0 outputs, eager 1",
    ],
    "returns_zeros": ["pair b3c5: differs from eager", "pair b4c11: differs from eager"],
    "returns_another_shape": [
        "pair b3c5: output 0: float32[6, 7, 2, 3], eager float32[3, 2, 7, 6]",
        "pair b4c11: output 0: float32[6, 7, 2, 4], eager float32[4, 2, 7, 6]",
    ],
    "returns_a_short_file": [
        "pair b3c5: output 0 of the consumer is a file of another size than the 1008 bytes of its "
        "tensor"
    ],
    "writes_into_an_input": [
        "pair b3c5: mutates cache.key_cache[0]",
        "pair b4c11: mutates cache.key_cache[0]",
    ],
    "refuses_all": ["pair b3c5: refused: not today", "pair b4c11: refused: not today"],
    "goes_away": ['pair b3c5: the consumer\'s answer to run has no object "ran"'],
}

WRITES_IN_PLACE = """

import layered_cache


class Model(layered_cache.Model):
    def forward(self, x, cache):
        cache.key_cache[0].mul_(2)
        return super().forward(x, cache)
"""
KEPT = os.environ.get("EXPORTGATE_KEEP_RECORD")  # tests/unit/catalogue/record reads it
SOME = ("has_a_constant_dim", "dies", "ends", "says_no_json", "returns_zeros", "refuses_all")


class Lies(Consumers):
    def let_it_lie(self):
        lying = re.sub(r"def say\(.*?\n\n\n", lambda _: LIES.lstrip(), example(), flags=re.S)
        (self.folder / "consumer.py").write_text(lying)

    def test_the_example_is_short_and_works(self):
        self.assertLessEqual(len(example().splitlines()), 60)
        self.add("sound")
        _, checks = self.checks_of("--consumers", "consumer")
        self.assertEqual(set(checks), {"sound/named", "sound/static"})
        for cell in checks.values():
            self.assertEqual(cell["consumer"]["status"], "pass", cell)
            self.assertIn("facts: torch", " ".join(cell["consumer"]["notes"]))
            self.assertNotIn("aoti", cell)
            self.assertNotIn("onnx", cell)

    def test_a_consumer_that_lies_fails_and_says_how(self):
        self.let_it_lie()
        expected = EXPECTED if ALL else {name: EXPECTED[name] for name in SOME}
        for name in [*expected, "accepts_all", "is_not_there"]:
            self.add(name)
        named = [f"{name}/{PAIR}" for name in expected]
        others = [f"accepts_all/{STATIC}", f"is_not_there/{PAIR}"]
        _, checks = self.checks_of("--checks", "run,consumer", *named, *others)
        if KEPT:
            shutil.copy(self.folder / ".exportgate" / "last.jsonl", KEPT)
        for name, reasons in expected.items():
            with self.subTest(name):
                found = checks[f"{name}/named"]["consumer"]
                self.assertEqual((found["status"], found["reasons"]), ("fail", reasons))
        found = checks["accepts_all/static"]["consumer"]
        self.assertEqual(found["reasons"], ["pair b4c11: accepted by a static program"])
        found = checks["is_not_there/named"]["consumer"]
        self.assertEqual(found["status"], "n/a")
        self.assertEqual(found["reasons"], ["not available: it is closed on Mondays"])

    def test_outputs_count_also_where_it_says_nothing_of_what_is_written_in_place(self):
        self.let_it_lie()
        names = ["says_nothing_of_its_inputs", "says_nothing_of_its_inputs_and_is_wrong"]
        for name in names:
            self.add(name, 'mutates = ["cache.key_cache[0]"]\n')
            case = self.folder / "cases" / name / "case.py"
            case.write_text(
                case.read_text().replace("LayeredCache, Model, make", "LayeredCache, make")
                + WRITES_IN_PLACE
            )
        _, checks = self.checks_of(
            "--checks", "run,consumer", *(f"{name}/{PAIR}" for name in names)
        )
        right, wrong = (checks[f"{name}/named"]["consumer"] for name in names)
        why = ["not available: the model writes into cache.key_cache[0] and does not return it"]
        self.assertEqual((right["status"], right["reasons"]), ("n/a", why))
        differs = ["pair b3c5: differs from eager", "pair b4c11: differs from eager"]
        self.assertEqual((wrong["status"], wrong["reasons"]), ("fail", differs))

    def test_a_consumer_that_hangs_fails_when_its_time_is_over(self):
        self.let_it_lie()
        self.add("hangs")
        _, checks = self.checks_of(
            "--checks", "run,consumer", "--consumer-timeout", "8", f"hangs/{PAIR}"
        )
        found = checks["hangs/named"]["consumer"]
        expected = "pair b3c5: the consumer timeout: longer than its budget of 8 s"
        self.assertEqual((found["status"], found["reasons"]), ("fail", [expected]))

    def test_what_was_not_asked_for_is_neither_carried_out_nor_compared(self):
        self.add("sound")
        self.add("given", 'consumers = ["consumer"]\n')
        for name in ("sound", "given"):
            declared = self.folder / "cases" / name / "case.toml"
            declared.write_text(declared.read_text().replace('"named", "static"', '"named"'))
        ran, checks = self.checks_of()
        self.assertNotIn("consumer", checks["sound/named"])
        self.assertEqual(checks["given/named"]["consumer"]["status"], "pass")
        accepted = self.exportgate("accept", "--why", "for this test")
        self.assertEqual(accepted.code, 0, accepted)
        expected = self.folder / "golden" / "given" / "expected.tsv"
        self.assertIn("consumer=pass", expected.read_text())
        # Goldens without it stay valid; with it too, where it is asked for no more.
        self.assert_says(self.exportgate("run", "--consumers", "consumer"), 0, "PASSED")
        case = self.folder / "cases" / "given" / "case.toml"
        case.write_text(case.read_text().replace('consumers = ["consumer"]\n', ""))
        self.assert_says(self.exportgate("run"), 0, "PASSED", "Not compared")
        self.assertIn("consumer=pass", expected.read_text())

    def test_what_is_asked_for_has_to_be_there(self):
        self.add("sound")
        (self.folder / "exportgate.toml").write_text("")
        self.assert_says(
            self.exportgate("run", "--consumers", "consumer"),
            2,
            "nothing says which",
            "consumer_command",
        )
        (self.folder / "exportgate.toml").write_text('consumers = ["onxx"]\n')
        self.assert_says(
            self.exportgate("run"),
            2,
            'exportgate.toml:1: unknown consumer "onxx"',
            'did you mean "onnx"?',
        )

    def test_a_package_that_is_not_installed_is_no_pass(self):
        self.add("sound")
        _, checks = self.checks_of("--consumers", "onnx", "--checks", "onnx", f"sound/{PAIR}")
        found = checks["sound/named"]["onnx"]
        self.assertEqual(found["status"], "n/a", found)
        self.assertIn("not available: onnx", found["reasons"][0])
        self.assertIn("--with onnxruntime", found["reasons"][0])


if __name__ == "__main__":
    unittest.main()
