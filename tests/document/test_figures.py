"""Pictures by themselves: what they show, their files, and what is refused in a line."""

import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from shutil import which

import pytest

import symcnn as sc
from symcnn.cli import figures as of_commands
from symcnn.cli.start import main
from symcnn.document.explanation.figures import KINDS
from symcnn.document.pages import picture

PROBLEM = sc.examples.cnn_by_hand()


@cache
def document():
    return sc.explain(PROBLEM, sections=["problem", "windows"]).to_latex()


def test_the_command_offers_what_there_is():
    assert of_commands.KINDS == KINDS
    assert tuple(picture.FORMATS) == of_commands.FORMATS


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("network", "error signals"),
        ("window", "filter 3"),
        ("path", "derivative"),
    ],
)
def test_a_picture_shows_what_the_document_shows(kind, said):
    made = sc.figure(PROBLEM, kind)
    assert ET.fromstring(made.to_svg()).tag.endswith("svg")
    assert said in made.to_svg()
    assert made._repr_svg_() == made.to_svg()
    assert kind == "window" or made.to_tikz().strip() in document()


def test_the_weight_of_a_path():
    drawn = sc.figure(PROBLEM, "path", weight="w_12").to_tikz()
    assert r"\partial w_{12}" in drawn
    assert r"\partial w_{01}" in sc.figure(PROBLEM, "path", weight="w_01", index_base=0).to_tikz()


def test_the_layer_of_a_window():
    layers = [sc.Conv1D(1, 2, name="a"), sc.Conv1D(1, 2, name="b"), sc.Flatten()]
    network = sc.Network((4, 1), layers, sc.SumOfOutputs())
    problem = sc.Problem(network, {t.name: [1] * t.size for t in network.given})
    assert ">b<" in sc.figure(problem, "window", layers=["b"]).to_svg()


def test_pages_as_large_as_the_picture():
    if not all(map(which, ("latexmk", "pdflatex", "pdftoppm"))):
        pytest.skip("LaTeX or pdftoppm is not installed")
    made = sc.figure(PROBLEM, "window")
    size = made.picture.width, made.picture.height
    png = made.to_png()
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    assert width == pytest.approx(size[0] * 200 / 72.27, abs=2)
    assert height == pytest.approx(size[1] * 200 / 72.27, abs=2)


def test_what_is_missing_is_a_line(monkeypatch):
    monkeypatch.setattr(picture, "which", lambda name: None)
    with pytest.raises(sc.SymcnnError, match=r"^a PNG needs LaTeX and pdftoppm \(apt-get"):
        sc.figure(PROBLEM, "window").file("png")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"kind": "circle"}, 'kind is \'circle\': give "network" or "window" or "path"'),
        (
            {"weight": "w_12"},
            "a picture of the network follows no weight: omit weight",
        ),
        (
            {"kind": "window", "layers": ["dense1"]},
            "there is no window to draw, as no weights slide over an input of one or two axes: "
            "choose a convolution, or draw the network",
        ),
    ],
)
def test_what_cannot_be_drawn(options, line):
    with pytest.raises(sc.SymcnnError, match=f"^{re.escape(line)}$"):
        sc.figure(PROBLEM, **options)


def test_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["figure", "path", "--weight", "w_12", "--format", "svg,tikz"]) == 0
    assert capsys.readouterr().out == "wrote path.svg\nwrote path.tex\n"
    assert Path("path.tex").read_text() == sc.figure(PROBLEM, "path", weight="w_12").to_tikz()


def test_one_file_by_its_ending(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["figure", "window", "-o", "a.tex"]) == 0
    assert Path("a.tex").read_text() == sc.figure(PROBLEM, "window").to_tikz()
    assert main(["figure", "window", "-o", "a.svg", "--format", "pdf"]) == 2
    assert capsys.readouterr().err == (
        "symcnn: error: -o a.svg is one file: give a folder, or omit --format\n"
    )
