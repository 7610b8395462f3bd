"""The text of a module with a function that is differentiated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

from symcnn.equations.values.evaluation import Array
from symcnn.programs.backends.jax.library import Library
from symcnn.programs.backends.python.export import escaped, listed
from symcnn.programs.backends.python.module import blocks_text, defined
from symcnn.programs.backends.python.printing import (
    MOST_EXPONENT,
    MOST_EXPONENT_OF_TYPE,
    with_needs,
)
from symcnn.programs.export.autograd.passes import Argument, Differentiated, Pass, Passes
from symcnn.writing.wrapping import MARGIN, filled

_HEAD = '''"""{title}: {what} as a function of {library} with a custom gradient.

    {function}({arguments})

{shapes}

{about}
"""'''

_ABOUT = (
    "{samples} Images have their channels last, and parameters have the layouts of symcnn.",
    "First derivatives, with respect to {moving}, are computed by the equations of the backward "
    "pass, and second derivatives by these equations, differentiated along a direction. Each of "
    "them is a comment above the statements that compute it. Third derivatives are those that "
    "{library} derives from the statements of the second ones.",
    "The module imports {library} alone, and computes where its arguments are, in their type.",
)

_WHAT = {"outputs": "the output", "loss": "the loss"}
FUNCTION = {"outputs": "layer", "loss": "loss"}
"""What the function is called."""


@dataclass(frozen=True)
class Style:
    """How a library's modules are written.

    Attributes:
        library: How its statements are spelled.
        called: What it is called.
        imports: What every module imports.
        helpers: Functions that it lacks.
        needs: What these use besides.
        imported: How they get what they use of other modules.
        type_of: The type of an array's numbers, as statements need it.
        float64: The type of numbers of 64 bits.
        own: A result that is a view, as an array of its own where the library asks for that.
        functions: What joins the passes, with gaps in braces.
        holder: What holds the numbers of the problem.
        parameter: A parameter in it.
        constant: What is given and not learned, such as a running mean.
        constants: What holds the latter, if they stand apart.
    """

    library: Library
    called: str
    imports: tuple[str, ...]
    helpers: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]
    imported: Mapping[str, str]
    type_of: str
    float64: str
    own: str
    functions: str
    holder: str
    parameter: str
    constant: str
    constants: str = ""


@dataclass(frozen=True)
class Module:
    """A module.

    Attributes:
        style: How it is written.
        passes: What it computes.
        results: Whether its function returns the output or the loss.
        title: What it is of.
        numbers: Those of what the module holds, by the names of the tensors.
    """

    style: Style
    passes: Passes
    results: Differentiated
    title: str
    numbers: Mapping[str, Array]

    @property
    def text(self) -> str:
        """The whole text."""
        functions = [
            self._function("_forward", self.passes.forward, "Return the result, and what is kept."),
            self._function("_backward", self.passes.backward, "Return the gradients."),
            self._function("_second", self.passes.second, _SECOND),
            self._joined,
            self._parameters,
            self._holder,
        ]
        used = self._used | {"check"}
        called = with_needs(used & self.style.helpers.keys(), self.style.needs)
        helpers = [text for name, text in self.style.helpers.items() if name in called]
        extra = sorted(line for name, line in self.style.imported.items() if name in called)
        theirs = [line for line in extra if "jax" in line]
        ours = [line for line in extra if line not in theirs]
        imports = (*self.style.imports, *theirs)
        head = "\n\n".join(["\n".join(part) for part in (ours, imports) if part])
        parts = [f"{self._head}\n\n{head}", *helpers, *filter(None, functions)]
        return "\n\n\n".join(parts) + "\n"

    @property
    def _used(self) -> set[str]:
        every = (self.passes.forward, self.passes.backward, self.passes.second)
        return set().union(*(one.names for one in every))

    @property
    def _head(self) -> str:
        passes = self.passes
        rows = [f"    {a.name}: {a.shape}" for a in passes.arguments]
        moving = ", ".join(a.name for a in passes.arguments if a.moves)
        samples = f"The first axis of {passes.batch} runs over any number of samples."
        facts = {
            "samples": samples if passes.batch else _ONE,
            "moving": moving,
            "library": self.style.called,
        }
        return _HEAD.format(
            title=escaped(self.title),
            what=_WHAT[self.results],
            library=self.style.called,
            function=FUNCTION[self.results],
            arguments=filled(", ".join(a.name for a in passes.arguments)),
            shapes="\n".join(rows),
            about="\n\n".join(fill(text.format(**facts), _WIDTH) for text in _ABOUT),
        )

    def _function(self, name: str, one: Pass, about: str) -> str:
        body = [f'"""{about}"""', *self._constants(one), *blocks_text(one.blocks)]
        views = set() if one is self.passes.second else one.views
        results = [self.style.own.format(r) if r in views else r for r in one.results]
        return defined(name, one.arguments, [*body, f"\nreturn {_tuple(results)}"])

    def _constants(self, one: Pass) -> Iterator[str]:
        """Return what depends on the arguments: their number of samples, their type and place."""
        first, used = self.passes.arguments[0].name, one.names
        if self.passes.batch and "batch" in used:
            yield f"batch = {self.passes.batch}.shape[0]"
        if "dtype" in used:
            yield f"dtype = {self.style.type_of.format(first)}"
        if "device" in used:
            yield f"device = {first}.device"
        if MOST_EXPONENT_OF_TYPE in used:
            numbers = MOST_EXPONENT["float64"], MOST_EXPONENT["float32"]
            chosen = f"{numbers[0]} if {first}.dtype == {self.style.float64} else {numbers[1]}"
            yield f"{MOST_EXPONENT_OF_TYPE} = {chosen}  # exp of it is near the largest float"

    @property
    def _joined(self) -> str:
        passes, arguments = self.passes, self.passes.arguments
        known = [a.name for a in arguments]
        slopes = [f"d_{a.name}" for a in arguments if a.moves]
        returned = [f"d_{a.name}" if a.moves else "None" for a in arguments]
        more = ["None"] * (len(passes.kept) + bool(passes.result))
        batch = passes.batch
        checks = [f"    batch = {batch}.shape[0]"] if batch else []
        checks += [f"    check({a.name!r}, {a.name}, {a.shape})" for a in arguments]
        return self.style.functions.format(
            arguments=_inside(known),
            result="result, " if passes.result else "",
            slopes=_tuple(slopes),
            returned=_tuple(returned),
            saved=_inside(passes.backward.arguments),
            count=1 + len(known),
            second=_inside(passes.second.arguments[: 1 + len(known)]),
            bends=_tuple(["d_upstream", *slopes]),
            bends_returned=_tuple(["d_upstream", *returned, *more]),
            function=FUNCTION[self.results],
            what=_WHAT[self.results],
            checks="\n".join(checks),
        )

    @property
    def _parameters(self) -> str:
        rows = "".join(
            f"    {a.name!r}: {filled(listed(self.numbers[a.tensor.name]))},\n"
            for a in self.passes.arguments
            if a.tensor.name in self.numbers
        )
        return "# The numbers of the problem.\nNUMBERS = {\n" + rows + "}" if rows else ""

    @property
    def _holder(self) -> str:
        style, held = (
            self.style,
            [a for a in self.passes.arguments if a.tensor.name in self.numbers],
        )
        names = {a.name for a in held}
        learned = [_held(style.parameter, a) for a in held if a.moves]
        others = [_held(style.constant, a) for a in held if not a.moves]
        passed = [f"self.{a.name}" if a.name in names else a.name for a in self.passes.arguments]
        if not held:
            return ""
        text = style.holder.format(
            what_of_class=_WHAT[self.results].capitalize(),
            parameters="\n".join(learned if style.constants else [*learned, *others]),
            others=", ".join(a.name for a in self.passes.arguments if a.name not in names),
            function=FUNCTION[self.results],
            passed=_inside(passed),
        )
        apart = style.constants.format(constants="\n".join(others)) if others else ""
        return "\n\n\n".join(filter(None, [text, apart]))


def _held(text: str, argument: Argument) -> str:
    """Return the lines that make one array of numbers."""
    return text.format(name=argument.name, shape=argument.tensor.shape)


_SECOND = "Return the derivatives of the gradients times directions, with respect to all arguments."
_ONE = "The number of samples is that of these shapes alone."
_WIDTH = 88


def _tuple(names: Sequence[str]) -> str:
    """Return the text of a tuple, in parentheses where it is long or of one."""
    text = ", ".join(names)
    if len(names) == 1:
        return f"({text},)"
    return text if len(text) <= _SHORT else f"(\n{MARGIN}{filled(text)}\n)"


_SHORT = 70


def _inside(names: Sequence[str]) -> str:
    """Return names between parentheses, further lines far to the right."""
    return filled(", ".join(names), _SHORT).replace("\n", "\n" + 2 * MARGIN)
