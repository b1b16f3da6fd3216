"""What is done to a print before it is recorded: comments lose this machine and this process."""

import re

COMMENT_LINE = re.compile(r"^\s*#.*?(?:, code: |$)", re.MULTILINE)
FOLDER = re.compile(r"/(?:[^\s:/]+/)+")
COUNTER = re.compile(r"<eval_with_key>\.\d+")
COMMENT = re.compile(r"^\s*#.*\n", re.MULTILINE)


def neutral_comments(text):
    """The same text with its source files in /path/to, without counts of this process."""

    def neutral(line):
        return COUNTER.sub("<eval_with_key>.0", FOLDER.sub("/path/to/", line.group()))

    return COMMENT_LINE.sub(neutral, text)


def without_comments(text):
    """For telling whether a change is more than a change of comments."""
    return COMMENT.sub("", text)


def release_of(version):
    """'2.13.0' of '2.13.0+cpu'."""
    return version.split("+")[0]
