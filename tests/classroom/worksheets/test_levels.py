"""Every level of every network, with a learning rate and without one, in every format."""

from itertools import product

import pytest

import symcnn as sc
from symcnn.cli import main
from symcnn.document.outline import LEVELS
from tests.classroom.worksheets.networks import SIX, SMALL
from tests.draws import MANY

FORMATS = ("tex", "md", "html")
RATES = ("\n[training]\nlearning_rate = 0.1\n", "[training]\nlearning_rate = 0.5\n")

GRID = [*product([*SIX, "small"], LEVELS, [True, False])]
SAMPLE = GRID if MANY else [*product(["small"], LEVELS, [False]), ("transposed", "full", False)]


def network(name, has_rate):
    text = {**SIX, "small": SMALL}[name]
    assert any(rate in text for rate in RATES)
    for rate in () if has_rate else RATES:
        text = text.replace(rate, "")
    return text


@pytest.mark.parametrize(("name", "level", "has_rate"), SAMPLE)
def test_every_format_is_written(name, level, has_rate, tmp_path):
    path = tmp_path / "network.toml"
    path.write_text(network(name, has_rate), encoding="utf-8")
    made = sc.worksheet(path, seed=7, level=level)
    files = made.files(FORMATS)
    assert {f"{what}-1.{format}" for what in ("sheet", "key") for format in FORMATS} <= {*files}
    names = made.variants[0].quantities
    assert any(n.startswith("updated ") for n in names) == (has_rate and level == "full")
    assert any(n.startswith("gradient ") for n in names) == (level in ("last-layer", "full"))


@pytest.mark.parametrize(
    ("name", "level", "has_rate"), GRID if MANY else [("small", "convolution", False)]
)
def test_formats_that_need_a_package_are_written(name, level, has_rate, tmp_path):
    for package in ("xlsxwriter", "rich"):
        pytest.importorskip(package)
    path = tmp_path / "network.toml"
    path.write_text(network(name, has_rate), encoding="utf-8")
    files = sc.worksheet(path, seed=7, level=level).files(("txt", "xlsx", "pdf"))
    assert all(files[f"{what}-1.pdf"].startswith(b"%PDF") for what in ("sheet", "key"))
    assert {"sheet-1.txt", "key-1.txt", "sheet-1.xlsx", "key-1.xlsx"} <= {*files}


def test_the_command_needs_no_learning_rate(tmp_path, capsys):
    path, folder = tmp_path / "network.toml", tmp_path / "class"
    path.write_text(network("small", has_rate=False), encoding="utf-8")
    assert main(["worksheet", str(path), "-o", str(folder), "--format", "md"]) == 0
    assert "1 variant of 39 figures" in capsys.readouterr().out
    assert "updated" not in (folder / "keys.csv").read_text(encoding="utf-8").splitlines()[0]
