"""Modules of a package without its `__init__`, which imports what a cache does not need.

`import recurrentgemma.torch` needs JAX and Flax, `import torchtune` needs datasets and Arrow,
`import fla` needs Triton. The modules that hold the cache and its layers need none of these.
"""

import importlib.util
import sys
import types


def without_init(*names):
    """Makes each of these packages, outermost first, one whose modules can be imported."""
    for name in names:
        if name in sys.modules:
            continue
        spec = importlib.util.find_spec(name)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        package = types.ModuleType(name)
        package.__spec__ = spec
        package.__path__ = list(spec.submodule_search_locations)
        sys.modules[name] = package
