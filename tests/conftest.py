"""Collect the test modules alone."""

from pathlib import Path

# Looking for doctests, pytest would import the helpers too, and some need PyTorch.
collect_ignore = [
    str(path) for path in Path(__file__).parent.rglob("*.py") if not path.name.startswith("test_")
]
