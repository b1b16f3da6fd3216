"""The script as text: what the case defines, its inputs, the export, and what fails."""

import types

from exportgate_repro import checks_text, leaves_text, names_of_script, shapes_text, sources
from exportgate_repro.problem import Problem

BASES = {"plain": "PlainBase", "as_is": "PlainBase"}  # of CacheBase; nn.Module for the others

IMPORTS = ["import io", "import torch", "from torch.utils import _pytree as pytree"]
# Its words until the end of the output, without their colours.
_REPORT = [
    'report = re.sub(r"\\x1b\\[[0-9;]*m", "", str(program._report))',
    'print("draft_export says", report.strip(), sep="\\n")',
]
SHOW = "show"  # the function in which all happens: nothing in it hides a name of case.py


class Script:
    """`text`, with what it shows.

    export_lines: the first and the last line of the export in it; check: the one that it shows, ""
    for the export; raises: the class of what the export raises, as Python prints it, "" for none.
    """

    def __init__(self, request):
        self._request = request
        self._case = request["case"]
        self._cell = request["cell"]
        if self._cell["kind"] == "native":
            raise Problem(
                "a class in C++ has to be compiled, which a script cannot",
                "name the same cell of another kind",
            )
        hook = "dynamic_shapes"
        wanted = [self._case["class"], self._model, "make_inputs", "register"]
        self._merged = sources.Merged(request["directory"], wanted)
        with open(f"{request['directory']}/case.py", encoding="utf-8") as file:
            if f"def {hook}(" in file.read():
                raise Problem(
                    "case.py asks for its own dynamic_shapes, which a script cannot spell yet",
                    "show it by hand: `exportgate show` says what is asked",
                )
        self.raises = self._merged.final_class(request["raises"])
        self._setup = self._setup_blocks()
        self._refuse_hidden_names()
        ran = self._run_setup()
        self._inputs = self._inputs_function(ran)
        self._shapes = self._nested_shapes(ran)
        self.export_lines = (0, 0)
        self.check = ""
        self.text = self._whole()

    @property
    def _seed(self):
        return self._request["seed"]

    @property
    def _own_imports(self):
        return [*IMPORTS, "import re"] if self._request["draft"] else IMPORTS

    @property
    def _model(self):
        return self._case.get("model", "Model")

    def _setup_blocks(self):
        """Blocks of lines: all that defines something, except for the inputs' own function."""
        blocks = self._blocks_of_base()
        blocks += self._merged.body()
        if self._is_derived():
            blocks.append(self._derived_class())
        return [*blocks, leaves_text.function(self._case, self._seed)]

    def _blocks_of_base(self):
        """What case.py imports from exportgate_case."""
        blocks = []
        if "parameters" in self._merged.base_names:
            values = {one["name"]: one["value"] for one in self._case.get("parameters", ())}
            blocks.append([f"parameters = {values!r}"])
        if self._needs_base():
            base = "torch.nn.Module" if self._base_is_module() else "PlainBase"
            if base == "PlainBase" or self._is_rebased():
                blocks.append(["class PlainBase:", "    pass"])
            blocks.append([f"CacheBase = {base}"])
        if "Inputs" in self._merged.base_names:
            blocks.append(
                [
                    "class Inputs:",
                    "    def __init__(self, *args, **kwargs):",
                    "        self.args, self.kwargs = args, kwargs",
                ]
            )
        return blocks

    def _needs_base(self):
        return bool({"CacheBase", "PlainBase"} & self._merged.base_names)

    def _base_is_module(self):
        return self._cell["kind"] in ("module", "rebased")

    def _is_rebased(self):
        return self._cell["kind"] == "rebased"

    def _is_derived(self):
        """Of a class that does not derive from CacheBase, and is to be an nn.Module too."""
        return self._base_is_module() and "CacheBase" not in self._merged.base_names

    def _derived_class(self):
        name = self._case["class"]
        return [
            f"Original = {name}",
            "",
            "",
            f"class {name}(Original, torch.nn.Module):",
            "    def __init__(self, *args, **kwargs):",
            "        if isinstance(self, torch.nn.Module):",
            "            torch.nn.Module.__init__(self)",
            "        super().__init__(*args, **kwargs)",
        ]

    def _imports(self):
        lines = self._merged.imports()
        lines += [line for line in self._own_imports if line not in lines]
        return sorted(lines, key=lambda line: (line.startswith("from"), line))

    def _run_setup(self):
        """The names that the definitions make, after the class was registered, with inputs.

        They are the script's own text: what goes wrong here would go wrong there.
        """
        module = types.ModuleType("__main__")
        text = "\n".join(["\n".join(self._imports()), *("\n".join(b) for b in self._setup)])
        try:
            exec(compile(text, "the script's definitions", "exec"), vars(module))
            names = vars(module)
            made = names["leaves"](**self._extents())
            names["_made"] = names["make_inputs"](names[self._case["class"]], made)
            names["_model"] = names[self._model]()
            names["register"](names[self._case["class"]])
        except Exception as error:
            raise Problem(
                f"its definitions, taken out of case.py, raise {type(error).__name__}: "
                + str(error).partition("\n")[0],
                "see that case.py needs nothing but what it defines and imports by `import` at "
                "the top",
            ) from error
        return names

    def _extents(self):
        pairs = self._case["pairs"]
        return next(pair["extents"] for pair in pairs if pair["name"] == self._cell["pair"])

    def _inputs_function(self, ran):
        made, dims = ran["_made"], [dim["name"] for dim in self._case["dims"]]
        given = ", ".join(f"{dim}={dim}" for dim in dims)
        lines = [
            f"def inputs({', '.join(dims)}):",
            '    """(args, kwargs)"""',
            f"    made = make_inputs({self._case['class']}, leaves({given}))",
        ]
        if hasattr(made, "kwargs"):
            self._args = made.args, made.kwargs
            return [*lines, "    return made.args, made.kwargs"]
        if type(made) is dict:
            self._args = (), made
            return [*lines, "    return (), made"]
        self._args = tuple(made), {}
        return [*lines, "    return tuple(made), {}"]

    def _nested_shapes(self, ran):
        if self._cell["dims"] == "static":
            return "None"
        asked = shapes_text.asked(self._case, self._cell["dims"])
        try:
            return shapes_text.nested(asked, *self._args, ran["_model"].forward)
        except Problem:
            raise
        except Exception as error:
            raise Problem(
                f"the inputs cannot be flattened: {type(error).__name__}: "
                + str(error).partition("\n")[0],
                "it is the registration that fails, and not torch.export",
            ) from error

    def _export(self, model, name):
        """Lines of an export of `model`, as the cell asks."""
        is_strict = self._cell["mode"] == "strict"
        options = dict(self._case.get("export", {}))
        if name != "program":
            options.pop("preserve_module_call_signature", None)
        function = "draft_export" if self._request["draft"] else "export"
        return [
            f"{name} = torch.export.{function}(",
            f"    {model},",
            "    args,",
            "    kwargs,",
            f"    dynamic_shapes={self._shapes},",
            f"    strict={is_strict},",
            *(f"    {option}={value!r}," for option, value in options.items()),
            ")",
        ]

    def _whole(self):
        failing = self._request["failing"]
        statements = checks_text.Statements(self._case, self._cell, self._export)
        shown, after = self._request["ends_in_export"], []
        if self._request["draft"]:
            after = _REPORT
        elif not shown:
            self.check, reasons = statements.chosen(failing)
            shown, after = f"check {self.check}: {reasons[0]}", statements.of(self.check, reasons)
        own = [
            self._inputs,
            [
                "def new_model():",
                f"    torch.manual_seed({self._seed})",
                f"    return {self._model}()",
            ],
        ]
        own += checks_text.helpers(self._case) if self.check else []
        blocks = [self._docstring(shown), self._imports(), *self._setup, *own]
        dims = shapes_text.dims(self._case, self._cell["dims"])
        before, export = self._before_export(), self._export("new_model()", "program")
        if not self._request["draft"]:
            after = [*after, 'print("as it should be")']
        lines = [*_spaced(blocks), "", "", f"def {SHOW}():", *_indented([*before, *dims])]
        self.export_lines = (len(lines) + 1, len(lines) + len(export))
        self._refuse_hidden_names(own, [*before, *export, *after])
        return "\n".join([*lines, *_indented([*export, *after]), "", "", f"{SHOW}()"]) + "\n"

    def _before_export(self):
        """Lines of what comes before the dims and the export."""
        keywords = ", ".join(f"{dim}={extent}" for dim, extent in self._extents().items())
        lines = [
            'print("torch", torch.__version__, flush=True)',
            f"args, kwargs = inputs({keywords})",
            f"register({self._case['class']})",
            f"eager_args, eager_kwargs = inputs({keywords})",
            "new_model()(*eager_args, **eager_kwargs)  # the model itself runs",
        ]
        if self._is_rebased():
            base = "Original" if self._is_derived() else "PlainBase"
            lines.append(f"{self._case['class']}.__bases__ = ({base},)")
        return lines

    def _refuse_hidden_names(self, functions=(), shown=()):
        """functions: blocks of lines; shown: those of SHOW without those that define the dims."""
        blocks = [self._own_imports, *self._blocks_of_base(), *functions]
        blocks.append(leaves_text.function(self._case, self._seed))
        if self._is_derived():
            blocks.append(["Original = object"])
        functions = [line for block in blocks for line in block]
        shown = [line for line in shown if "dynamic_shapes=" not in line]  # it says the dims
        shown = [f"def {SHOW}():", *_indented(shown or ["pass"])]
        of_case = [line for block in self._merged.body() for line in block]
        names_of_script.refuse_hidden(
            [*self._merged.imports(), *of_case],
            [*functions, *shown],
            f"{self._request['directory']}/case.py",
        )
        dims = [dim["name"] for dim in self._case["dims"]]
        has_variables = self._cell["dims"] == "named"
        names_of_script.refuse_dims(dims, [*functions, *(shown if has_variables else ())])

    def _docstring(self, shown):
        text = f"{self._request['name']}, torch {self._request['torch']}:\n\n{shown}\n"
        text = text.replace("\\", "\\\\").replace('"""', "'''")
        if self._request["draft"]:
            last = "What torch.export.draft_export says that would have to change."
        else:
            last = "Exit code 0: torch does it as it should be."
        return [*f'"""{text}'.split("\n"), last, '"""']


def _indented(lines):
    return ["    " + line for line in lines]


def _spaced(blocks):
    """Two empty lines around what defines a function or a class, none between assignments."""
    lines = []
    for index, block in enumerate(blocks):
        if index and (_is_definition(block) or _is_definition(blocks[index - 1])):
            lines += ["", ""]
        elif index == 1 or index == 2:
            lines.append("")
        lines += block
    return lines


def _is_definition(block):
    return any(line.startswith(("def ", "class ", "@")) for line in block)
