"""Environments: added, listed, updated, removed; and everything that can go wrong meanwhile.

The torch is the default environment's, named with --python; nothing is downloaded.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import unittest
from pathlib import Path

from environment_support import BASE, ENVIRONMENTS, NATIVE_CPP, PYTHON, QUICK, Environments
from support import BUILD, CASE_PY, CASE_TOML

NATIVE_TOML = CASE_TOML.replace('["plain"]', '["plain", "native"]')

# Writes 4 MB in place of what the worker's sources are compiled to, which takes a minute.
WRITES_OBJECTS_ONLY = """\
#!/bin/sh
for argument; do
  [ "$previous" = -o ] && object=$argument
  previous=$argument
done
case "$*" in
  *from/worker/*) exec dd if=/dev/zero of="$object" bs=64k count=64 ;;
  *) exec c++ "$@" ;;
esac
"""


class Life(Environments):
    def test_from_add_to_remove(self):
        case = self.add_case("mine", toml=NATIVE_TOML)
        native = case / "native.cpp"
        native.write_text(NATIVE_CPP)

        added = self.env("add", "own", "--python", PYTHON)
        self.assert_says(added, 0, "own: torch 2.13.0", "C++ ABI 1: ready", "building the worker")
        again = self.env("add", "own", "--python", PYTHON)
        self.assert_says(again, 0, "up to date")
        self.assertNotIn("building", again.err)

        listed = self.env("list")
        self.assert_says(listed, 0, "name", "C++ ABI", "size", "own", "2.13.0", "ready", PYTHON)

        ran = self.exportgate("run", "--env", "own", *QUICK)
        self.assert_says(ran, 1, "2 cells on torch 2.13.0: all new")

        with self.subTest("an edited native.cpp is not run with the old module"):
            native.write_text(NATIVE_CPP + "// edited\n")
            refused = self.exportgate("run", "--env", "own", *ENVIRONMENTS)
            self.assert_says(
                refused, 2, "native.cpp has changed since", "exportgate env update own"
            )
            self.assertIn("outdated", self.env("list").out)
            self.assert_says(self.env("update", "own"), 0, "ready")

        with self.subTest("a native.cpp that does not compile costs its own cells only"):
            native.write_text("#error this one is broken\n")
            updated = self.env("update", "own")
            self.assert_says(updated, 0, "native module of mine: not available", "is broken")
            self.assertIn("not available", self.env("list").out)
            finished, cells = self.judged("run", "--env", "own", *QUICK)
            self.assertEqual(finished.code, 2, finished)
            self.assertEqual(cells["mine/native/nonstrict/static/b3c5"]["verdict"], "unobserved")
            self.assertEqual(cells["mine/plain/nonstrict/static/b3c5"]["verdict"], "new")
            self.assertIn("native_mine is not available: mine/native.cpp:1", finished.out)

            native.write_text(NATIVE_CPP)
            self.assert_says(self.env("update", "own"), 0, "ready")
            ran = self.exportgate("run", "--env", "own", *QUICK)
            self.assert_says(ran, 1, "2 cells on torch 2.13.0: all new")

        with self.subTest("a worker that dies is that environment's trouble"):
            worker = self.root / "own" / "worker" / "exportgate-worker"
            worker.rename(worker.with_suffix(".away"))
            shutil.copy("/bin/false", worker)
            both = self.exportgate("run", "--env", "own", "--env", "own", *ENVIRONMENTS)
            self.assert_says(both, 2, "ended before it was ready")
            worker.unlink()
            gone = self.exportgate("run", "--env", "own", *ENVIRONMENTS)
            self.assert_says(gone, 2, "its worker is gone", "exportgate env update own")
            self.assert_says(self.env("update", "own"), 0, "ready")

        removed = self.env("remove", "own")
        self.assert_says(removed, 0, "own: removed")
        self.assertTrue(Path(PYTHON).exists())
        self.assert_nothing_left("own")

    def test_a_link_is_removed_and_not_what_it_leads_to(self):
        self.add_environments("one")
        kept = self.folder / "kept"
        (self.root / "one").rename(kept)
        (self.root / "one").symlink_to(kept)
        self.assert_says(self.env("remove", "one"), 0, "one: removed")
        self.assertFalse((self.root / "one").is_symlink())
        self.assertTrue((kept / "environment.json").exists())
        self.assertTrue((kept / "worker").exists())
        with self.subTest("one that leads nowhere"):
            (self.root / "one").symlink_to(self.folder / "nothing")
            self.assert_says(self.env("remove", "one"), 0, "one: removed")
            self.assertFalse((self.root / "one").is_symlink())

    def test_an_environment_whose_python_is_gone(self):
        self.add_environments("one", copied=True)
        description = self.root / "one" / "environment.json"
        gone = self.folder / "venv" / "bin" / "python"
        text = json.dumps({**json.loads(description.read_text()), "python": str(gone)})
        description.write_text(text)
        for command in ("update", "add"):
            finished = self.env(command, "one")
            self.assert_says(finished, 2, f"its Python is gone ({gone})", "env remove one")
        self.assertEqual(description.read_text(), text)

    def test_two_environments_in_one_run(self):
        self.add_case("mine")
        self.add_environments("one", "two")
        two = ("run", "--env", "one", "--env", "two", *ENVIRONMENTS)
        self.assert_says(self.exportgate(*two, "--json", "x.json"), 2, "{env}")
        self.assertFalse((self.folder / ".exportgate").exists())
        ran = self.exportgate(*two, "--json", "{env}.json")
        self.assert_says(ran, 1, "one\nmine", "two\nmine")
        for name in ("one", "two"):
            self.assertTrue((self.folder / f"{name}.json").exists())
            self.assertTrue((self.folder / ".exportgate" / f"{name}.jsonl").exists())
        self.assertEqual(list(self.folder.glob("golden/**/.pending")), [])


