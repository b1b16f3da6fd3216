"""What ci/corpus says."""

import sys


def say(text):
    print(f"ci/corpus: {text}", flush=True)


def complain(text):
    print(f"ci/corpus: {text}", file=sys.stderr, flush=True)


def stop(text):
    """A mistake, or what keeps all of it from going on."""
    complain(text)
    sys.exit(2)


def bytes_text(count):
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def counted(count, noun):
    return f"{count} {noun}" + ("" if count == 1 else "s")
