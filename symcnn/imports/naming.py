"""What symcnn calls the layers of a source."""

from __future__ import annotations

import re

from symcnn import limits


def cleaned(name: str) -> str:
    """Return what symcnn can call a layer: at most 60 printable letters, of long names the end."""
    printable = "".join(c for c in name if c.isprintable())
    parts = [part for part in re.split(r"[./]", printable) if part.strip()]
    while len(".".join(parts)) > limits.NAME_LETTERS - 4 and len(parts) > 1:
        parts = parts[1:]
    joined = ".".join(parts)[: limits.NAME_LETTERS - 4] or "layer"
    return f"net.{joined}" if parts and parts[0] == "loss" else joined
