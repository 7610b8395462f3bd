"""The built-in problem file as text, to change one thing at a time."""

from pathlib import Path

from symcnn.examples.builtin import CNN_BY_HAND

TEXT = CNN_BY_HAND.read_text(encoding="utf-8").replace(
    'reconcile = "cnn_by_hand_as_published"', "# no reconciliation"
)


def changed(old: str, new: str) -> str:
    """Return the example with one thing changed."""
    assert TEXT.count(old) >= 1, old
    return TEXT.replace(old, new, 1)


def written(folder: Path, text: str | bytes, name: str = "problem.toml") -> Path:
    """Write a problem file and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
