"""Collect the test modules alone, and let other processes find the package."""

import os
from pathlib import Path

# A plain pytest in a checkout works without an installation, in subprocesses as well.
os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)

# Looking for doctests, pytest would import the helpers too, and some need PyTorch.
collect_ignore = [
    str(path) for path in Path(__file__).parent.rglob("*.py") if not path.name.startswith("test_")
]
