"""A project of a person's own: exportgate.toml, `exportgate init`, what commands find unasked."""

import json
import subprocess
import sys
import unittest

from support import CASE_TOML, RECORD, SOURCE, Scratch

PYTHON = sys.executable  # the default environment's, which has torch
TEMPLATES = SOURCE / "harness" / "project" / "templates"


class Projects(Scratch):
    """A scratch folder with environments/default, whose worker is that of the build folder."""

    def setUp(self):
        super().setUp()
        (self.folder / "cases").rmdir()
        self.add_environments("default", copied=True)

    def project(self, text=""):
        (self.folder / "exportgate.toml").write_text(text)

    def at(self, folder, *arguments, **variables):
        """As exportgate(), from a folder below the scratch folder."""
        (self.folder / folder).mkdir(parents=True, exist_ok=True)
        process = subprocess.run(
            self.command(*arguments),
            cwd=self.folder / folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )
        return process

    def init(self, *arguments):
        return self.exportgate("init", *arguments, "--environments", "environments")

    def run_cells(self, *arguments):
        return self.exportgate("run", *arguments, "--environments", "environments")


class Init(Projects):
    def test_a_case_that_runs_at_once(self):
        written = self.init("mine")
        self.assert_says(
            written, 0, "wrote cases/mine/case.toml", "wrote cases/mine/case.py", "exportgate.toml"
        )
        self.assertIn("exportgate run 'mine/*'", written.out)
        ran = self.run_cells("mine/*")
        self.assert_says(ran, 1, "NEW  8 cells", "exported, all checks pass", "8 cells on torch")
        self.assertNotIn("rejected", ran.out)
        accepted = self.exportgate("accept", "mine/*", "--why", "as it should be")
        self.assertEqual(accepted.code, 0, accepted)
        again = self.run_cells("mine/*")
        self.assert_says(again, 0, "8 cells on torch 2.13.0: all as expected. PASSED")

        with self.subTest("a mistake in the class is a red cell"):
            code = self.folder / "cases" / "mine" / "case.py"
            swapped = "[cache.values, cache.keys], None"
            self.assertIn("[cache.keys, cache.values], None", code.read_text())
            code.write_text(code.read_text().replace("[cache.keys, cache.values], None", swapped))
            self.assert_says(self.run_cells("mine/*"), 2, "CASE ERROR", "leaf 1 is declared as")

    def test_it_is_short(self):
        lines = [
            len((TEMPLATES / name).read_text().splitlines()) for name in ("case.toml", "case.py")
        ]
        self.assertLess(sum(lines), 120)

    def test_nothing_is_written_over(self):
        self.init("mine")
        code = self.folder / "cases" / "mine" / "case.py"
        code.write_text("# my work\n")
        (self.folder / "exportgate.toml").write_text("# mine too\n")
        for arguments in (("mine",), ("mine", "--native"), ("mine", "--class", "a.b:C")):
            self.assert_says(self.init(*arguments), 2, "cases/mine", "is there already", "case.py")
        self.assertEqual(code.read_text(), "# my work\n")
        self.assert_says(self.init("second"), 0, "wrote cases/second/case.py")
        self.assertEqual((self.folder / "exportgate.toml").read_text(), "# mine too\n")

        (self.folder / "cases" / "empty").mkdir()
        self.assert_says(self.init("empty"), 2, "is there already")
        (self.folder / "cases" / "dangling").symlink_to("/nowhere/at/all")
        self.assert_says(self.init("dangling"), 2, "is there already")

    def test_names_that_cannot_be(self):
        self.assert_says(self.init("a/b"), 2, "cannot be the name of a case")
        self.assert_says(self.init("my-cache", "--native"), 2, "native_my-cache", "letters, digits")
        for path in ("cache", "pkg.mod", "pkg.mod:", ":C", "pkg..mod:C", "pkg.mod:C.D", "a b:C"):
            self.assert_says(self.init("mine", "--class", path), 2, "does not name a class")
        self.assert_says(self.init("mine", "--class", "a:C", "--native"), 2, "leave one of them")
        self.assertEqual(list(self.folder.glob("cases/*")), [])
        self.assertFalse((self.folder / "exportgate.toml").exists())

    def test_where_the_project_keeps_its_cases(self):
        self.project('cases = "tests/export"\n')
        written = self.at("deep/below", "init", "mine", "--environments", "../../environments")
        self.assertEqual(written.returncode, 0, written)
        self.assertIn("wrote ../../tests/export/mine/case.py", written.stdout)
        self.assertTrue((self.folder / "tests/export/mine/case.toml").exists())
        self.assertFalse((self.folder / "deep/below/exportgate.toml").exists())

    def test_without_an_environment_it_says_how_to_make_one(self):
        written = self.exportgate("init", "mine", "--environments", "none")
        self.assert_says(written, 0, "exportgate env add default", "exportgate run 'mine/*'")
        ran = self.exportgate("run", "--environments", "none")
        self.assert_says(
            ran,
            2,
            'exportgate.toml:6: asks for the environment "default"',
            "env add default` makes",
        )

    def test_a_native_case_is_built_and_runs(self):
        written = self.init("mine", "--native")
        self.assert_says(written, 0, "wrote cases/mine/native.cpp", "exportgate env add default")
        self.assert_says(self.run_cells(), 2, "native.cpp of mine was never built for it")
        environments = ("--environments", "own")
        self.project(f'[environments.default]\npython = "{PYTHON}"\n')
        added = self.exportgate("env", "add", "default", *environments, timeout=600)
        self.assert_says(added, 0, "ready")
        self.assertNotIn("not available", added.out)
        checks = ("--checks", "pytree,registry,run,save_load")  # where the class is in C++
        finished, cells = self.judged("run", *environments, *checks)
        self.assertEqual(finished.code, 1, finished)
        self.assertEqual(len(cells), 16)
        observed = {name: cell["observed"] for name, cell in cells.items()}
        exported = {name for name, seen in observed.items() if seen["status"] == "exported"}
        # Strict mode cannot trace a class in C++ (docs/checks.md).
        self.assertEqual({name for name in cells if "native/strict" not in name}, exported)
        for name in exported:
            failing = [c for c in observed[name]["checks"] if c["status"] == "fail"]
            self.assertEqual(failing, [], name)


