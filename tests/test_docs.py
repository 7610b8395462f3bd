"""The reference of layers and losses is what the classes say."""

import re
from pathlib import Path
from runpy import run_path

from symcnn.problems.catalog import LAYERS, LOSSES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "layers.md").read_text(encoding="utf-8")


def test_the_page_is_what_the_classes_make():
    assert run_path(str(ROOT / "docs" / "regenerate.py"))["page"]() == PAGE


def test_the_page_has_every_type_and_every_key():
    for name, kind in {**LAYERS, **LOSSES}.items():
        (section,) = re.findall(rf"^### {name}\n\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE)
        assert section.startswith(f"`symcnn.{kind.made.__name__}`\n")
        listed = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
        common = {"type", "name", "inputs", "weight_from", "l2"}
        assert listed == [key for key in kind.keys if key not in common]


def test_the_readme_names_types_that_are_there():
    tables = README.split("The types and their keys")[1].split("A decimal is read as written")[0]
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\|", tables, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"\w+", row)} <= {*LAYERS, *LOSSES}
