"""A collection of two cells about a package of the tests' own, and ci/corpus on it."""

import json
import os
import signal
import subprocess

from support import CASE_PY, CASE_TOML, EXPORTGATE, SOURCE, Scratch

# tiny 2.0 reads a number of a tensor, which torch.export cannot.
USES_TINY = CASE_PY.replace(
    "length = dc.get_seq_length()",
    "length = dc.get_seq_length()\n"
    "        if not tiny.VERSION < 2:\n"
    "            length = int(dc.key_cache[0][0, 0, :, 0].mul(0).add(1).sum().item())",
)
CELLS = ("good/plain/nonstrict/static/b3c5", "turns/plain/nonstrict/static/b3c5")

# What `env add` installs takes minutes, and has tests of its own: here an environment is the warm
# worker, and its packages are what a file says that the cases read. "gone" is nowhere; what is
# "large" goes on growing until it is stopped. What is called is written down.
SHIM = """\
#!/usr/bin/env bash
set -euo pipefail
echo "$*" >>"{folder}/called"
case "$1 ${{2:-}}" in
  "env add")
    name=$3 root=$5
    mkdir -p "$root/$name/venv"
    case "$*" in
      *gone*)
        echo "exportgate: $name: gone could not be installed" >&2
        rm -r "$root/$name"
        exit 2 ;;
      *large*)
        echo "  Downloading torch-9.9-cp311-manylinux_2_28_x86_64.whl (2.5 GB)" >"$root/$name.log"
        trap 'rm -r "$root/$name"; exit 130' INT
        while :; do read -r -t 0.1 _ <>"{folder}/never" || true; done ;;
      *half*) kill -KILL -- "-$(ps -o pgid= $$ | tr -d ' ')" ;;
    esac
    [[ "$*" =~ tiny==([0-9.]+) ]] && echo "VERSION = ${{BASH_REMATCH[1]}}" >"{folder}/tiny.version"
    ln -sfn "{worker}" "$root/$name/worker"
    sed "s/\\"name\\": *\\"default\\"/\\"name\\":\\"$name\\"/" "{description}" \\
      >"$root/$name/environment.json" ;;
  *)
    # The third look at a flaky cell finds the file gone.
    [[ "$*" != *.third* || ! -e "{folder}/toggles" ]] || rm -f "{folder}/flip"
    exec "{exportgate}" "$@" ;;
esac
"""
# Where the tests' file says which version there is.
TINY = """\
from pathlib import Path

VERSION = float(Path({file!r}).read_text().split("=")[1])
"""


class Corpus(Scratch):
    def setUp(self):
        super().setUp()
        self.collection = self.folder / "tiny_corpus"
        self.collection.mkdir()
        (self.folder / "cases").rename(self.collection / "cases")
        (self.folder / "cases").symlink_to(self.collection / "cases")
        (self.collection / "exportgate.toml").write_text(
            'environment = "corpus"\n[environments.corpus]\ntorch = "2.13.0"\n'
            'with = ["tiny==1.0"]\n'
        )
        toml = 'package = "tiny"\n' + CASE_TOML
        self.add_case("good", toml=toml, code="import tiny\n" + CASE_PY)
        self.add_case("turns", toml=toml, code="import tiny\n" + USES_TINY)
        self.state = self.folder / "state"

    def use_the_warm_worker(self):
        version = str(self.folder / "tiny.version")
        (self.collection / "cases" / "tiny.py").write_text(TINY.format(file=version))
        os.mkfifo(self.folder / "never")
        default = EXPORTGATE.resolve().parent / "environments" / "default"
        self.shim = self.folder / "shim"
        self.shim.write_text(
            SHIM.format(
                folder=self.folder,
                worker=default / "worker",
                description=default / "environment.json",
                exportgate=EXPORTGATE.resolve(),
            )
        )
        self.shim.chmod(0o755)
        return self.shim

    def start(self, *arguments, exportgate=None, **variables):
        command = [SOURCE / "ci" / "corpus", "--collection", self.collection, "--state", self.state]
        if "--" not in arguments:
            arguments = (*arguments, "--")
        return subprocess.Popen(
            [*map(str, command), *map(str, arguments), "--checks", "run"],
            cwd=self.folder,
            env=self.environment(EXPORTGATE=str(exportgate or self.shim), **variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def corpus(self, code, *arguments, **variables):
        """What it says."""
        process = self.start(*arguments, **variables)
        output = process.communicate(timeout=600)[0]
        self.assertEqual(process.returncode, code, output)
        return output

    def end_at(self, text, number, *arguments, **variables):
        """Ends it with a signal as soon as it says `text`."""
        process = self.start(*arguments, **variables)
        output = ""
        while text not in output:
            line = process.stdout.readline()
            self.assertTrue(line, f"ended early:\n{output}")
            output += line
        os.killpg(process.pid, number)
        output += process.communicate(timeout=120)[0]
        self.assertEqual(process.returncode, 130 if number == signal.SIGINT else -number, output)
        return output

    def calls(self, what):
        """The calls of exportgate that begin so, since the last question."""
        file = self.folder / "called"
        return [line for line in file.read_text().splitlines() if line.startswith(what)]

    def forget_calls(self):
        (self.folder / "called").write_text("")

    def record(self, environment):
        return self.state / "records" / environment / "tiny_corpus.jsonl"

    def cells_of(self, record):
        """Cell -> the line of the record."""
        lines = [json.loads(line) for line in record.read_text().splitlines()]
        return {line["cell"]: line for line in lines if "cell" in line}
