"""What a cell is made of besides its case, its environment and the worker.

These are files of the user: what was opened or imported and is neither the interpreter's nor of an
installed wheel. An editable install is the user's, and so is a folder that a .pth file names. The
harness computes digests of them, and knows by these whether a cell has to be observed again.
"""

import csv
import os
import site
import sys
import sysconfig

from exportgate_worker import read_variables

_NO_FILES = ("/proc/", "/sys/", "/dev/")
_BYTE_CODE = f"{os.sep}__pycache__{os.sep}"
_PACKAGES = ("site-packages", "dist-packages")
_LIBRARIES = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
_ZIPPED = (
    f"python{sys.version_info.major}{sys.version_info.minor}.zip"  # on sys.path, and not there
)
# What an environment stands on is part of its own digest.
_OF_THE_VENV = (
    os.path.join(sys.prefix, "pyvenv.cfg"),
    # written by `env add`
    *(os.path.join(folder, "exportgate.pth") for folder in site.getsitepackages()),
)
_WORKER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

AOTI_RUNNER = os.path.join(_WORKER, "exportgate-aoti")

_wheels = None  # the files of all installed wheels
_folders_of_wheels = None


def find_wheels():
    """Before the first child is forked, so that it need not."""
    global _wheels, _folders_of_wheels
    folders = dict.fromkeys(
        path for folder in python_path() for path in (folder, os.path.realpath(folder))
    )
    _wheels = frozenset().union(*map(_files_of_wheels_in, folders))
    _folders_of_wheels = frozenset(map(os.path.dirname, _wheels))


def python_path():
    """The folders in which Python looks for modules, without the worker's own and torch's own."""
    folders = [os.path.abspath(folder) for folder in sys.path if folder]
    return [folder for folder in folders if folder != _WORKER and not _is_made_by_torch(folder)]


def _is_made_by_torch(path):
    """In a temporary folder of another name in each process, which torch adds to sys.path."""
    made_by = sys.modules.get("torch.distributed.nn.jit.instantiator")
    folder = getattr(made_by, "INSTANTIATED_TEMPLATE_DIR_PATH", None)
    return folder is not None and f"{path}{os.sep}".startswith(f"{folder}{os.sep}")


def of_this_cell(request, lines):
    """The member `made_of` of a child's message (PROTOCOL.md). `lines`: what the worker saw.

    Programs that are saved for another torch, or that it saved, are the harness's files, and so is
    what they were made into for a consumer.
    """
    programs = [request.get("save_program"), request.get("load_program", {}).get("file")]
    folders = [os.path.dirname(file) for file in programs if file]
    if artefacts := request.get("artefact_folder"):
        folders += [artefacts, os.path.realpath(artefacts)]
    of_the_harness = tuple(os.path.join(folder, "") for folder in folders)
    files, listed, unknown = {}, {}, {}
    written, made = set(), set()
    for line in lines.splitlines():
        what, rest = line[:1], unescaped(line[1:])
        if what in "WC":
            written.add(rest)
            if what == "C":
                made.add(rest)
        elif what == "R" and not rest.startswith(of_the_harness):
            # A file that the cell made and read is read as it lies there the next time.
            if rest not in written or rest in made and os.path.exists(rest):
                files[_source(rest)] = None
        elif what == "L" and not os.path.join(rest, "").startswith(of_the_harness):
            listed[rest] = None
        elif what == "X":
            unknown[f"starts the program {os.path.basename(rest.strip()) or 'of a list'}"] = None
        elif what == "!":
            unknown[rest.strip()] = None
    packages = {}
    for folder in python_path():
        # Also those that the case added, and those that are not there yet.
        (packages if os.path.isdir(folder) else files)[folder] = None
    for module in list(sys.modules.values()):
        file, folders = _places_of(module)
        if file:
            files[_source(file)] = None
        packages.update(dict.fromkeys(folders))
    return {
        "files": sorted(filter(is_of_the_user, files)),
        "modules": sorted(filter(is_of_the_user, map(os.path.abspath, packages))),
        "names": sorted(filter(is_of_the_user, listed)),
        "variables": read_variables.names(),
        "unknown": sorted(unknown),
    }


def unescaped(text):
    """A path as src/opened_files.h writes it."""
    if "\\" not in text:
        return text
    return os.fsdecode(text.encode("ascii").decode("unicode_escape").encode("latin-1"))


def _source(path):
    """What was compiled to the byte code at `path`; `path` where it is no byte code."""
    if _BYTE_CODE not in path or not path.endswith(".pyc"):
        return path
    folder, _, name = path.rpartition(_BYTE_CODE)
    return os.path.join(folder, f"{name.split('.')[0]}.py")


def _places_of(module):
    """Its file, and the folders that its own modules are looked for in.

    Only from its dictionary: attributes of a lazy module may import anything.
    """
    try:
        members = object.__getattribute__(module, "__dict__")
        file, folders = members.get("__file__"), members.get("__path__")
    except Exception:  # what is no module may stand there
        return None, []
    file = file if isinstance(file, str) and os.path.isabs(file) else None
    try:
        folders = [folder for folder in folders or [] if isinstance(folder, str)]
    except Exception:  # a namespace package whose parent is gone
        folders = []
    return file, folders


def is_of_the_user(path):
    if not os.path.isabs(path) or path.startswith(_NO_FILES) or _is_a_made_up_name(path):
        return False
    of_nobody = _is_of_the_worker(path) or _is_of_a_wheel(path) or _is_made_by_torch(path)
    return not (of_nobody or _is_of_python(path))


def _is_a_made_up_name(path):
    """ "<string>" and what torch.fx calls its code: who shows a traceback tries to open them."""
    return os.path.basename(path).startswith("<") and not os.path.exists(path)


def _is_of_a_wheel(path):
    """Its files and its folders. Of what is looked for beside its METADATA not all is there."""
    if path in _wheels or path in _folders_of_wheels:
        return True
    folder = os.path.dirname(path)
    return folder.endswith(".dist-info") and folder in _folders_of_wheels


def _is_of_python(path):
    if path in _OF_THE_VENV or os.path.basename(path) == _ZIPPED:
        return True
    for library in _LIBRARIES:
        if path == library or path.startswith(library + os.sep):
            return not any(part in _PACKAGES for part in path.split(os.sep))
    return False


def _is_of_the_worker(path):
    """Its native modules are the cases', and count. A runner is built when it is first needed."""
    inside = path.startswith(_WORKER + os.sep)
    counts = path.startswith(os.path.join(_WORKER, "native") + os.sep) or path == AOTI_RUNNER
    return inside and not counts


def _files_of_wheels_in(folder):
    try:
        names = os.listdir(folder)
    except OSError:
        return set()
    files = set()
    for name in names:
        if name.endswith(".dist-info"):
            files |= _recorded_in(folder, os.path.join(folder, name, "RECORD"))
    return files


def _recorded_in(folder, record):
    """Without a RECORD nothing is known to be the wheel's, so all of it is looked at."""
    try:
        with open(record, encoding="utf-8", newline="") as lines:
            paths = [row[0] for row in csv.reader(lines) if row]
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()
    return {
        os.path.normpath(os.path.join(folder, path)) if ".." in path else f"{folder}/{path}"
        for path in paths
    } | {record}
