"""A consumer: a process that takes an exported program, in JSON lines (docs/consumers.md).

It dies with the check that started it. Whatever it does but answer is a Failed, so that nothing
that a consumer does can pass.
"""

import contextlib
import json
import os
import re
import subprocess
import sys

from exportgate_worker import check_process, errors, watched

PROTOCOL = 1
LONGEST_ANSWER = 1 << 20


class Failed(Exception):
    """The consumer did not do as asked; the message says how, in words of a reason."""


class NotAvailable(Exception):
    """The consumer says that it cannot take this program at all."""


class Refused(Exception):
    """The consumer says that the program does not take these inputs."""


class Process:
    """`with Process(command, variables, folder) as consumer`: it has introduced itself then.

    Raises NotAvailable where it says so, Failed where it is no consumer. `variables`: of the
    environment, besides those that are there. `is_ours`: its program is the harness's.
    """

    def __init__(self, command, variables, folder, is_ours=False):
        owner = os.getpid()
        self._errors = os.path.join(folder, "errors")
        ours = watched.of_the_harness() if is_ours else contextlib.nullcontext()
        with open(self._errors, "wb") as said, ours:
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    cwd=folder,
                    env={**os.environ, **variables},
                    preexec_fn=lambda: check_process.die_with(owner),
                )
            except OSError as error:
                raise NotAvailable(f"{os.path.basename(command[0])}: {error.strerror}") from None
        self.facts = {}

    def __enter__(self):
        try:
            self.facts = self._answer("at its start", "facts")
            protocol = self.facts.get("protocol")
            if protocol != PROTOCOL:
                raise Failed(f"the consumer speaks protocol {protocol!r}, not {PROTOCOL}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()

    def ask(self, what, body, answer):
        """What the consumer answers to {what: body}, which is the member `answer`, an object.

        Raises Refused, NotAvailable, or Failed: "raises ..." where it says that it failed.
        """
        line = json.dumps({what: body}).encode("ascii") + b"\n"
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except OSError:
            raise Failed(self._how_it_ended()) from None
        return self._answer(f"to {what}", answer)

    def _answer(self, when, expected):
        line = self._process.stdout.readline(LONGEST_ANSWER)
        if not line.endswith(b"\n"):
            if line and self._process.poll() is None:
                raise Failed(f"the consumer's answer {when} has no end")
            raise Failed(self._how_it_ended())
        try:
            answer = json.loads(line)
        except ValueError:
            raise Failed(f"the consumer's answer {when} is not JSON") from None
        if not isinstance(answer, dict) or len(answer) != 1:
            raise Failed(f"the consumer's answer {when} is not an object with one member")
        [(kind, body)] = answer.items()
        said = f": {in_one_line(body)}" if isinstance(body, str) and body.strip() else ""
        if kind == "refused":
            raise Refused(f"refused{said}")
        if kind == "not_available" and expected != "ran":  # later it would hide what was seen
            raise NotAvailable(said[2:] or "the consumer does not say why")
        if kind == "error":
            raise Failed(f"raises{said or ', and does not say what'}")
        if kind != expected or not isinstance(body, dict):
            raise Failed(f'the consumer\'s answer {when} has no object "{expected}"')
        return body

    def _how_it_ended(self):
        status = self._process.wait()
        how = f"signal {-status}" if status < 0 else f"exit code {status}"
        with open(self._errors, encoding="utf-8", errors="replace") as file:
            lines = [line for line in file.read().splitlines() if _is_said(line)]
        said = f": {in_one_line(lines[-1])}" if lines else ""
        return f"the consumer ended, {how}{said}"


def _is_said(line):
    """No warning, and no line of code that one quotes: they vary, and are not why it ended."""
    return line[:1].strip() != "" and "Warning: " not in line


def in_one_line(text):
    """The first line, without what varies between runs."""
    return re.sub(r"^Exception: ?", "", errors.short_reason(Exception(text)))


def python(module):
    """(command, variables) of a process that calls `serve` of `module`, of this package, in the
    Python of the worker."""
    code = f"from exportgate_worker import {module}; {module}.serve()"
    path = [folder for folder in sys.path if folder]
    return [sys.executable, "-c", code], {"PYTHONPATH": os.pathsep.join(path)}
