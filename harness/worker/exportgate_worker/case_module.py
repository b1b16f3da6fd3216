"""Loads a case's case.py as a fresh module with the base class of a kind, and its native module."""

import difflib
import importlib.machinery
import importlib.util
import os
import re
import sys
import types

from exportgate_worker import class_of_kind
from exportgate_worker.class_of_kind import BASE_MODULE
from exportgate_worker.errors import CaseError, NotAvailable, key_of_toml
from exportgate_worker.model_inputs import Inputs

HOOKS = ("make_inputs", "register", "unregister")


class LoadedCase:
    """A case as one kind sees it: module, cache class, and the C++ reference where there is one."""

    def __init__(self, module, native, class_name, kind):
        self.module = module
        self.reference = getattr(native, "reference", None)
        source = native if kind == "native" else module
        if source is None:
            raise CaseError("the kind native needs a native.cpp beside case.py")
        if not hasattr(source, class_name):
            there = sorted(n for n, v in vars(source).items() if isinstance(v, type))
            raise CaseError(
                f'{source.__name__} has no class {class_name}, which "class" in case.toml names: '
                f"there are {', '.join(there) or 'none'}{did_you_mean(class_name, there)}",
                key_of_toml("class"),
            )
        if kind == "native":
            self._kind = class_of_kind.KindOfClass(getattr(native, class_name))
        else:
            self._kind = class_of_kind.as_kind(module, class_name, kind)
        self.cache_class = self._kind.cache_class
        self.module_names = {module.__name__} | ({native.__name__} if native else set())

    def rebase(self):
        """For the kind `rebased`: the class, registered and instantiated, stops being nn.Module."""
        self._kind.rebase()


def load(case, directory, kind, kinds):
    """Imports `directory`/case.py as case_<folder>; `kinds` are all that `case` declares.

    It may import the Python files beside it, and those beside the folders of the cases. Raises what
    case.py raises; CaseError where a hook or the class is missing; NotAvailable where
    the native module that this kind needs could not be built for this environment.
    """
    _inject_base(kind, case.parameters)
    sys.dont_write_bytecode = True  # the cases' folder belongs to the user
    sys.meta_path.insert(0, _FilesOfCases(directory))
    module = _load_file(f"case_{case.folder}", os.path.join(directory, "case.py"))
    missing = [name for name in (case.model_name, *HOOKS) if not hasattr(module, name)]
    if missing:
        functions = [n for n, v in vars(module).items() if callable(v) and not n.startswith("_")]
        near = closest(missing[0], functions)
        raise CaseError(
            f"case.py does not define {', '.join(missing)} (see cases/README.md)"
            f"{did_you_mean(missing[0], functions)}",
            ("case.py", rf"(def|class)\s+{re.escape(near)}\b" if near else r""),
        )
    # Without native.cpp built, the other kinds go without its C++ reference, unless nothing else
    # would tell that it is missing.
    needed = kind == "native" or "native" not in kinds
    return LoadedCase(module, _load_native(case.folder, directory, needed), case.class_name, kind)


def closest(name, there):
    """The one that was meant, perhaps; "" where none is near."""
    return next(iter(difflib.get_close_matches(name, there, n=1)), "")


def did_you_mean(name, there):
    near = closest(name, there)
    return f"; did you mean {near}?" if near else ""


def unload(folder, directory):
    """Undoes load(), also for the modules that case.py imported from the folders of the cases."""
    folders = _folders(directory)
    for module_name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and os.path.dirname(file) in folders and not module_name.startswith("exportgate_"):
            del sys.modules[module_name]
    sys.modules.pop(f"case_{folder}", None)
    sys.modules.pop(BASE_MODULE, None)
    sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, _FilesOfCases)]


def _folders(directory):
    """Where case.py finds what it imports: its own folder, and that of all cases."""
    return [directory, os.path.dirname(directory)]


class _FilesOfCases:
    """Finds the Python files in these folders, and no folder in them.

    On sys.path, every folder of a case would be a package that can be imported, and hide others.
    """

    def __init__(self, directory):
        self._folders = _folders(directory)

    def find_spec(self, name, path=None, target=None):
        for folder in self._folders if path is None else []:
            file = os.path.join(folder, f"{name}.py")
            if os.path.isfile(file):
                return importlib.util.spec_from_file_location(name, file)
        return None


def _inject_base(kind, parameters):
    """Strict mode looks classes up by their module, so the base is in one that can be imported."""
    module = types.ModuleType(
        BASE_MODULE,
        "What case.py imports: the base of cache classes, which the kind makes, and the "
        "values of its parameters.",
    )
    module.PlainBase = class_of_kind.PlainBase
    module.CacheBase = class_of_kind.cache_base(kind)
    module.Inputs = Inputs
    module.parameters = types.MappingProxyType(dict(parameters))
    sys.modules[BASE_MODULE] = module


def _load_file(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _load_native(name, directory, needed):
    """The module built from native.cpp; None where there is none, or it is not `needed`."""
    if not os.path.exists(os.path.join(directory, "native.cpp")):
        return None
    module_name = f"native_{name}"
    if module_name in sys.modules:
        return sys.modules[module_name]
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for suffix in importlib.machinery.EXTENSION_SUFFIXES:
        path = os.path.join(root, "native", name, module_name + suffix)
        if os.path.exists(path):
            return _load_file(module_name, path)
    notice = os.path.join(root, "native", name, "not_available.txt")
    if os.path.exists(notice):
        if not needed:
            return None
        with open(notice, encoding="utf-8") as file:
            raise NotAvailable(f"{module_name} is not available: {file.read().strip()}")
    raise CaseError(
        f"this worker was built without {module_name}: build it again with "
        "-DEXPORTGATE_CASES= the folder of this case"
    )
