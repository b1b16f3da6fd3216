"""case.py and the files that it imports from the folders of the cases, as one text.

Only what is needed is kept: the definitions that are reached from the names that were asked for,
and what may do something besides: statements that define nothing or call something, and modules
that are imported for their effect.
"""

import ast
import os
import re
import sys

from exportgate_repro.problem import Problem

BASE_MODULE = "exportgate_case"  # what the worker gives case.py: the script defines it by itself


class Source:
    """One file: its statements, and what each of them defines and uses."""

    def __init__(self, path, folders):
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.path = path
        self._lines = self.text.splitlines()
        self.imported = {}  # name here -> (module, name there), of the module itself: (module, "")
        self.statements = []
        body = ast.parse(self.text, path).body
        if ast.get_docstring(ast.Module(body, [])) is not None:
            body = body[1:]
        above = body[0].lineno - 1 if body else 0
        for node in body:
            kept = self._without_cases(node, folders)
            if kept is not None and _names_of(kept) != {"__all__"}:
                self.statements.append(Statement(kept, self._with_comments(node, above)))
            above = node.end_lineno

    def _without_cases(self, node, folders):
        """`node` without the files of the cases that it imports, which become a part of the text
        itself. None where nothing is left."""
        if isinstance(node, ast.ImportFrom) and _is_of_cases(node.module, folders):
            for alias in node.names:
                if alias.name == "*":
                    raise Problem(
                        f"{self.path}:{node.lineno} imports all that {node.module} has",
                        f"name what is used: from {node.module} import ...",
                    )
                self.imported[alias.asname or alias.name] = node.module, alias.name
            return None
        if isinstance(node, ast.Import):
            others = [alias for alias in node.names if not _is_of_cases(alias.name, folders)]
            for alias in node.names:
                if alias not in others:
                    self.imported[alias.asname or alias.name] = alias.name, ""
            return ast.copy_location(ast.Import(others), node) if others else None
        return node

    def is_for_its_effect(self, name, module):
        """Whether no statement uses `name` of `module`, which an installed package has."""
        is_used = any(name in one.uses for one in self.statements)
        return not is_used and module.partition(".")[0] not in sys.stdlib_module_names

    def _with_comments(self, node, above):
        """The lines of `node` with decorators and the comments right above it."""
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]) - 1
        while first > above and self._lines[first - 1].lstrip().startswith("#"):
            first -= 1
        return first + 1, self._lines[first : node.end_lineno]


class Statement:
    def __init__(self, node, lines):
        self.node = node
        self.first_line, self.lines = lines
        self.defines = _names_of(node)
        self.uses = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}

    @property
    def is_import(self):
        return isinstance(self.node, (ast.Import, ast.ImportFrom))

    @property
    def may_do_something(self):
        """Besides defining names: a decorator may register what it gets, and so may a call."""
        if isinstance(self.node, (ast.Assign, ast.AnnAssign)) and self.defines:
            value = self.node.value
            return value is not None and any(isinstance(n, ast.Call) for n in ast.walk(value))
        return not self.defines or bool(getattr(self.node, "decorator_list", ()))


