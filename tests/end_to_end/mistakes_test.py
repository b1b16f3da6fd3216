"""Mistakes that newcomers make. Each is answered with file, line, what was found and what to do.

docs/mistakes.md is the list. Those that other tests have are named there.
"""

import re
import unittest
from xml.etree import ElementTree

from support import SOURCE, Prepared, Scratch

TEMPLATES = SOURCE / "harness" / "project" / "templates"
TOML = (
    (TEMPLATES / "case.toml")
    .read_text()
    .replace("# modes =", 'modes = ["nonstrict"]\ndims_styles = ["static"]\n# modes =', 1)
    .replace("\n[steps]", "\n# [steps]")
    .replace("\nin_place", "\n# in_place")
)
CODE = (TEMPLATES / "case.py").read_text()
CELL = "as_is/nonstrict/static/b3c5"
QUERY = '["batch", 2, 1, 4]'
REGISTERS_NOTHING = re.sub(
    r"def register\(cache_class\):\n.*?\n\n\n",
    "def register(cache_class):\n    pass\n\n\n",
    CODE,
    flags=re.S,
)
PACKAGE = {
    "caches.py": "class MyCache:\n    def __init__(self, k, v):\n        self.keys = keyz\n",
    "attend.py": "def attend(query, cache):\n    return query @ cache.keys\n",
    "bad.py": "def f(:\n    pass\n",
}
# The mistake -> case.py, case.toml, by what was written in place of what.
MISTAKES = {
    "leaf": (CODE, TOML, 'leaves["query"]', 'leaves["q"]'),
    "syntax": (CODE, TOML, "(self, query, cache):", "(self, query, cache)"),
    "shape": (CODE, TOML, "cache.keys.transpose(-1, -2)", "cache.keys"),
    "dtype": (CODE, TOML, f"query = {QUERY}", f'query = {{ shape = {QUERY}, dtype = "int64" }}'),
    "output": (CODE, TOML, f"[outputs]\ny = {QUERY}", '[outputs]\ny = ["batch", 2, 1, 5]'),
    "class": (CODE, TOML, 'class = "MyCache"', 'class = "MyCach"'),
    "register": (CODE, TOML, "def register(", "def registr("),
    "unregistered": (REGISTERS_NOTHING, TOML, "\n\n\n", "\n\n\n"),
    "order": (CODE, TOML, "[cache.keys, cache.values], None", "[cache.values, cache.keys], None"),
    "missing": (CODE, TOML, '"cache.values" = ["batch", 2, "length", 4]\n', ""),
    "package": (CODE, TOML, "import torch\n", "import torch\nimport mypkg.caches\n"),
    "attend": (CODE, TOML, "import torch\n", "import torch\nfrom mypkg.attend import attend\n"),
    "bad": (CODE, TOML, "import torch\n", "import torch\nimport mypkg.bad\n"),
    "absent": (CODE, TOML, "import torch\n", "import torch\nimport mypkg.cachs\n"),
}  # fmt: skip
FURTHER = {
    "missing": ('leaves["cache.values"]', 'leaves["cache.keys"] + 1'),
    "package": ("cache_class(leaves", "mypkg.caches.MyCache(leaves"),
    "attend": ("        weights = ", "        return attend(query, cache)\n        weights = "),
}


def line_of(text, part):
    return 1 + text[: text.index(part)].count("\n")


