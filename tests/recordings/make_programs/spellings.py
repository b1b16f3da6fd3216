"""Other spellings of a whole print, all torch's own: other symbols, the older signature."""

import contextlib
import re

from torch.fx.experimental.symbolic_shapes import ShapeEnv

DELETIONS = re.compile(r";(?:  \w+(?: = \w+)* = None)$", re.MULTILINE)


@contextlib.contextmanager
def symbols_numbered(name_of):
    """While this is open torch numbers its symbols differently: the n-th gets `name_of(n)`."""
    generate, init = ShapeEnv._generate_unique_id, ShapeEnv.__init__

    def numbered(self, source_name):
        self.numbered_so_far = getattr(self, "numbered_so_far", -1) + 1
        return name_of(self.numbered_so_far)

    def unbacked_from_forty(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.unbacked_symint_counter = 40

    ShapeEnv._generate_unique_id, ShapeEnv.__init__ = numbered, unbacked_from_forty
    try:
        yield
    finally:
        ShapeEnv._generate_unique_id, ShapeEnv.__init__ = generate, init


def symbols_counted(make, _):
    """s0, s1, ... as up to torch 2.7."""
    with symbols_numbered(lambda n: n):
        return str(make())


def symbols_counted_backwards(make, _):
    """Turns round every sum and product that torch sorts by the names of its symbols."""
    with symbols_numbered(lambda n: 999 - n):
        return str(make())


def signature_as_dataclass(_, ep):
    """The signature as up to torch 2.6, which had no __str__ for it but the dataclass's own."""
    graph = ep.graph_module.print_readable(print_output=False, colored=False).replace(
        "\n", "\n    "
    )
    return (
        f"ExportedProgram:\n    {graph}\n"
        f"Graph signature: {ep.graph_signature!r}\nRange constraints: {ep.range_constraints}\n"
    )


def deletions_left_out(_, ep):
    """Without `;  x = None`: a remark on the memory of the printed Python, not on the program."""
    return DELETIONS.sub("", str(ep))


def forward_on_many_lines(_, ep):
    """One input a line, as print_readable does where it is asked to."""
    graph = ep.graph_module.print_readable(print_output=False, colored=False, expanded_def=True)
    one_line = ep.graph_module.print_readable(print_output=False, colored=False)
    return str(ep).replace(one_line.replace("\n", "\n    "), graph.replace("\n", "\n    "))


def line_ends_of_windows(_, ep):
    return str(ep).replace("\n", "\r\n")


SPELLINGS = {
    function.__name__: function
    for function in (
        symbols_counted,
        symbols_counted_backwards,
        signature_as_dataclass,
        deletions_left_out,
        forward_on_many_lines,
        line_ends_of_windows,
    )
}
