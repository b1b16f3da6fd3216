"""The environment variables that a case reads, by name.

`os.environ` is what Python code reads them from, and there is no audit event of it. So its method
is replaced where the case is imported and runs eagerly, and is Python's own again before anything
is exported: Dynamo would trace ours.
"""

import os
import sys
import sysconfig

_names = set()
_Environ = type(os.environ)
_own_getitem = _Environ.__getitem__
_own_iter = _Environ.__iter__
# Who looks through them all, or copies them, sees a new one too.
ALL_NAMES = "*"
_STDLIB = os.path.join(sysconfig.get_path("stdlib"), "")
_PACKAGES = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
# What os.getenv and os.environ.get call each other through.
_BETWEEN = (
    "<frozen os>",
    os.__file__,
    "<frozen _collections_abc>",
    f"{_STDLIB}_collections_abc.py",
)


def begin():
    _Environ.__getitem__ = _getitem
    _Environ.__iter__ = _iter


def end():
    _Environ.__getitem__ = _own_getitem
    _Environ.__iter__ = _own_iter


def names():
    return sorted(_names)


def _getitem(self, key):
    _note(key, sys._getframe(1))
    return _own_getitem(self, key)


def _iter(self):
    _note(ALL_NAMES, sys._getframe(1))
    return _own_iter(self)


def _note(key, frame):
    while frame is not None and frame.f_code.co_filename in _BETWEEN:
        frame = frame.f_back
    if frame is None or _is_of_python(frame.f_code.co_filename):
        return  # where temporary files are, how wide the terminal is
    if isinstance(key, bytes):
        key = os.fsdecode(key)
    if isinstance(key, str):
        _names.add(key)


def _is_of_python(file):
    if file.startswith("<frozen"):
        return True
    return file.startswith(_STDLIB) and not any(part in file for part in _PACKAGES)