class OfACase(Prepared):
    """All cases run at once; what is said of each is in a report of its own."""

    def prepare(self):
        for name, (code, toml, before, after) in MISTAKES.items():
            assert before in code or before in toml, name
            code, toml = code.replace(before, after, 1), toml.replace(before, after, 1)
            if name in FURTHER:
                assert FURTHER[name][0] in code, name
                code = code.replace(*FURTHER[name], 1)
            self.add_case(name, code=code, toml=toml)
        package = self.folder / "src" / "mypkg"
        package.mkdir(parents=True)
        for file, text in {"__init__.py": "", **PACKAGE}.items():
            (package / file).write_text(text)
        (self.folder / "exportgate.toml").write_text('pythonpath = ["src"]\n')
        ran = self.exportgate("run", "--junit", "report.xml", "--json", "report.json")
        self.assertEqual(ran.code, 2, ran)
        (self.folder / "said.txt").write_text(ran.out)

    def said(self, name):
        """The paragraph about the one cell of the case, in the output and in JUnit's."""
        out = (self.folder / "said.txt").read_text()
        paragraph = re.search(rf"^[A-Z ]+  {name}/{CELL}\n(?:  .*\n)+", out, re.M).group(0)
        suites = ElementTree.parse(self.folder / "report.xml").getroot()
        (suite,) = (one for one in suites if one.get("name") == name)
        of_junit = "".join(suite.itertext())
        for line in paragraph.splitlines():
            if line.startswith("  - "):
                self.assertIn(line, of_junit)
        return paragraph

    def code(self, name):
        return (self.folder / "cases" / name / "case.py").read_text()

    def toml(self, name):
        return (self.folder / "cases" / name / "case.toml").read_text()

    def assert_said(self, name, *texts, verdict="CASE ERROR"):
        paragraph = self.said(name)
        self.assertTrue(paragraph.startswith(f"{verdict}  "), paragraph)
        for text in texts:
            self.assertIn(text, paragraph)

    def test_a_leaf_that_nobody_declared(self):
        line = line_of(self.code("leaf"), 'leaves["q"]')
        self.assert_said(
            "leaf",
            "KeyError: \"no leaf 'q': case.toml declares query, cache.keys, cache.values",
            f"(leaf/case.py:{line})",
        )

    def test_a_syntax_error(self):
        line = line_of(self.code("syntax"), "(self, query, cache)")
        self.assert_said("syntax", "SyntaxError: expected ':'", f"(syntax/case.py:{line})")

    def test_shapes_that_do_not_fit(self):
        line = line_of(self.code("shape"), "query @ cache.keys")
        self.assert_said(
            "shape",
            f"(shape/case.py:{line}, called with query float32[3, 2, 1, 4], cache.keys float32[3, ",
        )

    def test_a_dtype_that_parses_and_is_wrong(self):
        line = line_of(self.code("dtype"), "query @ cache.keys")
        self.assert_said("dtype", f"(dtype/case.py:{line}, called with query int64[3, 2, 1, 4], ")

    def test_an_output_of_another_shape(self):
        line = line_of(self.toml("output"), "[outputs]") + 1
        self.assert_said(
            "output",
            "y are declared as float32[3, 2, 1, 5], but the model returns float32[3, 2, 1, 4]",
            f"(output/case.toml:{line})",
        )

    def test_a_class_that_is_not_there(self):
        line = line_of(self.toml("class"), 'class = "MyCach"')
        self.assert_said(
            "class",
            "has no class MyCach",
            "there are Model, MyCache; did you mean MyCache?",
            f"(class/case.toml:{line})",
        )

    def test_register_misspelt(self):
        line = line_of(self.code("register"), "def registr(")
        self.assert_said(
            "register",
            "case.py does not define register",
            "did you mean registr?",
            f"(register/case.py:{line})",
        )

    def test_a_class_that_is_not_registered(self):
        """torch is asked, and its answer is an outcome; where it may come from is said."""
        line = line_of(self.code("unregistered"), "def register(")
        self.assert_said(
            "unregistered",
            "Unsupported input type <class 'case_unregistered.MyCache'>",
            f"it may come from unregistered/case.py:{line}: leaf 1 is declared as cache.keys "
            "[3, 2, 5, 4], but is a MyCache: is the class registered?, not from torch",
            "(class-not-registered)",
            verdict="NEW",
        )

    def test_leaves_in_another_order(self):
        line = line_of(self.toml("order"), '"cache.keys" =')
        self.assert_said(
            "order",
            "leaf 1 is declared as cache.keys [3, 2, 5, 4], but has other values, those of "
            "cache.values: is this the order of the flatten function?",
            f"(order/case.toml:{line})",
            "the leaves that are there: query [3, 2, 1, 4], cache.keys [3, 2, 5, 4], cache.values",
        )

    def test_a_leaf_that_is_missing(self):
        line = line_of(self.toml("missing"), "[inputs]")
        self.assert_said(
            "missing",
            "the inputs flatten to 3 leaves, but 2 are declared",
            f"(missing/case.toml:{line})",
            "the leaves that are there: query [3, 2, 1, 4], cache.keys [3, 2, 5, 4], cache.values",
        )

    def test_code_of_the_users_package(self):
        line = line_of(self.code("package"), "mypkg.caches.MyCache(leaves")
        self.assert_said(
            "package",
            "NameError: name 'keyz' is not defined",
            f"(mypkg/caches.py:3, by way of package/case.py:{line})",
        )
        line = line_of(self.code("attend"), "return attend(")
        self.assert_said("attend", f"(mypkg/attend.py:2, by way of attend/case.py:{line}, called")
        line = line_of(self.code("bad"), "import mypkg.bad")
        self.assert_said("bad", f"(mypkg/bad.py:1, by way of bad/case.py:{line})")
        line = line_of(self.code("absent"), "import mypkg.cachs")
        self.assert_said("absent", "No module named 'mypkg.cachs'", f"(absent/case.py:{line})")

    def test_show_says_it_too(self):
        shown = self.exportgate("show", f"attend/{CELL}")
        self.assert_says(shown, 2, "(mypkg/attend.py:2, by way of attend/case.py:")

    def test_nothing_is_cut_in_a_pipe(self):
        out = (self.folder / "said.txt").read_text()
        self.assertNotRegex(out, r"\.\.\.$")
        self.assertNotIn("more lines", out)


