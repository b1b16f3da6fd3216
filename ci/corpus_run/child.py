"""Calls of exportgate, and how they end when somebody interrupts."""

import os
import signal
import subprocess
from pathlib import Path

from messages import stop

SOURCE = Path(__file__).resolve().parents[2]
EXPORTGATE = Path(os.environ.get("EXPORTGATE", SOURCE / "build" / "exportgate")).resolve()
# Inherited by every child: who is left of a run that was killed still holds it.
locks = []
NOTHING = subprocess.DEVNULL


class Interrupted(Exception):
    """By Ctrl-C, or by SIGTERM."""


def end_by_signal(number, frame):
    raise Interrupted


def answer(*arguments, folder=SOURCE):
    """What it prints. A failure ends all."""
    if not EXPORTGATE.exists():
        stop(f"there is no {EXPORTGATE}: ci/build makes it")
    command = [EXPORTGATE, *map(str, arguments)]
    ran = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
    if ran.returncode != 0:
        stop(ran.stderr.decode(errors="replace").strip())
    return ran.stdout.decode()


def run(*arguments, folder=SOURCE, output=None, watch=None, **variables):
    """The exit code. `watch` is called again and again; where it returns a reason, the command is
    interrupted and the reason returned in place of a code."""
    process = subprocess.Popen(
        [EXPORTGATE, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **{name: str(value) for name, value in variables.items()}},
        stdin=subprocess.DEVNULL,
        stdout=output,
        pass_fds=locks,
    )
    try:
        while True:
            try:
                code = process.wait(timeout=0.5 if watch else None)
                break
            except subprocess.TimeoutExpired:
                if reason := watch():
                    process.send_signal(signal.SIGINT)
                    process.wait()
                    return reason
    except Interrupted:
        # Two of them do no harm where the terminal has sent it one already.
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    if code == 130:
        raise Interrupted
    return code
