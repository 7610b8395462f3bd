"""The table of answers in a problem file: how exact they have to be, and what they earn.

[answers]
digits = 4
quantities = ["conv1", "loss"]
points = { conv1 = 4 }
"""

from __future__ import annotations

from typing import Any

from symcnn.errors import located
from symcnn.problems.accuracy import Accuracy
from symcnn.problems.reading import number, text, whole, words
from symcnn.problems.section import Section
from symcnn.problems.worth import Worth

_KEYS = ("digits", "tolerance", "truncation", "quantities", "points")


def answers(file: Section) -> dict[str, Any]:
    """Read the table of a file; of one without it nothing."""
    if "answers" not in file.content:
        return {}
    table = file.subsection("answers")
    table.only(_KEYS)
    read = {
        "digits": table.read("digits", whole),
        "tolerance": table.content.get("tolerance"),
        "truncation": table.read("truncation", text),
    }
    points = table.subsection("points")
    given = {name: float(points.read(name, number)) for name in points.content}
    with located("answers"):
        return {
            "answers": Accuracy(**{key: v for key, v in read.items() if v is not None}),
            "worth": Worth(table.read("quantities", words), given),
        }
