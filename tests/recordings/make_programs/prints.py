"""What is done to a print before it is recorded: the folders of `# File:` lines go, nothing else."""

import re

FILE_LINE = re.compile(r"^\s*# File: .*?(?:, code: |$)", re.MULTILINE)
FOLDER = re.compile(r"/(?:[^\s:/]+/)+")


def neutral_paths(text):
    """The same text with every source file in /path/to: what a checkout's place must not decide."""
    return FILE_LINE.sub(lambda line: FOLDER.sub("/path/to/", line.group()), text)


def release_of(version):
    """'2.13.0' of '2.13.0+cpu'."""
    return version.split("+")[0]
