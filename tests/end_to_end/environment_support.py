"""A scratch folder with environments of its own, for the tests of `exportgate env`."""

import subprocess
import sys
from pathlib import Path

from support import Scratch

PYTHON = sys.executable  # the default environment's, which has torch
BASE = Path(sys.base_prefix) / "bin" / "python3"  # has none
ENVIRONMENTS = ("--environments", "environments")


class Environments(Scratch):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "environments"

    def env(self, *arguments, **variables):
        return self.exportgate("env", *arguments, *ENVIRONMENTS, **variables)

    def assert_nothing_left(self, name):
        """But for the log."""
        self.assertFalse((self.root / name).exists(), list(self.root.rglob("*"))[:20])
        self.assertNotIn(f"\n{name} ", self.env("list").out)

    def mount(self, size):
        self.root.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.root)],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode != 0:
            self.skipTest(f"this machine does not let the tests mount: {mounted.stderr.strip()}")
        self.addCleanup(
            subprocess.run, ["umount", "-l", str(self.root)], check=False, stderr=subprocess.DEVNULL
        )

    def start(self, *arguments, **variables):
        return subprocess.Popen(
            self.command("env", *arguments, *ENVIRONMENTS),
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
