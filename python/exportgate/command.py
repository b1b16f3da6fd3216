"""Where the command exportgate is that this package came with."""

import os
import shutil
import sysconfig


class MissingCommand(Exception):
    pass


def path_of_command():
    """An absolute path. Raises MissingCommand.

    It is looked for where pip puts commands, for all users or for one, then on the PATH.
    EXPORTGATE_COMMAND wins: a build of a checkout, for instance.
    """
    if named := os.environ.get("EXPORTGATE_COMMAND"):
        if found := shutil.which(named):
            return os.path.abspath(found)
        raise MissingCommand(f"EXPORTGATE_COMMAND is {named}, which is no command")
    user_scheme = sysconfig.get_preferred_scheme("user")
    for folder in (sysconfig.get_path("scripts"), sysconfig.get_path("scripts", user_scheme), None):
        if found := shutil.which("exportgate", path=folder):
            return os.path.abspath(found)
    raise MissingCommand(
        "the command is not installed beside this Python (`pip install exportgate`)"
    )
