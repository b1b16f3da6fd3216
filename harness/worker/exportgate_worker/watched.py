"""What is seen of this process (src/opened_files.h), where the harness itself does something.

A cell that starts a program of its own is observed in every run, since nobody knows what that
program reads. Of the compiler, of ONNX Runtime and of the runner of packages it is known.
"""

import contextlib
import os


def say_whose_programs(of_the_harness):
    """From now on; told to src/opened_files.h, once a child has set this."""


def seen():
    """The lines of src/opened_files.h; set by a child too."""
    return ""


@contextlib.contextmanager
def of_the_harness():
    """Programs that are started while it lasts are the harness's."""
    say_whose_programs(True)
    try:
        yield
    finally:
        say_whose_programs(False)


def count(path, what="R"):
    """This cell is made of the file or, with "L", of the names in the folder, there or not."""
    with contextlib.suppress(OSError):
        if what == "L":
            os.listdir(path)
        else:
            with open(path, "rb"):
                pass
