"""Pages of Sphinx: what stands on them, what is made again, and what is wrong in one line."""

import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from symcnn.classroom.explain import explain
from symcnn.document.theory import theorem
from symcnn.network.layers import Dense
from symcnn.problems.catalog import LAYERS
from symcnn.problems.examples import cnn_by_hand
from symcnn.problems.write import problem_file

CONF = 'extensions = ["myst_parser", "symcnn"]\nlatex_elements = {"fontpkg": "", "fontenc": ""}\n'
PAGE = """# A lecture

See {{eq}}`kernel`, {{ref}}`rule` and {{numref}}`window`.
With {{symcnn}}`gradient of dense1.weight <a.toml>` it is done.

```{{symcnn}} formula conv1.weight a.toml
:label: kernel
```

```{{symcnn}} theorem dense
:name: rule
```

```{{symcnn}} figure window b.toml
:name: window
:caption: A *window*.
```

{}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "conf.py").write_text(CONF)
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(problem_file(cnn_by_hand()))
    (tmp_path / "index.md").write_text(PAGE.format(""))
    return tmp_path


def built(folder, builder="html", into=None, **settings):
    """Build a project, and return where the pages are and what Sphinx warned of."""
    place = (into or folder) / "_build"
    warnings, out, trees = StringIO(), place / builder, place / "doctrees"
    settings = {"numfig": builder != "text", **settings}
    with patch_docutils(folder), docutils_namespace():
        Sphinx(folder, folder, out, trees, builder, settings, None, warnings).build()
    text = re.sub("\x1b" + r"\[[0-9;]*m", "", warnings.getvalue())
    return out, [line.removeprefix(f"{folder}/") for line in text.splitlines()]


def test_a_page_has_what_its_directives_ask_for(project):
    out, warned = built(project)
    page = (out / "index.html").read_text()
    assert warned == []
    formula = r"\frac{\partial L}{\partial w_{uk}} = \sum_{i=1}^{2} \delta^{z}_{ik} x_{i+u-1}"
    assert page.count(formula) == 1
    assert 'href="#equation-kernel"' in page
    assert 'href="#rule"><span class="std std-ref">Dense</span>' in page
    assert 'href="#window"><span class="std std-numref">Fig. 1</span>' in page
    assert page.count("<svg") == 1
    assert "A <em>window</em>." in page
    assert r"\delta^{z(2)} f_{k}" in page


def test_arrays_and_layers_of_ones_own_are_what_a_page_depends_on(project):
    (project / "index.md").write_text("# P\n\n```{symcnn} theorem doubled\n```\n")
    (project / "own.py").write_text(OWN.format(2))
    (project / "conf.py").write_text(CONF + OWN_CONF)
    try:
        out, warned = built(project)
        assert warned == []
        assert "y_{q} &amp;= 2 x_{q}" in (out / "index.html").read_text()
        (project / "own.py").write_text(OWN.format(30))
        out, warned = built(project)
        assert warned == []
        assert "y_{q} &amp;= 30 x_{q}" in (out / "index.html").read_text()
    finally:
        LAYERS.pop("doubled", None)


OWN = """from dataclasses import dataclass
from symcnn import Layer, define

@dataclass(frozen=True)
class Doubled(Layer):
    def output_shape(self, shape):
        return shape

    def forward(self, y, x, **tensors):
        return (define(y[x.indices], {} * x[x.indices]),)