def _names_of(node):
    """What a statement defines."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(a.asname or a.name).partition(".")[0] for a in node.names}
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
        return names if all(_is_plain(t) for t in targets) else set()
    return set()


def _is_plain(target):
    return isinstance(target, ast.Name) or (
        isinstance(target, ast.Tuple) and all(isinstance(e, ast.Name) for e in target.elts)
    )


def _is_of_cases(module, folders):
    return module == BASE_MODULE or _file_of(module, folders) is not None


def _file_of(module, folders):
    if not module or "." in module:
        return None
    files = (os.path.join(folder, f"{module}.py") for folder in folders)
    return next((file for file in files if os.path.isfile(file)), None)


class Merged:
    """The text that defines `wanted` names of `directory`/case.py.

    imports: lines; body: blocks of lines; base_names: those of exportgate_case that are used.
    """

    def __init__(self, directory, wanted):
        self._folders = [directory, os.path.dirname(os.path.abspath(directory))]
        self._sources = {}  # module -> Source
        self._loaded = []  # their modules, in the order in which Python runs them
        self._kept = {}  # module -> set of indices of statements
        self.base_names = set()
        self._module_of_case = f"case_{os.path.basename(os.path.abspath(directory))}"
        self._load("case", os.path.join(directory, "case.py"))
        self._wanted = wanted
        for name in wanted:
            self._keep("case", name)
        self._final = self._final_names()

    def _load(self, module, path):
        source = self._sources[module] = Source(path, self._folders)
        kept = self._kept[module] = set()
        for of_module, _ in source.imported.values():
            if of_module != BASE_MODULE and of_module not in self._sources:
                self._load(of_module, _file_of(of_module, self._folders))
        self._loaded.append(module)
        for index, statement in enumerate(source.statements):
            if statement.may_do_something and index not in kept:
                self._keep_statement(module, index)

    def _keep(self, module, name):
        """Whatever defines `name` there, and what that uses."""
        source = self._sources[module]
        if name in source.imported:
            self._keep_imported(*source.imported[name])
        for index, statement in enumerate(source.statements):
            if name in statement.defines:
                self._keep_statement(module, index)

    def _keep_imported(self, module, name):
        if module == BASE_MODULE:
            self.base_names.add(name)
            return
        if name:
            self._keep(module, name)

    def _keep_statement(self, module, index):
        if index in self._kept[module]:
            return
        self._kept[module].add(index)
        source = self._sources[module]
        statement = source.statements[index]
        for node in ast.walk(statement.node):
            self._refuse_inner_import(source, node)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                of_module, name = source.imported.get(node.value.id, ("", "-"))
                if name == "":
                    self._keep_imported(of_module, node.attr)
        for name in statement.uses:
            self._keep(module, name)

    def _final_names(self):
        """(module, name) -> the name in the text. What case.py defines keeps its own."""
        final, taken = {}, set()
        for module in ("case", *(m for m in self._sources if m != "case")):
            for index in sorted(self._kept[module]):
                statement = self._sources[module].statements[index]
                for name in () if statement.is_import else sorted(statement.defines):
                    is_free = name not in taken
                    final[module, name] = name if is_free else f"{name}_of_{module}"
                    taken.add(final[module, name])
        return final

    def imports(self):
        """The import statements that are needed, each once."""
        lines, used = [], self._used()
        for module, source in self._sources.items():
            for index, statement in enumerate(source.statements):
                if not statement.is_import:
                    continue
                wanted = used if index in self._kept[module] else set()
                needed = _without_unused(statement.node, wanted, source)
                lines += [line for line in needed if line not in lines]
        return sorted(lines, key=lambda line: (line.startswith("from"), line))

    def body(self):
        """The kept definitions, a list of lines each, those of imported files first."""
        blocks = []
        for module in self._loaded:
            source = self._sources[module]
            for index in sorted(self._kept[module]):
                statement = source.statements[index]
                if not statement.is_import:
                    blocks.append(self._rewritten(module, source, statement))
        return blocks + [[line] for line in self._aliases()]

    def _aliases(self):
        """Of wanted names that case.py imports under another one."""
        for name in self._wanted:
            final = self._final_of(self._sources["case"], "case", name)
            if final != name:
                yield f"{name} = {final}"

    def _final_of(self, source, module, name):
        """What `name` in `module` is called in the text."""
        of_module, there = source.imported.get(name, (module, name))
        while of_module in self._sources and there in self._sources[of_module].imported:
            of_module, there = self._sources[of_module].imported[there]
        return there if of_module == BASE_MODULE else self._final.get((of_module, there), name)

    def _name_in(self, module, name):
        """What `name` of an imported module is called in the text."""
        if module == BASE_MODULE:
            return name
        return self._final_of(self._sources[module], module, name)

    def final_class(self, qualified):
        """A class of case.py, "case_mine.Failed", as the script has it: "Failed". Others stay."""
        module, _, name = qualified.partition(".")
        module = "case" if module == self._module_of_case else module
        if module not in self._sources:
            return qualified
        outer, dot, inner = name.partition(".")
        return self._final.get((module, outer), outer) + dot + inner

    def _statements(self):
        for module, source in self._sources.items():
            for index in sorted(self._kept[module]):
                yield source.statements[index]

    def _used(self):
        used = {n for s in self._statements() if not s.is_import for n in s.uses}
        return used | set(self._wanted)

    def _rewritten(self, module, source, statement):
        """Its lines, in which every name is the final one."""
        edits = []
        attributes = set()
        for node in ast.walk(statement.node):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                of_module, there = source.imported.get(node.value.id, ("", "-"))
                if there == "":
                    attributes.add(id(node.value))
                    name = self._name_in(of_module, node.attr)
                    edits.append((node.lineno, node.col_offset, node.end_col_offset, name))
        for node in ast.walk(statement.node):
            if isinstance(node, ast.Name) and id(node) not in attributes:
                self._refuse_module(source, node)
                name = self._final_of(source, module, node.id)
                if name != node.id:
                    self._refuse_hidden(source, statement, node)
                    edits.append((node.lineno, node.col_offset, node.end_col_offset, name))
        lines = list(statement.lines)
        for row, begin, end, name in sorted(edits, reverse=True):
            line = lines[row - statement.first_line].encode()
            lines[row - statement.first_line] = (line[:begin] + name.encode() + line[end:]).decode()
        return self._with_final_name(module, statement, lines)

    def _with_final_name(self, module, statement, lines):
        """`lines` of a function or class, under its final name."""
        own = getattr(statement.node, "name", "")
        final = self._final.get((module, own), own)
        row = statement.node.lineno - statement.first_line
        if own != final:
            lines[row] = re.sub(rf"\b(def|class)(\s+){own}\b", rf"\1\2{final}", lines[row])
        return lines

    def _refuse_inner_import(self, source, node):
        if isinstance(node, ast.ImportFrom):
            modules = [node.module]
        else:
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            if _is_of_cases(module, self._folders):
                raise Problem(
                    f"{source.path}:{node.lineno} imports {module} inside of another statement, "
                    "which a script cannot",
                    "import it at the top of the file",
                )

    @staticmethod
    def _refuse_module(source, node):
        if source.imported.get(node.id, ("", "-"))[1] == "":
            raise Problem(
                f"{source.path}:{node.lineno} uses the module {node.id} as an object",
                f"import the names that are used: from {node.id} import ...",
            )

    @staticmethod
    def _refuse_hidden(source, statement, node):
        if any(isinstance(n, ast.arg) and n.arg == node.id for n in ast.walk(statement.node)):
            raise Problem(
                f"{source.path}:{node.lineno}: {node.id} is a parameter, and another file has "
                "that name too",
                "rename one of the two",
            )


def _without_unused(node, used, source):
    """The lines of an import statement, a name each; without those that nothing needs."""

    def is_needed(alias):
        name = (alias.asname or alias.name).partition(".")[0]
        module = alias.name if isinstance(node, ast.Import) else node.module or ""
        return name in used or source.is_for_its_effect(name, module)

    names = [alias for alias in node.names if is_needed(alias)]
    if isinstance(node, ast.Import):
        return [ast.unparse(ast.Import([alias])) for alias in names]
    return [ast.unparse(ast.ImportFrom(node.module, names, node.level))] if names else []
