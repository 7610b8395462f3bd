"""What names and texts look like in JavaScript: identifiers, strings, numbers, comments."""

from __future__ import annotations

import json
from collections.abc import Iterable

from symcnn.programs.backends.notes import plain
from symcnn.programs.backends.python.listing import RESERVED
from symcnn.programs.backends.python.names import Names

_LANGUAGE = """
abstract arguments await boolean byte case catch char const debugger default delete do double enum
eval export extends final float function goto implements instanceof int interface let long native
new null package private protected public short static super switch synchronized this throw throws
transient true typeof undefined var void volatile yield false Array ArrayBuffer Error Float64Array
Infinity Int32Array Math NaN Number Object RangeError String TypeError globalThis
"""

_MODULE = """
VALUES SHAPES GIVEN INDICES OUTPUTS GRADIENTS stages lossAndGradients values given sum term at place
entry square sigmoid softplus bell
"""

_WORDS = {*_LANGUAGE.split(), *_MODULE.split()}
"""Words of the language, and what modules call something else."""


def identifier(name: str) -> str:
    """Return an identifier for one of Python's, which has no dollar sign.

    >>> identifier("z_11"), identifier("new")
    ('z_11', 'new$')
    """
    return f"{name}$" if name in _WORDS else name


class Fresh:
    """Generates identifiers, each only once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._names = Names(set(RESERVED))

    def __call__(self, wanted: str) -> str:
        """Return an identifier that looks like ``wanted`` and is not in use."""
        return identifier(self._names.fresh(wanted))


def string(text: str) -> str:
    r"""Return the literal of a text, which ends no script of a page.

    >>> string('a "b" </script>')
    '"a \\"b\\" \\u003c/script>"'
    """
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c")


def key(text: str) -> str:
    """Return a text as the key of a literal; ``__proto__`` would set the prototype."""
    return f"[{string(text)}]" if text == "__proto__" else string(text)


def comment(text: str) -> str:
    r"""Return a line of comment, which ends no script of a page.

    >>> comment("a </script> b")
    '// a <\\/script> b'
    """
    return f"// {plain(text)}".replace("</", "<\\/").replace("<!--", "<\\!--").rstrip()


def table(rows: Iterable[tuple[str, str]], indent: str = "") -> str:
    """Return the literal of an object, one key a line."""
    lines = "".join(f"{indent}  {key(name)}: {text},\n" for name, text in rows)
    return "{\n" + lines + indent + "}" if lines else "{}"
