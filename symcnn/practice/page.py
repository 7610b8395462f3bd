"""The page: the student's version, with what marks its boxes.

Without a script it is the student's version. What the script needs is data, never markup; what it
may do is said by a Content-Security-Policy, which names it by its hash and allows nothing else.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from symcnn.document import Document, Style
from symcnn.document.writers import html
from symcnn.explanation import explain
from symcnn.practice.boxes import asked_for, bound
from symcnn.practice.figures import Figures
from symcnn.practice.hints import Hints
from symcnn.practice.program import Program
from symcnn.practice.scripts import script
from symcnn.problems import Problem

DATA = "practice-data"
"""The name of the element with what the script reads."""

_PRINTED = ("digits", "index_base", "decimal")

_POLICY = (
    "default-src 'none'; script-src 'sha256-{}'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)


def practice_page(problem: Problem, **options: Any) -> str:
    """Return a page of HTML on which a problem is worked, and marked as ``symcnn mark`` marks it.

    It is the student's version of the derivation. What is typed into a box is right, follows from
    the figures before it as they were typed, or is wrong, with the mistake that yields it. There
    are hints, one step at a time, and a file of answers can be saved. It needs no network.

    Args:
        problem: The problem.
        options: What ``explain`` takes, such as ``detail="brief"``.

    Raises:
        TooLargeError: If there are more figures than fit a page.
        SymcnnError: If an option is invalid.
    """
    named = problem.with_letters(options.get("letters") or {})
    solution = explain(problem, **options)
    chosen = {name: options[name] for name in _PRINTED if name in options}
    return page(named, solution, Style(**chosen))


def page(problem: Problem, solution: Document, style: Style) -> str:
    """Return the page of a problem whose derivation is there already."""
    student = solution.with_blanks()
    figures = Figures(problem, style, tuple(asked_for(student.blocks)))
    program = Program(problem, figures.quantities)
    data = program.data()
    student = solution.with_blanks(points=len(figures.earning))
    blocks = bound(student.blocks, figures.by_entry, figures.by_letter)
    text = html.page(student.title, blocks)
    hints = "\n".join(Hints(figures, program.entries).templates())
    return _with_script(text, hints, {**data, **_told(problem, figures, data)})


def _told(problem: Problem, figures: Figures, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page says of figures, and what it keeps them under."""
    key = sha256(json.dumps(data).encode()).hexdigest()[:16]
    return {
        "title": problem.title,
        "key": f"symcnn-practice-{key}",
        "names": [figures.name(figure) for figure in figures.all],
        "open": figures.open,
        "earning": figures.earning,
        "digits": figures.style.digits,
        "comma": figures.style.decimal,
    }


def _with_script(text: str, hints: str, data: Mapping[str, Any]) -> str:
    """Add to a page what it may do, its data and its script."""
    policy = _POLICY.format(b64encode(sha256(script().encode()).digest()).decode())
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    head, body = text.split("</head>", 1)
    before, after = head.split('<meta charset="utf-8">', 1)
    opened = f'{before}<meta charset="utf-8">\n{meta}{after}<style>\n{_style()}</style>\n</head>'
    content, end = body.rsplit("</body>", 1)
    parts = (
        hints,
        f'<script type="application/json" id="{DATA}">{_json(data)}</script>',
        f"<script>{script()}</script>",
    )
    return "\n".join((opened + content, *parts, f"</body>{end}"))


def _json(data: Any) -> str:
    """Return data that holds no markup, wherever it stands."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _style() -> str:
    return Path(__file__).with_name("practice.css").read_text(encoding="utf-8")