"""
OWN_CONF = """
import sys, importlib
sys.path.insert(0, ".")
sys.modules.pop("own", None)
import own
from symcnn.problems import register
register(own.Doubled)
"""

WRONG = {
    "derivation nothing.toml": "nothing.toml: cannot read the file: No such file or directory",
    "poem a.toml": "there is no kind 'poem': choose from derivation, theorem, figure, formula",
    "theorem dens": "there is no layer or loss 'dens': did you mean 'dense'",
    "theorem a.toml": "a theorem is of a layer, not of a problem: give its type, say conv2d",
    "formula a.toml": "the following arguments are required: QUANTITY",
    "formula conv9 a.toml": "there is no formula of 'conv9': did you mean 'conv1'",
    "figure portrait a.toml": "argument kind: invalid choice: 'portrait'",
    "derivation conv1 a.toml": "unrecognized arguments: conv1",
}


def test_what_is_wrong_is_a_warning_with_its_line(project):
    directives = "\n".join(f"```{{symcnn}} {argument}\n```\n" for argument in WRONG)
    (project / "index.md").write_text(f"# Wrong\n\n{directives}")
    _, warned = built(project)
    assert len(warned) == len(WRONG)
    for n, (line, said) in enumerate(zip(warned, WRONG.values(), strict=True)):
        assert line.startswith(f"index.md:{3 * n + 3}: WARNING: ")
        assert said in line


def test_a_title_is_no_markup(project):
    text = problem_file(cnn_by_hand()).replace("cnn_by_hand", "x")
    hostile = re.sub("source = .*", "source = '<script>alert(1)</script> {eval} $x$'", text)
    (project / "hostile.toml").write_text(hostile)
    (project / "index.md").write_text("# P\n\n```{symcnn} derivation hostile.toml\n```\n")
    out, warned = built(project)
    page = (out / "index.html").read_text()
    assert warned == []
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_rest_has_the_directive_and_the_role(project):
    (project / "index.md").write_text(
        "# A page\n\n```{symcnn} formula conv1 b.toml\n:label: two\n```\n"
    )
    (project / "other.rst").write_text(
        ":orphan:\n\nOther\n=====\n\n.. symcnn:: formula conv1 a.toml\n   :label: one\n\n"
        "See :eq:`one` and :symcnn:`loss <a.toml>`.\n"
    )
    out, warned = built(project, "text")
    assert warned == []
    assert "See (1) and L = " in (out / "other.txt").read_text()


def test_latex_has_drawings_and_labels(project):
    out, warned = built(project, "latex")
    text = next(out.glob("*.tex")).read_text()
    assert warned == []
    assert r"\usepackage{tikz}" in text
    assert text.count(r"\begin{tikzpicture}") == 1
    assert r"\label{equation:index:kernel}" in text
    assert r"\hyperref[\detokenize{index:window}]" in text


LECTURE = Path(__file__).with_name("lecture")
SIDEBAR = {"**": ["localtoc.html"]}


@pytest.fixture
def gated():
    """Leave no layer of the lecture behind."""
    yield
    LAYERS.pop("gated_conv1d", None)
    sys.modules.pop("gated", None)


def loss_of_the_lecture(w, v):
    """Return the loss of the network of the lecture, in three lines of NumPy."""
    windows = np.array([[1, 0.5], [0.5, -1], [-1, 2]])
    output = ((windows @ w) / (1 + np.exp(-windows @ v))).mean(0) @ np.array([1, -0.5])
    return (0.5 - output) ** 2 / 2


@pytest.mark.usefixtures("gated")
def test_a_lecture_is_made_of_directives(tmp_path):
    """Gated convolutions: a layer of one's own, a figure, formulas, a theorem, and numbers."""
    w, v, small = np.array([[0.5, -1], [1, 0.25]]), np.array([[1, 0.5], [-0.5, 1]]), 1e-5
    move = np.array([[0, 0], [0, small]])
    steps = ((w + move, v), (w - move, v)), ((w, v + move), (w, v - move))
    slopes = [(loss_of_the_lecture(*a) - loss_of_the_lecture(*b)) / 2 / small for a, b in steps]
    numbers = [f"{number:.4g}" for number in (*slopes, loss_of_the_lecture(w, v))]
    out, warned = built(LECTURE, "html", tmp_path, nitpicky=True, html_sidebars=SIDEBAR)
    text = (out / "index.html").read_text()
    assert warned == []
    assert all(number in text for number in numbers)
    assert text.count("<svg") == 2
    assert text.count('<span class="eqno">') == 2
    out, warned = built(LECTURE, "latex", tmp_path)
    text = next(out.glob("*.tex")).read_text()
    assert warned == []
    assert all(number in text for number in numbers)
    assert text.count(r"\begin{tikzpicture}") == 2


@pytest.mark.parametrize("made", ["derivation", "theorem"])
def test_markdown_for_myst_has_no_warnings(made, project):
    problem = cnn_by_hand()
    document = explain(problem) if made == "derivation" else theorem(Dense)
    (project / "index.md").unlink()
    for name, content in document.files("md", "index", "myst").items():
        (project / name).write_text(content)
    out, warned = built(project, nitpicky=True)
    assert warned == []
    assert "{math}" not in (out / "index.html").read_text()


NEEDED = ("fncychap", "tabulary", "capt-of", "needspace")


@pytest.mark.skipif(shutil.which("latexmk") is None, reason="needs latexmk")
def test_latex_compiles(project):
    for name in NEEDED:
        found = subprocess.run(["kpsewhich", f"{name}.sty"], capture_output=True, check=False)
        if found.returncode:
            pytest.skip(f"Sphinx needs {name}.sty: apt-get install texlive-latex-extra")
    (project / "index.md").write_text(
        PAGE.format("```{symcnn} derivation a.toml\n:detail: brief\n```")
    )
    out, _ = built(project, "latex")
    file = next(out.glob("*.tex"))
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", file.name]
    done = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in (out / f"{Path(file).stem}.log").read_text(errors="replace")
