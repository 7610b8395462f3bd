"""The form of a sheet as a PDF."""

from shutil import which

import pytest

import symcnn as sc
from symcnn.classroom.filled_in.pdf import fields
from symcnn.classroom.filled_in.sheet import FillableSheet
from symcnn.document.style import Style
from tests.classroom.filled_in.small_forms import field, form

pypdf = pytest.importorskip("pypdf")

from tests.classroom.filled_in.forms import fields_of, filled  # noqa: E402

needs_latex = pytest.mark.skipif(not which("latexmk"), reason="latexmk is not installed")


def tiny(name="dense1", x=1):
    """Return a problem with a dot, an underscore and letters of its own in the names of figures."""
    network = sc.Network((2,), [sc.Dense(2, bias=False, name=name)], sc.HalfSquaredError())
    values = {"x": [x, 2], f"{name}.weight": [1, 2, 3, 4], "target": [5, 10]}
    return sc.Problem(network, values, "One layer", learning_rate=0.5)


def sheet(problem, **options):
    return FillableSheet(
        sc.explain(problem, detail="brief").with_blanks(), problem, Style(), **options
    )


@pytest.fixture(scope="module")
def made():
    return sheet(tiny("a_layer.of {100%} ö"), variant="3").files("pdf", "s")["s.pdf"]


@needs_latex
def test_every_figure_has_a_field(made):
    layer = "a_layer:of =7B100=25=7D =C3=B6"
    names = {*(f"{layer}[{n}]" for n in (0, 1)), "loss"}
    names |= {f"gradient of {layer}[{n}]" for n in (0, 1)}
    names |= {f"gradient of {layer}:weight[{i},{j}]" for i in (0, 1) for j in (0, 1)}
    names |= {f"updated {layer}:weight[{i},{j}]" for i in (0, 1) for j in (0, 1)}
    found = {name for name in fields_of(made) if not name.startswith("formula-")}
    assert found == names | {"student", "date", "variant", "sheet"}


@needs_latex
def test_what_is_typed_comes_back_under_the_names_of_figures(made, tmp_path):
    layer = "a_layer.of =7B100=25=7D =C3=B6"
    file = tmp_path / "mine.pdf"
    file.write_bytes(filled(made, {"student": "Zoë", f"gradient of {layer}.weight[1,0]": "3,5"}))
    found = {name: text for name, text in fields(file).items() if text}
    name = "gradient of a_layer.of {100%} ö.weight[1,0]"
    assert found == {"student": "Zoë", "variant": "3", name: "3,5"}


@needs_latex
def test_the_form_of_other_numbers_is_one_line(tmp_path):
    file = tmp_path / "mine.pdf"
    file.write_bytes(sheet(tiny()).files("pdf", "s")["s.pdf"])
    assert sc.mark(tiny(), file).count("missing") == 13
    with pytest.raises(sc.SymcnnError, match="this sheet has other numbers than the problem"):
        sc.mark(tiny(x=3), file)


def test_the_formats_that_have_no_forms_have_no_names():
    made = sheet(tiny())
    student = made.document
    assert made.files("html", "s") == student.files("html", "s")
    assert "answerfield" not in student.to_latex()
    assert "answerfield" not in student.to_latex(fragment=True)
    assert r"\answerfield{gradient of dense1:weight[0,1]}" in made.files("tex", "s")["s.tex"]


def test_two_boxes_of_one_figure_that_differ_cost_that_figure(tmp_path):
    file = tmp_path / "mine.pdf"
    second = field("dense1[1]", "11")
    file.write_bytes(form(field("dense1[0]", "5"), field("dense1[0]", "6"), second))
    assert [f.verdict for f in sc.mark(tiny(), file).figures[:2]] == ["unread", "right"]
    file.write_bytes(form(field("dense1[0]", "5.00"), field("dense1[0]", ""), second))
    assert [f.verdict for f in sc.mark(tiny(), file).figures[:2]] == ["right", "right"]


def test_a_field_of_no_figure_is_one_line(tmp_path):
    file = tmp_path / "mine.pdf"
    file.write_bytes(form(field("Given name", "Ada")))
    with pytest.raises(sc.SymcnnError, match="the problem has no figure 'Given name'"):
        sc.mark(tiny(), file)
