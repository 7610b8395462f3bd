r"""A reader of LaTeX by users: letters of tensors, remarks, functions of their own.

Letters, numbers, scripts, fractions, roots, accents and fences: anything else
is an error. A command outside of ``SIGNS`` is an error, so no text
of a reader's reaches TeX or Markdown as one.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from symcnn import limits
from symcnn.errors import SymcnnError, shown
from symcnn.writing.formula import tree
from symcnn.writing.formula.build import braced
from symcnn.writing.formula.signs import ACCENTS, FENCES, FONTS, SAME, SIGNS, FormulaError

_TOKEN = re.compile(
    r"\\(?:text|operatorname|mathrm)\s*\{(?:[\w .,:;!?()/+=*'&%#À-ÖØ-öø-ÿ-]|\\[_&%#$ ])*\}"
    r"|\\[a-zA-Z]+|\\.|[0-9]+(?:(?:\.|\{,\})[0-9]+)?|\S",
    re.DOTALL | re.ASCII,
)
"""A word holds the letters that every format prints as they stand, or behind a backslash."""

_SIZES = {rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("l", "r")}
"""What stands before a fence of a size of its own, which a tree has by what it holds."""

REMEDY = "use letters, numbers, scripts, \\frac, \\sqrt and \\text"


@lru_cache(maxsize=2**14)
def read(latex: str) -> tree.Formula:
    """Read a formula.

    Raises:
        FormulaError: If it contains what the printer never writes, or is incomplete.
    """
    reader = _Reader(_TOKEN.findall(latex))
    try:
        return reader.row("")
    except FormulaError as error:
        raise FormulaError(f"the formula {shown(latex)} {error}: {REMEDY}") from None


_atom = cache(tree.Atom)


class _Reader:
    """Reads tokens from left to right; the last one is empty."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = [*tokens, ""]
        self._next = 0
        self._depth = 0

    def row(self, end: str) -> tree.Formula:
        """Read parts up to the token ``end``, and that token too."""
        parts: list[tree.Node] = []
        tokens = self._tokens
        while (token := tokens[self._next]) != end:
            self._next += 1
            if token in "^_" and token:
                base = parts.pop() if parts else tree.Formula(())
                parts.append(self._scripts(base, token))
            else:
                parts.append(self._part(token))
        self._next += 1
        return tree.Formula(tuple(parts))

    def _part(self, token: str) -> tree.Node:
        """Read a part; one that is nested too deeply is refused before the stack overflows."""
        if self._depth == limits.FORMULA_DEPTH:
            raise FormulaError("is nested too deeply")
        self._depth += 1
        part = self._one(token)
        self._depth -= 1
        return part

    def _one(self, token: str) -> tree.Node:
        token = SAME.get(token, token)
        if token in SIGNS:
            return _atom(token)
        if token in FONTS:
            return _styled(token, self._argument())
        if token[:1].isdecimal() and token.isascii():
            return _atom(token.replace("{,}", ","))
        if token == "{":
            return braced(self.row("}"))
        if token == r"\left":
            return self._fenced()
        if token in _SIZES:
            return _atom(self._fence())
        if token == r"\frac":
            return tree.Fraction(self._argument(), self._argument())
        if token == r"\begin":
            return self._cases()
        if token == r"\sqrt":
            return self._root()
        if token in ACCENTS:
            return tree.Accent(token, self._argument())
        if token.endswith("}") and len(token) > 1:
            return tree.Word(token[token.index("{") + 1 : -1].replace("\\", ""))
        if token in (r"\text", r"\operatorname", r"\mathrm"):
            raise FormulaError("has a word with a sign that not every format prints")
        raise FormulaError(f"holds {shown(token)}, which is not known" if token else "does not end")

    def _argument(self) -> tree.Node:
        """Read a group, or the one token that TeX takes without braces."""
        token = self._tokens[self._next]
        if len(token) > 1 and token[0].isdecimal():
            self._tokens[self._next] = token[1:]
            return _atom(token[0])
        self._next += 1
        return self._part(token)

    def _scripts(self, base: tree.Node, mark: str) -> tree.Scripts:
        """Add a script; a base takes one of each kind."""
        script = self._argument()
        sub, sup = (script, None) if mark == "_" else (None, script)
        if not isinstance(base, tree.Scripts):
            return tree.Scripts(base, sub, sup)
        if (sub and base.sub) or (sup and base.sup):
            raise FormulaError(f"has two scripts {shown(mark)} in one place")
        return tree.Scripts(base.base, sub or base.sub, sup or base.sup)

    def _fenced(self) -> tree.Fenced:
        left = self._fence()
        body = self.row(r"\right")
        inside = braced(body)
        return tree.Fenced(
            left, inside if isinstance(inside, tree.Formula) else body, self._fence()
        )

    def _fence(self) -> str:
        token = self._tokens[self._next]
        if token not in FENCES:
            raise FormulaError(f"has the fence {shown(token)}, which is not known")
        self._next += 1
        return token

    def _cases(self) -> tree.Cases:
        r"""Read \begin{cases} value & \text{if } condition \\ ... \end{cases}."""
        self._environment()
        values, conditions, end = list[tree.Node](), list[tree.Node](), r"\\"
        while end == r"\\":
            values.append(self.row("&"))
            condition, end = self._condition()
            conditions.append(condition)
        self._environment()
        return tree.Cases(tree.Formula(tuple(values)), tree.Formula(tuple(conditions)))

    def _environment(self) -> None:
        name = self._argument()
        if name != tree.Formula(tuple(map(tree.Atom, "cases"))):
            raise FormulaError("has an environment that is not cases")

    def _condition(self) -> tuple[tree.Formula, str]:
        last = next((t for t in self._tokens[self._next :] if t in (r"\\", r"\end")), "")
        if not last:
            raise FormulaError("has cases that do not end")
        first, *others = self.row(last).parts or (tree.Word(""),)
        if first == tree.Word("otherwise") and not others:
            return tree.Formula(()), last
        if first != tree.Word("if "):
            raise FormulaError("has a case without \\text{if } or \\text{otherwise}")
        return tree.Formula(tuple(others)), last

    def _root(self) -> tree.Root:
        if self._tokens[self._next] != "[":
            return tree.Root(self._argument())
        self._next += 1
        degree = braced(self.row("]"))
        return tree.Root(self._argument(), degree)


def _styled(font: str, body: tree.Node) -> tree.Node:
    r"""Return a letter in a font; an accent stands above it all: \mathbf{\hat z}."""
    if isinstance(body, tree.Accent):
        return tree.Accent(body.mark, _styled(font, body.body))
    if isinstance(body, tree.Atom) and (text := f"{font}{{{body.text}}}") in SIGNS:
        return _atom(text)
    raise FormulaError(f"has {font} of something other than a letter that has this font")


_BORDER = re.compile(r"(?<!\\)\$")


def prose(text: str) -> tuple[str | tree.Formula, ...]:
    r"""Return words and formulas in turn; every formula is read, none is passed on as written.

    >>> prose(r"at $x$ it costs \$5")
    ('at ', Formula(parts=(Atom(text='x'),)), ' it costs $5')

    Raises:
        SymcnnError: If a formula does not end, or holds what the reader does not know.
    """
    parts = _BORDER.split(text)
    if len(parts) % 2 == 0:
        raise SymcnnError(
            f"a formula begins in {shown(text)} and does not end: "
            r"close it with $, or write \$ for a dollar sign"
        )
    return tuple(read(part) if n % 2 else part.replace(r"\$", "$") for n, part in enumerate(parts))
