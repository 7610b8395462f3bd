"""The tutorial on backward passes: its commands print what it shows, before and after each mend."""

import os
from pathlib import Path
from runpy import run_path

import pytest

DOCS = Path(__file__).parents[4] / "docs"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_the_commands_print_what_it_shows():
    transcripts = run_path(str(DOCS / "transcripts.py"))
    text = transcripts["TUTORIAL"].read_text(encoding="utf-8")
    made, statuses = transcripts["filled"](text)
    assert statuses == [1, 1, 0]
    shown = transcripts["without_rounding"]
    assert shown(made) == shown(text), "run python docs/regenerate.py"
    assert max(map(len, made.splitlines())) <= 110