class Refusals(Environments):
    def test_no_such_version(self):
        # An index with nothing in it: pip's own settings are respected. Constraints of this machine
        # would be what pip complains of first.
        (self.folder / "wheels").mkdir()
        pip = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.folder / "wheels"),
            "PIP_CONSTRAINT": os.devnull,
        }
        finished = self.env("add", "99.0.0", **pip)
        self.assert_says(
            finished,
            2,
            "torch==99.0.0 could not be installed",
            "No matching distribution found for torch==99.0.0",
            "environments/99.0.0.log",
        )
        self.assert_nothing_left("99.0.0")
        self.assertIn("pip install", (self.root / "99.0.0.log").read_text())

    def test_names_that_are_none(self):
        for name in ("../up", "a/b", ".hidden", "-x y", "a b"):
            finished = self.env("add", "--python", PYTHON, "--", name)
            self.assertEqual(finished.code, 2, finished)
        self.assert_says(self.env("add", "newest"), 2, "not a version of torch", "--python")
        self.assertFalse((self.folder / "up").exists())
        self.assert_says(self.env("remove", "nope"), 2, 'no environment "nope"', "there is none")
        self.assert_says(self.env("update", "nope"), 2, 'no environment "nope"')

    def test_python_and_what_pip_would_do(self):
        for option in ("--torch", "--venv-from"):
            finished = self.env("add", "own", "--python", PYTHON, option, "2.13.0")
            self.assert_says(finished, 2, "--python names an interpreter that has torch already")

    def test_interpreter_without_torch(self):
        finished = self.env("add", "own", "--python", BASE)
        self.assert_says(finished, 2, "has no torch", "pip install torch")
        self.assert_nothing_left("own")

    def test_interpreter_that_is_too_old(self):
        old = self.folder / "python3.9"
        pretend = "import runpy, sys; sys.version_info = (3, 9, 18, 'final', 0); sys.argv.pop(0)"
        run = "runpy.run_path(sys.argv[0], run_name='__main__')"
        old.write_text(f'#!/bin/sh\nexec {BASE} -c "{pretend}; {run}" "$@"\n')
        old.chmod(0o755)
        finished = self.env("add", "old", "--python", old)
        self.assert_says(finished, 2, "is Python 3.9, and 3.10 is the oldest that is supported")
        self.assert_nothing_left("old")

    def test_an_index_that_does_not_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as index:  # it listens, and never accepts
            pip = {
                "PIP_INDEX_URL": f"http://127.0.0.1:{index.getsockname()[1]}/simple",
                "PIP_TIMEOUT": "1",
                "PIP_RETRIES": "1",
                "PIP_CONSTRAINT": os.devnull,
                "PIP_NO_INDEX": "",
                "PIP_FIND_LINKS": "",
            }
            finished = self.env("add", "99.0.0", **pip)
        self.assert_says(
            finished, 2, "torch==99.0.0 could not be installed", "the package index does not answer"
        )
        self.assert_nothing_left("99.0.0")

    def test_a_constraint_of_pip(self):
        constraints = self.folder / "constraints.txt"
        constraints.write_text("torch<2.0\n")
        finished = self.env("add", "2.13.0", PIP_CONSTRAINT=str(constraints))
        said = "a constraint of your pip allows torch<2.0 only: `pip config list`"
        self.assert_says(finished, 2, "torch==2.13.0 could not be installed", said)
        self.assert_nothing_left("2.13.0")

    def test_interpreter_that_is_none(self):
        self.assert_says(
            self.env("add", "own", "--python", "/bin/ls"), 2, "does not answer as a Python"
        )
        self.assert_says(
            self.env("add", "own", "--python", "/nope/python"), 2, "/nope/python", "No such file"
        )
        self.assert_says(self.env("add", "own", "--python", "python9.9"), 2, "no such interpreter")
        self.assert_nothing_left("own")

    def test_interpreter_without_a_shared_library(self):
        # What such a Python says of itself, said by one that has the library.
        (self.folder / "sitecustomize.py").write_text(
            "import sysconfig\nsysconfig.get_config_vars()['Py_ENABLE_SHARED'] = 0\n"
        )
        finished = self.env("add", "own", "--python", PYTHON, PYTHONPATH=str(self.folder))
        self.assert_says(finished, 2, "no shared libpython", "--enable-shared")
        self.assert_nothing_left("own")

        wrapper = self.folder / "python-static"
        wrapper.write_text(f'#!/bin/sh\nPYTHONPATH={self.folder} exec "{BASE}" "$@"\n')
        wrapper.chmod(0o755)
        finished = self.env("add", "2.13.0", "--venv-from", wrapper)
        self.assert_says(finished, 2, "no shared libpython", "--enable-shared")
        self.assert_nothing_left("2.13.0")

    def test_another_torch_of_that_name(self):
        self.add_environments("own")
        finished = self.env("add", "own", "--torch", "2.9.1")
        self.assert_says(finished, 2, "there already", "exportgate env remove own")
        self.assertIn("ready", self.env("list").out)

        with self.subTest("2.13 is 2.13.0"):
            description = self.root / "own" / "environment.json"
            text = description.read_text()
            self.assertIn('"own_venv": false', text)
            description.write_text(text.replace('"own_venv": false', '"own_venv": true'))
            self.assert_says(self.env("add", "own", "--torch", "2.13"), 0, "up to date")

    def test_a_name_that_is_another_torch(self):
        for arguments in (("--python", PYTHON), ("--torch", "2.13.0")):
            finished = self.env("add", "2.10.0", *arguments)
            self.assert_says(finished, 2, '"2.10.0" cannot have torch 2.13.0', "another name")
            self.assert_nothing_left("2.10.0")

    def test_half_made_one_is_not_used(self):
        self.add_case("mine")
        (self.root / "own" / "worker").mkdir(parents=True)
        ran = self.exportgate("run", "--env", "own", *ENVIRONMENTS)
        self.assert_says(ran, 2, "never finished", "exportgate env add own")
        self.assertIn("unusable", self.env("list").out)
        self.assertEqual(self.env("remove", "own").code, 0)
        self.assert_nothing_left("own")

    def test_description_that_cannot_be_read(self):
        (self.root / "own").mkdir(parents=True)
        description = self.root / "own" / "environment.json"
        for text in ("", "{}", '{"format": 7}', "not json"):
            description.write_text(text)
            finished = self.exportgate("env", "update", "own", *ENVIRONMENTS)
            self.assert_says(finished, 2, "environment.json", "exportgate env remove own")
            self.assertEqual(description.read_text(), text)


