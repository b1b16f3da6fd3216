"""`exportgate review` over a real pseudo-terminal: what a person presses, and what is left."""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
import unittest

from support import CASE_PY, CASE_TOML, Prepared

PROMPT = "[q]uit ? "
WHY = "why is it right? (kept in expected.tsv; empty: back) "
CELL = "{}/nonstrict/static/b3c5"
FIRST = ("first/plain", "first/rebased")
PATIENCE_S = 60


class Terminal:
    """A command in a terminal of its own."""

    def __init__(self, command, folder, environment):
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            preexec_fn=lambda: _controlled_by(slave),
        )
        os.close(slave)
        self.seen = ""

    def read_until(self, text):
        """What came up to the next `text`, which has to come."""
        end = time.monotonic() + PATIENCE_S
        begin = len(self.seen)
        while text not in self.seen[begin:]:
            if not self._read(end):
                raise AssertionError(f"{text!r} did not come:\n{self.seen}")
        return self.seen[begin:]

    def press(self, keys, until=PROMPT):
        """Only where the command waits for keys: what it still writes would pass for the answer."""
        if not self.seen.endswith((PROMPT, WHY)):
            raise AssertionError(f"no prompt was read before {keys!r}:\n{self.seen}")
        os.write(self._master, keys.encode())
        return self.read_until(until) if until else ""

    def close(self):
        """The exit code."""
        end = time.monotonic() + PATIENCE_S
        while self._read(end):
            pass
        return self._process.wait(timeout=PATIENCE_S)

    def kill(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def echoes(self):
        """As a shell wants its terminal."""
        flags = termios.tcgetattr(self._master)[3]
        return bool(flags & termios.ECHO and flags & termios.ICANON)

    def interrupt(self):
        self._process.send_signal(signal.SIGINT)

    def _read(self, end):
        ready, _, _ = select.select([self._master], [], [], max(0, end - time.monotonic()))
        if not ready:
            return False
        try:
            got = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # Linux: the other end is closed
                raise
            return False
        self.seen += re.sub(r"\x1b\[[0-9;]*m", "", got.decode()).replace("\r\n", "\n")
        return bool(got)


def _controlled_by(slave):
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


class Review(Prepared):
    """Three cells are pending: two of `first` with one change, one of `other` with another."""

    def prepare(self):
        other = CASE_PY.replace("w = values + keys", "w = values - keys")
        self.assertNotEqual(other, CASE_PY)
        self.add_case("first", toml=CASE_TOML.replace('["plain"]', '["plain", "rebased"]'))
        self.add_case("other", code=other)
        self.assert_says(self.exportgate("run"), 1, "3 cells on torch", "new")

    def review(self, *arguments, until=PROMPT, **variables):
        variables = {"TERM": "xterm", **variables}
        terminal = Terminal(
            self.command("review", *arguments), self.folder, self.environment(**variables)
        )
        self.addCleanup(terminal.kill)
        if until:
            terminal.read_until(until)
        return terminal

    def rows(self, table):
        """(cell, fields) of all cases: "first/plain"."""
        for file in sorted((self.folder / "golden").glob(f"*/{table}")):
            case = file.relative_to(self.folder / "golden").parts[0]
            for line in file.read_text().splitlines():
                cell, *fields = line.split("\t")
                if cell.endswith("/nonstrict/static/b3c5"):
                    yield f"{case}/{cell.split('/')[0]}", fields

    def accepted(self):
        """Cell -> why."""
        return {cell: fields[-1] for cell, fields in self.rows("expected.tsv")}

    def pending(self):
        return [
            cell for cell, fields in self.rows(".pending/pending.tsv") if fields[0] == "exported"
        ]

    def assert_nothing_half_written(self):
        names = [f.name for f in (self.folder / "golden").rglob("*") if f.is_file()]
        known = r"(expected|pending)\.tsv|(exported|decomposed)-[0-9a-f]{10}\.txt"
        self.assertEqual([name for name in names if not re.fullmatch(known, name)], [])
        for cell in self.accepted():
            checked = self.exportgate("check", ".exportgate/last.jsonl", "--only", f"{cell}/*")
            self.assertEqual(checked.code, 0, checked)


class Keys(Review):
    def test_a_cell_at_a_time_and_one_reason_for_a_change(self):
        terminal = self.review()
        self.assertIn("change 1 of 2", terminal.seen)
        self.assertIn("first/*/nonstrict/static/b3c5", terminal.seen)
        self.assertIn("expected: none, no outcome was ever accepted", terminal.seen)
        self.assertIn("observed: exported, ", terminal.seen)
        self.assertIn("none -> exported", terminal.seen)
        terminal.press("a", until=WHY)
        said = terminal.press("they are right\n")
        self.assertIn("ACCEPTED  1 cell", said)
        self.assertIn(CELL.format("first/rebased"), said)
        self.assertEqual(list(self.accepted()), ["first/plain"])
        said = terminal.press("a")
        self.assertNotIn(WHY, said)
        self.assertIn("change 2 of 2", said)
        terminal.press("r", until="2 cells accepted, 1 rejected")
        self.assertEqual(terminal.close(), 1)
        why = "they are right"
        self.assertEqual(self.accepted(), {"first/plain": why, "first/rebased": why})
        self.assertEqual(self.pending(), [])
        self.assert_nothing_half_written()
        self.assert_says(self.exportgate("accept", "--why", "x"), 2, "nothing is pending")
        record = ".exportgate/last.jsonl"
        self.assert_says(self.exportgate("check", record), 1, "1 new, 2 as expected")

    def test_all_of_a_change_and_what_is_skipped_stays_pending(self):
        terminal = self.review()
        terminal.press("g", until=WHY)
        self.assertIn("change 2 of 2", terminal.press("both are\n"))
        terminal.press("s", until="2 cells accepted, 1 still pending")
        self.assertEqual(terminal.close(), 1)
        self.assertEqual((list(self.accepted()), self.pending()), ([*FIRST], ["other/plain"]))
        self.assert_says(self.exportgate("accept", "--why", "too"), 0, "1 cell accepted")

    def test_a_reason_for_everything(self):
        terminal = self.review("--why", "all of it")
        terminal.press("g")
        terminal.press("a", until="3 cells accepted")
        self.assertIn("git add -N golden/first golden/other && git diff", terminal.seen)
        self.assertEqual(terminal.close(), 0)
        self.assertNotIn(WHY, terminal.seen)
        self.assertEqual(set(self.accepted().values()), {"all of it"})
        self.assert_says(self.exportgate("check", ".exportgate/last.jsonl"), 0, "PASSED")

    def test_all_of_a_change_is_rejected_or_skipped(self):
        terminal = self.review()
        terminal.press("R")
        terminal.press("S", until="0 cells accepted, 2 rejected: red until mended, 1 still pending")
        self.assertEqual(terminal.close(), 1)
        self.assertEqual((self.accepted(), self.pending()), ({}, ["other/plain"]))

    def test_what_only_shows_changes_nothing(self):
        before = self.golden_files()
        terminal = self.review("other/*")
        self.assertIn("more lines: d shows all", terminal.seen)
        whole = terminal.press("d")
        self.assertNotIn("more lines", whole)
        self.assertIn("decomposed program", whole)
        self.assertIn("other/plain/nonstrict/static/b3c5: exported", terminal.press("e"))
        self.assertIn("no such key", terminal.press("x"))
        self.assertIn("no such key", terminal.press("\x1b[A"))  # an arrow
        terminal.press("q", until="0 cells accepted, 1 still pending")
        self.assertEqual(terminal.close(), 1)
        self.assertEqual(self.golden_files(), before)

    def test_without_a_reason_nothing_is_accepted(self):
        terminal = self.review()
        terminal.press("a", until=WHY)
        terminal.press("  \n")
        terminal.press("q", until="0 cells accepted, 3 still pending")
        self.assertEqual(terminal.close(), 1)
        self.assertEqual(self.accepted(), {})


class Ends(Review):
    def test_quitting_keeps_what_was_accepted(self):
        terminal = self.review("--why", "x")
        terminal.press("a")
        terminal.press("q", until="1 cell accepted, 2 still pending")
        self.assertEqual(terminal.close(), 1)
        self.assertEqual(
            (list(self.accepted()), self.pending()),
            (["first/plain"], ["first/rebased", "other/plain"]),
        )
        self.assert_nothing_half_written()

    def test_an_interrupt_keeps_what_was_accepted(self):
        for how in ("key", "while a reason is typed", "signal", "end of input"):
            with self.subTest(how):
                terminal = self.review("first/plain/*" if how == "key" else "*")
                self.assertFalse(terminal.echoes())
                if how == "key":
                    terminal.press("a", until=WHY)
                    terminal.press("x\n", until="1 cell accepted")
                    self.assertEqual(terminal.close(), 0)
                    terminal = self.review()
                    terminal.press("\x03", until=None)
                elif how == "while a reason is typed":
                    terminal.press("a", until=WHY)
                    terminal.press("half a rea\x03", until=None)
                elif how == "signal":
                    terminal.interrupt()
                else:
                    terminal.press("\x04", until=None)
                self.assertEqual(terminal.close(), 1 if how == "end of input" else 130)
                self.assertIn("0 cells accepted, 2 still pending", terminal.seen)
                self.assertTrue(terminal.echoes())
                self.assertEqual(list(self.accepted()), ["first/plain"])
                self.assert_nothing_half_written()


class Refusals(Review):
    def test_where_nobody_can_be_asked(self):
        """It shows what there is, and names the command that needs no keys."""
        shown = self.exportgate("review")
        self.assert_says(
            shown,
            2,
            "standard input is no terminal",
            "`exportgate accept --group NAME",
            "first/*/nonstrict",
            "if it is right: exportgate accept --group ",
        )
        for term in ("dumb", ""):
            terminal = self.review(until="nobody can be asked", TERM=term)
            self.assertEqual(terminal.close(), 2)
        self.assertEqual(self.accepted(), {})

    def test_where_nothing_may_be_accepted(self):
        terminal = self.review(until="CI is set", CI="1")
        self.assertEqual(terminal.close(), 2)
        terminal = self.review("nowhere/*", until="nowhere")
        self.assertEqual(terminal.close(), 2)
        self.assertEqual(self.accepted(), {})

    def test_a_case_that_was_edited(self):
        code = self.folder / "cases" / "first" / "case.py"
        terminal = self.review("--why", "x")
        code.write_text(code.read_text() + "\n# edited\n")
        self.assertIn("case first was edited since", terminal.press("a"))
        self.assertIn("case first was edited since", terminal.press("g"))
        terminal.press("S")
        terminal.press("a", until="1 cell accepted, 2 still pending")
        self.assertEqual(terminal.close(), 2)
        self.assertEqual(list(self.accepted()), ["other/plain"])
        terminal = self.review(until="case first was edited since")
        self.assertEqual(terminal.close(), 2)

    def test_what_is_pending_was_replaced(self):
        """Accepted elsewhere meanwhile: nothing is done twice."""
        terminal = self.review("--why", "x")
        self.assert_says(self.exportgate("accept", "first/rebased/*", "--why", "before"), 0)
        self.assertIn("was replaced or accepted since", terminal.press("g"))
        self.assertIn("first/rebased/", terminal.press("r"))  # first/plain is what it was
        self.assertIn("quit, and review again", terminal.press("r"))
        terminal.press("q", until="0 cells accepted, 1 rejected")
        self.assertEqual(terminal.close(), 2)
        self.assertEqual(self.accepted(), {"first/rebased": "before"})


if __name__ == "__main__":
    unittest.main()
