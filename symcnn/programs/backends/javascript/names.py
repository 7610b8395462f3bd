"""What texts look like in JavaScript: strings, keys, comments."""

from __future__ import annotations

import json
from collections.abc import Iterable

from symcnn.programs.backends.notes import plain


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