class OfACommand(Scratch):
    def test_options(self):
        for command, wrong, meant in (
            (("run",), "--jbos", "--jobs"),
            (("run",), "--fesh", "--fresh"),
            (("accept",), "--wyh=x", "--why"),
            (("env", "add", "x"), "--pyton", "--python"),
        ):
            said = self.exportgate(*command, wrong)
            option = wrong.split("=")[0]
            name = " ".join(["exportgate", *command[: 2 if command[0] == "env" else 1]])
            self.assert_says(
                said, 2, f'there is no option "{option}" of {name}', f'did you mean "{meant}"?'
            )
        said = self.exportgate("run", "--nothing-like-it")
        self.assert_says(said, 2, "--nothing-like-it", "`exportgate run --help` shows")
        self.assertNotIn("did you mean", said.err)

    def test_packages_of_the_usual_environment_alone(self):
        """They are not those of another one, which is said before anything is installed."""
        toml = self.folder / "exportgate.toml"
        toml.write_text('[environments.default]\ntorch = "2.13.0"\nwith = ["optree==0.20.0"]\n')
        added = ("env", "add", "2.14.1", "--venv-from", "/no/such/python", "--environments", "e")
        note = "it does not get optree==0.20.0, which [environments.default] has; `with` at the top"
        self.assert_says(self.exportgate(*added), 2, f"note: {note}")
        toml.write_text('with = ["optree==0.20.0"]\n' + toml.read_text())
        self.assertNotIn("note:", self.exportgate(*added).out)

    def test_init_says_what_git_is_not_to_keep(self):
        self.assert_says(self.exportgate("init", "mine"), 0, "wrote .gitignore", "wrote .gitattr")
        self.assertIn("/.exportgate/\n", (self.folder / ".gitignore").read_text())
        self.assertIn("/golden/**/*.txt -merge\n", (self.folder / ".gitattributes").read_text())

    def test_init_leaves_what_is_there(self):
        (self.folder / ".gitignore").write_text("/.exportgate/\n")
        said = self.exportgate("init", "mine")
        self.assert_says(said, 0, "add to .gitignore:\n  /golden/*/.pending/\n  __pycache__/\n")
        self.assertNotIn("wrote .gitignore", said.out)
        self.assertEqual((self.folder / ".gitignore").read_text(), "/.exportgate/\n")


if __name__ == "__main__":
    unittest.main()
