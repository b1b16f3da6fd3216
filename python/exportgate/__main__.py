"""`python -m exportgate`: the command of the environment that this Python is of."""

import os
import sys

from exportgate.command import MissingCommand, path_of_command


def main():
    try:
        command = path_of_command()
    except MissingCommand as missing:
        print(f"exportgate: {missing}", file=sys.stderr)
        return 2
    os.execv(command, [command, *sys.argv[1:]])
    return 2


if __name__ == "__main__":
    sys.exit(main())