class Interruptions(Environments):
    def test_compiler_fails(self):
        compiler = self.folder / "broken-c++"
        compiler.write_text('#!/bin/sh\necho "error: this compiler is broken" >&2\nexit 1\n')
        compiler.chmod(0o755)
        finished = self.env("add", "own", "--python", PYTHON, CXX=str(compiler))
        self.assert_says(finished, 2, "could not be configured", "broken-c++", "own.log")
        self.assert_nothing_left("own")

    def test_what_is_missing_to_compile_is_named_at_once_before_anything_is_downloaded(self):
        tools = self.folder / "tools"
        tools.mkdir()
        for tool in ("sh", "cmake", "make"):
            (tools / tool).symlink_to(shutil.which(tool))
        finished = self.env("add", "own", "--python", PYTHON, PATH=str(tools))
        self.assert_says(finished, 2, "which lacks a C++20 compiler (c++)", "apt-get install g++")
        self.assert_nothing_left("own")

        (tools / "make").unlink()
        for request in (("own", "--python", PYTHON), ("2.13.0",)):
            finished = self.env("add", *request, PATH=str(tools))
            lacks = "which lacks ninja or make, a C++20 compiler (c++)"
            packages = "apt-get install ninja-build g++ nlohmann-json3-dev"
            self.assert_says(finished, 2, lacks, packages)
            self.assert_nothing_left(request[0])

    def test_a_library_that_cmake_does_not_find_is_named(self):
        cmake = self.folder / "tools" / "cmake"
        cmake.parent.mkdir()
        cmake.write_text(
            '#!/bin/sh\n[ "$1" = -S ] && set -- -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=1 "$@"\n'
            f'exec {shutil.which("cmake")} "$@"\n'
        )
        cmake.chmod(0o755)
        path = os.pathsep.join([str(cmake.parent), os.environ["PATH"]])
        finished = self.env("add", "own", "--python", PYTHON, PATH=path)
        self.assert_says(finished, 2, "lacks nlohmann-json", "apt-get install nlohmann-json3-dev")
        self.assert_nothing_left("own")

    def test_full_disk_while_the_worker_is_built(self):
        self.mount("300k")
        compiler = self.folder / "quick-c++"
        compiler.write_text(WRITES_OBJECTS_ONLY)
        compiler.chmod(0o755)
        finished = self.env("add", "own", "--python", PYTHON, CXX=str(compiler))
        self.assert_says(finished, 2, "No space left on device", "the disk is full")
        self.assert_nothing_left("own")

    def test_full_disk_while_the_venv_is_made(self):
        self.mount("4m")
        finished = self.env("add", "2.13.0")
        self.assert_says(finished, 2, "could not be made", "the disk is full")
        self.assert_nothing_left("2.13.0")

    def test_ctrl_c_and_two_at_once(self):
        process = self.start("add", "own", "--python", PYTHON)
        line = ""
        while "building the worker" not in line:
            line = process.stderr.readline()
            self.assertTrue(line, "env add ended early")
        other = self.env("add", "own", "--python", PYTHON)
        self.assert_says(other, 2, "another exportgate is at work on this environment")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, out + err)
        self.assertIn("interrupted; nothing half-made is left", err)
        self.assert_nothing_left("own")
        deadline = time.monotonic() + 10
        while self.processes_below_root() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(self.processes_below_root(), [])

    def test_killed_and_added_again(self):
        process = self.start("add", "own", "--python", PYTHON)
        line = ""
        while "building the worker" not in line:
            line = process.stderr.readline()
            self.assertTrue(line, "env add ended early")
        process.kill()
        process.communicate(timeout=60)
        self.assertIn("unusable", self.env("list").out)
        self.assert_says(self.env("add", "own", "--python", PYTHON), 0, "ready")

    def processes_below_root(self):
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if os.fsencode(self.root) in command:
                    found.append(command)
        return found