class ImportedClass(Projects):
    one_path = True

    def setUp(self):
        super().setUp()
        written = self.init("mine", "--class", "library.caches:Cache")
        self.assert_says(written, 0, "below [environments.default] in exportgate.toml")

    def library(self, text):
        site = self.folder / "site" / "library"
        site.mkdir(parents=True)
        (site / "__init__.py").write_text("")
        (site / "caches.py").write_text(text)
        return {"PYTHONPATH": str(site.parent)}

    def test_a_library_that_is_not_installed(self):
        self.assert_says(
            self.run_cells("*/strict/named/*"), 2, "rejected", "No module named 'library'"
        )

    def test_a_package_beside_the_project(self):
        package = self.folder / "library"
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "caches.py").write_text("class Cache:\n    pass\n")
        self.assert_says(self.run_cells("*/strict/named/*"), 2, "module-not-found")
        explained = self.exportgate("explain", "mine/as_is/strict/named/b3c5")
        self.assert_says(explained, 0, 'pythonpath = ["."]')
        file = self.folder / "exportgate.toml"
        file.write_text('pythonpath = ["."]\n' + file.read_text())
        self.assert_says(self.run_cells("*/strict/named/*"), 2, "Cache is not registered")

    def test_a_class_that_nobody_registered(self):
        paths = self.library("class Cache:\n    def __init__(self):\n        self.keys = None\n")
        ran = self.exportgate("run", "--environments", "environments", **paths)
        self.assert_says(ran, 2, "rejected in register", "Cache is not registered with pytree")

    def test_a_class_that_the_library_registers(self):
        paths = self.library(
            "from torch.utils import _pytree\n"
            "class Cache:\n"
            "    pass\n"
            "_pytree.register_pytree_node(\n"
            "    Cache, lambda cache: ([], None), lambda children, context: Cache(),\n"
            "    serialized_type_name='library.Cache',\n"
            "    flatten_with_keys_fn=lambda cache: ([], None))\n"
        )
        ran = self.exportgate(
            "run", "--environments", "environments", "--checks", "registry", **paths
        )
        self.assert_says(ran, 1, "NEW  8 cells")
        self.assertNotIn("registered with pytree", ran.out)


