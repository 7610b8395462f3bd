"""What was made is kept in files beside the project's doctrees, by what it was made from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from symcnn.cli.embedded.content import Data
from symcnn.cli.embedded.request import Request


def kept(request: Request, folder: Path, make: Callable[[Request], list[Data]]) -> list[Data]:
    """Return what a request is for, which is made if no file holds it.

    Args:
        request: What is asked for.
        folder: Where the files are; several processes may write there at the same time.
        make: Makes it.

    Raises:
        SymcnnError: If it cannot be made; that is not kept.
    """
    file = folder / f"{request.key}.json"
    with suppress(OSError, ValueError):  # there is none, or it is damaged
        found: list[Data] = json.loads(file.read_text(encoding="utf-8"))
        return found
    data = make(request)
    folder.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(data), encoding="utf-8")
    draft.replace(file)
    return data
