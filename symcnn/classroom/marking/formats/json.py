"""Answers in JSON.

{"loss": 0.0304, "gradient of conv1.weight": [[[[0.1, "?", -0.02]]]]}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symcnn.errors import SymcnnError
from symcnn.limits.files import distinct, text_of
from symcnn.problems import Problem


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the object of a file, whose numbers are text."""
    text = text_of(path)
    try:
        made = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=distinct
        )
    except json.JSONDecodeError as error:
        raise SymcnnError(f"this is not valid JSON: {error}: correct the file there") from None
    except RecursionError:
        raise SymcnnError("the file is nested too deeply: give one list for each axis") from None
    if not isinstance(made, dict):
        raise SymcnnError('the file does not contain an object: give {"conv1": [...], ...}')
    return made