class Found(Projects):
    def setUp(self):
        super().setUp()
        self.project('cases = "mine/cases"\ngolden = "mine/golden"\n')
        self.add_case_at("mine/cases/one")

    def add_case_at(self, path):
        case = self.folder / path
        case.mkdir(parents=True)
        (case / "case.toml").write_text(CASE_TOML)
        source = SOURCE / "cases" / "dynamic_cache" / "case.py"
        (case / "case.py").write_text(source.read_text())

    def test_from_a_folder_below(self):
        """Every command that has to know where things are is told nothing."""
        environments = ("--environments", "../../environments")
        ran = self.at("mine/cases", "run", *environments)
        self.assertEqual(ran.returncode, 1, ran)
        self.assertTrue((self.folder / ".exportgate" / "last.jsonl").exists())
        self.assertFalse((self.folder / "mine/cases/.exportgate").exists())
        accepted = self.at("mine/cases", "accept", "--why", "a test")
        self.assertEqual(accepted.returncode, 0, accepted)
        self.assertTrue((self.folder / "mine/golden/one/expected.tsv").exists())
        record = "../../.exportgate/last.jsonl"
        for arguments in (
            ("run", *environments),
            ("check", record),
            ("show", "one/*"),
            ("list",),
            ("matrix", record),
            ("report", record, "-o", "page"),
            ("upgrade", record, record),
            ("bench", "one", "--benchmark_list_tests", *environments),
        ):
            with self.subTest(arguments):
                finished = self.at("mine/cases", *arguments)
                self.assertEqual(finished.returncode, 0, finished)

    def test_options_win(self):
        self.add_case_at("other/two")
        listed = self.exportgate("list", "--cases", "other")
        self.assertEqual(listed.out, "two/plain/nonstrict/static/b3c5\n")
        self.project('environment = "nowhere"\ncases = "mine/cases"\ngolden = "mine/golden"\n')
        self.assert_says(
            self.run_cells(), 2, 'exportgate.toml:1: asks for the environment "nowhere"'
        )
        ran = self.run_cells("--env", "default", "--golden", "elsewhere")
        self.assert_says(ran, 1, "1 cell on torch 2.13.0: new")
        self.assertFalse((self.folder / "mine/golden").exists())

    def test_recordings_are_the_projects(self):
        self.run_cells()
        (self.folder / "recordings").mkdir()
        (self.folder / ".exportgate/last.jsonl").rename(self.folder / "recordings/2.13.0.jsonl")
        self.assert_says(self.at_as_finished("mine", "matrix"), 0, "one")

    def at_as_finished(self, folder, *arguments):
        process = self.at(folder, *arguments)
        process.code, process.out, process.err = (
            process.returncode,
            process.stdout,
            process.stderr,
        )
        return process

    def test_a_file_with_mistakes_stops_what_needs_it(self):
        self.project('case = "mine"\n[environments.hf]\ntorch = 2.13\n')
        last = "last.jsonl"
        for arguments in (
            ("list",),
            ("run",),
            ("check", last),
            ("accept", "--why", "x"),
            ("show", "x"),
            ("matrix", last),
            ("upgrade", last, last),
            ("report", str(RECORD), "-o", "page"),
            ("bench",),
            ("env", "add", "hf"),
            ("init", "two"),
        ):
            with self.subTest(arguments):
                self.assert_says(
                    self.exportgate(*arguments),
                    2,
                    'exportgate.toml:1: unknown key "case" (did you mean "cases"?)',
                    "exportgate.toml:3: torch is a floating-point number",
                )
        printed = SOURCE / "tests/recordings/programs/2.13.0/cache_named_strict.txt"
        self.assertEqual(self.exportgate("normalize", printed).code, 0)
        self.assertEqual(self.exportgate("run", "--help").code, 0)

    def test_an_empty_folder_says_what_to_do(self):
        (self.folder / "exportgate.toml").unlink()
        for arguments in (
            ("run",),
            ("list",),
            ("bench",),
            ("check", "x"),
            ("accept", "--why", "x"),
        ):
            with self.subTest(arguments):
                finished = self.exportgate(*arguments)
                self.assert_says(finished, 2, "there are no cases here", "exportgate init NAME")
        self.assert_says(
            self.exportgate("run", "--cases", "nope"), 2, "nope: there is no such folder"
        )
        self.project('cases = "gone"\n')
        self.assert_says(
            self.exportgate("run"), 2, "gone: there is no such folder", "exportgate.toml"
        )