class Installed(Environments):
    def test_an_installed_exportgate_adds_environments(self):
        self.add_case("mine", code=CASE_PY)
        prefix = self.folder / "prefix"
        subprocess.run(
            ["cmake", "--install", str(BUILD), "--prefix", str(prefix)],
            check=True,
            capture_output=True,
        )
        installed = prefix / "bin" / "exportgate"
        results = self.folder / "results"  # of the compiler cache
        self.assert_says(self.env("add", "first", "--python", PYTHON), 0, "ready")

        def run(*arguments):
            return subprocess.run(
                [installed, *arguments],
                cwd=self.folder,
                env=self.environment(
                    XDG_DATA_HOME=str(self.folder / "data"), CCACHE_STATSLOG=str(results)
                ),
                capture_output=True,
                text=True,
                check=False,
            )

        added = run("env", "add", "own", "--python", PYTHON)
        self.assertEqual(added.returncode, 0, added)
        self.assertTrue((self.folder / "data/exportgate/environments/own").is_dir())
        ran = run("run", "--env", "own", "--no-pending", "--checks", "dims")
        self.assertEqual(ran.returncode, 1, ran)
        self.assertIn("1 cell on torch 2.13.0: new", ran.stdout)
        worker = self.folder / "data/exportgate/environments/own/worker"
        sources = (worker / "from" / "worker").resolve()
        self.assertEqual(sources, prefix / "share" / "exportgate" / "worker")
        with self.subTest("what was compiled for the first is not compiled again"):
            compiled = results.read_text().split("# ")[1:]  # a file, and what became of it
            self.assertGreater(len(compiled), 10)
            self.assertEqual([file for file in compiled if "\ncache_miss\n" in file], [])


if __name__ == "__main__":
    unittest.main()
