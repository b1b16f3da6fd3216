"""`pip install .` in a fresh venv without torch: the command is there, finds the sources of its
workers beside it, and the CMake package comes along.

Installing takes a minute, and finds a file that pyproject.toml does not name. What is installed is
looked at by installed_test.py, and the plugin by pytest_plugin_test.py. So `ci/test --all` runs it.

Its objects are those that the compiler cache has of the checkout's own build (ci/build), so hardly
more than the link is left: same compiler, same warnings, a build folder beside the checkout's.
"""

import os
import re
import shutil
import subprocess
import sys
import unittest

from support import BUILD, EXPORTGATE, PLAIN_WORKER, SOURCE, Finished, Scratch


def setUpModule():
    if "EXPORTGATE_TEST_ALL" not in os.environ:
        raise unittest.SkipTest("`pip install .` is run by ci/test --all")


class Pip(Scratch):
    def call(self, *command, **variables):
        process = subprocess.run(
            list(map(str, command)),
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=800,
        )
        return Finished(process)

    def test_the_command_works_in_a_venv_without_torch(self):
        venv = self.folder / "venv"
        self.assert_says(self.call(sys.executable, "-m", "venv", venv), 0)
        compiler = re.search(
            r"^CMAKE_CXX_COMPILER:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M
        )
        settings = ("build-dir=build-wheel", "cmake.define.EXPORTGATE_WERROR=ON")
        installed = self.call(
            *(venv / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"),
            *(f"-C{setting}" for setting in settings),
            SOURCE,
            CXX=compiler[1],
            CCACHE_BASEDIR=str(SOURCE),
        )
        self.assert_says(installed, 0, "Successfully installed exportgate-")
        self.assertFalse(list(venv.glob("lib/python*/site-packages/torch")))

        exportgate = venv / "bin" / "exportgate"
        version = re.search(
            r"^project\(\w+ VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text(), re.M
        )
        self.assertEqual(self.call(exportgate, "--version").out, f"exportgate {version[1]}\n")
        shown = self.call(venv / "bin" / "python", "-m", "pip", "show", "exportgate")
        self.assert_says(shown, 0, f"Version: {version[1]}", "License")

        # The checkout's environment: `run` takes its worker only if the sources in the venv, and no
        # others, are what it was built from.
        data = self.folder / "data" / "exportgate"
        data.mkdir(parents=True)
        (data / "environments").symlink_to(EXPORTGATE.parent / "environments")
        shutil.copytree(SOURCE / "tests" / "installed_consumer", self.folder, dirs_exist_ok=True)
        variables = {"XDG_DATA_HOME": str(self.folder / "data"), **PLAIN_WORKER}
        cell = "window_cache/as_is/nonstrict/named/b2w4"
        ran = self.call(exportgate, "run", cell, **variables)
        self.assert_says(ran, 0, "1 cell on torch", "as expected. PASSED")
        pip = (venv / "bin" / "python", "-m", "pip", "install", "--quiet")
        self.assert_says(self.call(*pip, "--disable-pip-version-check", "pytest>=8,<10"), 0)
        self.check_pytest(venv / "bin" / "python", **variables)

        source = venv / "share" / "exportgate" / "worker" / "exportgate_worker" / "entry.py"
        source.write_text(source.read_text() + "# edited\n")
        self.assert_says(
            self.call(exportgate, "run", cell, **variables), 2, "exportgate env update"
        )

        prefix = f"-DCMAKE_PREFIX_PATH={venv}"
        self.assert_says(self.call("cmake", "-S", ".", "-B", "build", prefix), 0)
        self.assert_says(self.call("ctest", "--test-dir", "build", "-N"), 0, f"window/{cell}")

    def check_pytest(self, python, **variables):
        """Cells are items of pytest, and as red there as in `exportgate run`."""

        def pytest(*arguments):
            return self.call(python, "-m", "pytest", "-k", "nonstrict", *arguments, **variables)

        project = self.folder / "exportgate.toml"
        project.write_text('cases = "cases"\n')
        run = (python, "-m", "exportgate", "--version")
        self.assert_says(self.call(*run), 0, "exportgate ")
        self.assert_says(pytest(), 5, "no tests ran")  # not asked for
        self.assert_says(pytest("--exportgate"), 0, "1 passed")
        case = self.folder / "cases" / "window_cache" / "case.py"
        text = case.read_text()
        case.write_text(text.replace("return weights", "return 2 * weights"))
        self.assert_says(pytest("--exportgate"), 1, "check", "1 failed")
        case.write_text("import exportgate_no_such_module\n" + text)
        self.assert_says(pytest("--exportgate"), 1, "CASE ERROR", "1 error")
        missing = ("--exportgate-args", "--env nowhere")
        self.assert_says(pytest("--exportgate", *missing), 1, 'no environment "nowhere"', "1 error")
        case.write_text(text)
        project.write_text("cases = 7\n")
        self.assert_says(pytest("--exportgate"), 2, "cases is an integer", "1 error")
        project.unlink()


if __name__ == "__main__":
    unittest.main()