class DeclaredEnvironments(Projects):
    """What [environments.NAME] says, and an environment that is there already."""

    def env(self, *arguments, **variables):
        return self.exportgate("env", *arguments, "--environments", "environments", **variables)

    def test_one_that_is_not_there_names_the_command(self):
        self.project('environment = "hf"\n[environments.hf]\ntorch = "2.13.0"\n')
        self.add_case_here()
        self.assert_says(
            self.run_cells(),
            2,
            'exportgate.toml:1: asks for the environment "hf", and there is none of that name',
            "there are: default",
            "`exportgate env add hf` makes it",
        )
        listed = self.env("list")
        self.assert_says(listed, 0, "hf: not there yet; `exportgate env add hf`", "toml:2")
        other = self.run_cells("--env", "nightly")
        self.assert_says(other, 2, "`exportgate env add nightly --torch 2.13.0` makes it")
        release = self.run_cells("--env", "2.10.0")
        self.assert_says(release, 2, "(`exportgate env add 2.10.0` makes it)")

    def add_case_here(self):
        (self.folder / "cases").mkdir()
        self.add_case("mine")

    def test_a_word_that_nothing_explains(self):
        finished = self.env("add", "newest")
        self.assert_says(
            finished,
            2,
            '"newest" is not a version of torch, and there is no exportgate.toml',
            "[environments.newest]",
            "exportgate env add newest --torch 2.13.0",
            "exportgate env add newest --python",
        )
        self.project()
        self.assert_says(
            self.env("add", "newest"), 2, "exportgate.toml has no [environments.newest]"
        )
        self.assert_says(self.env("add", "default"), 0, "up to date")  # one that is there

    def test_what_it_says_is_what_pip_is_asked_for(self):
        (self.folder / "wheels").mkdir()
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder / "wheels")}
        self.project('[environments.hf]\ntorch = "99.1"\nwith = ["one==1", "two"]\n')
        finished = self.env("add", "hf", **pip)
        self.assert_says(finished, 2, "torch==99.1 one==1 two could not be installed")
        finished = self.env("add", "hf", "--torch", "99.2", **pip)
        self.assert_says(finished, 2, "torch==99.2 one==1 two could not be installed")
        finished = self.env("add", "hf", "--with", "three", **pip)
        self.assert_says(finished, 2, "torch==99.1 three could not be installed")
        self.assertFalse((self.folder / "environments" / "hf").exists())

    def test_one_that_is_not_what_it_says_is_not_run(self):
        self.add_case_here()
        self.project('[environments.default]\ntorch = "2.13.0"\n')
        self.assert_says(self.env("add", "default"), 0, "up to date")
        self.assertEqual(self.run_cells().code, 1)
        for says, difference in (
            ('torch = "2.10.0"', "has torch 2.13.0"),
            ('torch = "2.13.0"\nwith = ["optree"]', "was added without further requirements"),
            ('python = "venv/bin/python"', "is the Python"),
        ):
            with self.subTest(says):
                self.project(f"[environments.default]\n{says}\n")
                self.assert_says(
                    self.run_cells(), 2, "exportgate.toml:1: ", "not what this says", difference
                )
                self.assert_says(self.env("add", "default"), 2, "is there already", difference)

    def test_other_requirements_than_it_was_added_with(self):
        description = self.folder / "environments" / "default" / "environment.json"
        known = json.loads(description.read_text())
        known |= {"own_venv": True, "with": ["one==1"]}
        description.write_text(json.dumps(known))
        self.assert_says(self.env("add", "default", "--torch", "2.13.0"), 0, "up to date")
        same = self.env("add", "default", "--torch", "2.13.0", "--with", "one==1")
        self.assert_says(same, 0, "up to date")
        other = self.env("add", "default", "--torch", "2.13.0", "--with", "one==2")
        self.assert_says(other, 2, "was added with one==1", "`exportgate env remove default` first")
        self.assert_says(self.env("list"), 0, "with one==1")
        self.add_case_here()
        self.project('[environments.default]\ntorch = "2.13.0"\nwith = ["one==2"]\n')
        self.assert_says(self.run_cells(), 2, "exportgate.toml:1", "was added with one==1")


if __name__ == "__main__":
    unittest.main()
