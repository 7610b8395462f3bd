"""What others published: every figure comes out, and what is printed wrongly is said.

The files hold figures alone; a name says what it is a figure of. ``out1`` is the output
of layer 1, ``dW1`` and ``db1`` the gradients of its weight and bias, ``dout2`` that of
the loss by layer 2's output, ``dX`` by the input, ``W1_new`` the weight after one step.
Their dense weights stand inputs first. ``_first_tie`` names need exact arithmetic.
"""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from sympy import Rational, tanh

import symcnn as sc
from tests.draws import one_of, some
from tests.gallery.descent import descended

DERIVATIONS = Path(__file__).parents[2] / "derivations"
FILES = {file.stem: json.loads(file.read_text()) for file in Path(__file__).parent.glob("*.json")}
PUBLISHED = [(name, key) for name in sorted(FILES) for key in FILES[name]["published"]]
_NAME = re.compile(r"(d?)(out|W|b)([1-9])(_new)?")


def problem(name: str) -> sc.Problem:
    return sc.load(DERIVATIONS / name.replace("_", "-") / "problem.toml")


def computed(stated: sc.Problem, key: str) -> list[float]:
    """Return what a name stands for, in the order of the file's figures."""
    if key in ("loss", "dX"):
        return floats(stated.quantity({"loss": "loss", "dX": "gradient of x"}[key]))
    match = _NAME.fullmatch(key)
    assert match is not None, key
    derivative, kind, layer, updated = match.groups()
    stage = stated.network.stages[int(layer) - 1]
    part = {"out": "", "W": ".weight", "b": ".bias"}[kind]
    of = stage.output.name + part
    how = "gradient of " if derivative else "updated " if updated else ""
    values = floats(stated.quantity(how + of))
    if kind == "W" and isinstance(stage.layer, sc.Dense):
        return np.reshape(values, stated.network.tensors[of].shape).T.ravel().tolist()
    return values


def floats(values) -> list[float]:
    return [float(value) for value in values]


def by_name(name: str, key: str) -> list[float]:
    stated = problem(name)
    if key in SPECIAL:
        return SPECIAL[key](stated)
    return computed(stated, key.removesuffix("_first_tie"))


def losses_by_output(mazur):
    return [
        float((t - o) ** 2 / 2)
        for t, o in zip(mazur.quantity("target"), mazur.quantity("sigmoid2"), strict=True)
    ]


def wrong_delta(neuron):
    """The derivative of tanh at its output y, where the one at its argument belongs."""
    (t,), (y,) = neuron.quantity("target"), neuron.quantity("tanh1")
    return [float((t - y) * (1 - tanh(y) ** 2))]


def minus_delta(neuron):
    return [-float(neuron.quantity("gradient of dense1")[0])]


def deviation_after(neuron):
    return [float(neuron.quantity("target")[0] - neuron.quantity("tanh1 after 1 step")[0])]


SPECIAL = {
    "loss_per": losses_by_output,
    "loss_after_newW": lambda mazur: [descended(mazur, 1, through_new=True).loss],
    "loss_after_9999": lambda mazur: [descended(mazur, 9999, through_new=False).loss],
    "out_after_10000_newW": lambda mazur: (
        descended(mazur, 10000, through_new=True).outputs["sigmoid2"].tolist()
    ),
    "neg_dout1": minus_delta,
    "out_after": lambda neuron: floats(neuron.quantity("tanh1 after 1 step")),
    "dev_after": deviation_after,
    "wrong_delta": wrong_delta,
    "ratio": lambda neuron: [wrong_delta(neuron)[0] / minus_delta(neuron)[0]],
}


@pytest.mark.parametrize(("name", "key"), PUBLISHED)
def test_a_published_figure_comes_out(name: str, key: str) -> None:
    figures = np.ravel(FILES[name]["published"][key]).astype(float)
    found = by_name(name, key)
    assert len(found) == figures.size
    assert found == pytest.approx(figures.tolist(), rel=0, abs=FILES[name]["tolerance"][key])


WRONG = [name for name in sorted(FILES) if FILES[name]["published_wrong"]]


@pytest.mark.parametrize("name", some(WRONG, 2))
def test_what_the_source_prints_wrongly_is_set_beside_what_is_right(name: str) -> None:
    stated = problem(name)
    assert stated.reconciliation is not None
    wrong = FILES[name]["published_wrong"].values()
    for fault, figures in zip(stated.reconciliation.faults, wrong, strict=True):
        assert fault.printed is not None
        printed, right = floats(fault.printed.values(stated)), floats(fault.right.values(stated))
        published, correct = (
            np.ravel(figures[kind]).astype(float).tolist() for kind in ("published", "correct")
        )
        assert printed == pytest.approx(published, abs=1e-15)
        assert right == pytest.approx(correct, rel=1e-9, abs=1e-12)
        assert printed != pytest.approx(right, rel=1e-7)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_derivation_says_what_its_source_prints_wrongly(name: str) -> None:
    text = (DERIVATIONS / name.replace("_", "-") / "derivation.md").read_text(encoding="utf-8")
    assert ("What the source prints" in text) == bool(FILES[name]["published_wrong"])


def test_every_gallery_file_has_its_derivation() -> None:
    folders = {path.parent.name for path in DERIVATIONS.glob("*/problem.toml")}
    assert {name.replace("_", "-") for name in FILES} == folders - {"cnn-by-hand"}


@pytest.mark.parametrize(
    "name", one_of([name for name in sorted(FILES) if FILES[name]["published_wrong"]])
)
def test_what_the_source_prints_wrongly_is_marked_wrong(name: str) -> None:
    """A figure is wrong exactly where it is not the right one, to the digits that are printed."""
    stated = problem(name)
    figures = [f for marked in sc.mark_class(stated).markings.values() for f in marked.figures]
    written = [figure for figure in figures if figure.answer is not None]
    assert written
    for figure in written:
        assert figure.answer is not None
        is_right = figure.answer.least <= Rational(figure.expected) <= figure.answer.greatest
        assert (figure.verdict == "wrong") != is_right, figure
