"""Whether the names of a case and those that the script itself needs stay apart."""

import ast
import builtins

from exportgate_repro.problem import Problem

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_INNER_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def refuse_hidden(of_case, of_script, path):
    """Raises Problem where case.py defines a name that the script needs. Both are lines of code."""
    ours = ast.parse("\n".join(of_script))
    bound = _bound(ours)
    needed = set(bound) | (_names(ours) & set(vars(builtins)))
    for name, what in _bound(ast.parse("\n".join(of_case))).items():
        if name in needed and not (what and what == bound.get(name)):
            raise Problem(
                f"{path} defines {name}, a name that the script needs",
                "give it another name in case.py",
            )


def refuse_dims(dims, of_script):
    """Raises Problem where the name of a dim, which is a parameter of the script's functions or a
    variable in it, means something else in these lines of it."""
    ours = ast.parse("\n".join(of_script))
    for dim in sorted(set(dims) & _not_of_dims(ours, dims)):
        raise Problem(
            f"the dim {dim} has a name that the script needs",
            "give it another name in case.toml",
        )


def _bound(module):
    """Global name -> "torch.utils._pytree" where it is imported, else ""."""
    found = {}
    unseen = list(module.body)
    while unseen:
        node = unseen.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= dict(_imported(node))
            continue
        if isinstance(node, _SCOPES):
            found[node.name] = ""
            found |= _declared_global(node)
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = ""
        if isinstance(node, ast.ExceptHandler) and node.name:
            found[node.name] = ""
        if not isinstance(node, _INNER_SCOPES):
            unseen += ast.iter_child_nodes(node)
    return found


def _imported(node):
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            yield alias.asname or alias.name, f"{node.module}.{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            name = alias.name.partition(".")[0]
            yield name, name


def _declared_global(scope):
    declared = (n for n in ast.walk(scope) if isinstance(n, ast.Global))
    return {name: "" for node in declared for name in node.names}


def _names(module):
    return {n.id for n in ast.walk(module) if isinstance(n, ast.Name)}


def _not_of_dims(module, dims):
    """What means something else than a dim: a global name, and in the functions that have dims as
    parameters or variables, what is assigned or called or has an attribute."""
    found = set(_bound(module))
    for function in (n for n in module.body if isinstance(n, ast.FunctionDef)):
        parameters = [one.arg for one in function.args.args]
        if function.args.kwarg:  # it gets the extents by name
            found |= set(parameters)
        elif parameters == list(dims) or not parameters:
            found |= _used_otherwise(function)
    return found


def _used_otherwise(function):
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if isinstance(node, (ast.Call, ast.Attribute)):
            of = node.func if isinstance(node, ast.Call) else node.value
            if isinstance(of, ast.Name):
                found.add(of.id)
    return found
