"""The stranger who reads documents: finds nothing wrong in the seed's, and what is planted."""

import re
from pathlib import Path

import numpy as np
import pytest
from mpmath import exp, mp, mpf

import symcnn as sc
from tests.document.shared import SEED, explained, problem_named
from tests.draws import half
from tests.readers import Known, judged

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "derivations" / "cnn-by-hand" / "derivation.tex"
RATE = 0.5

SHAPES = {"x": (3, 1, 1), "conv1.weight": (2, 1, 1, 3), "dense1.weight": (1, 3)}
GIVEN = {
    "x": ["1", "0.4", "0.7"],
    "conv1.weight": ["0.2", "0.3", "-0.1", "0.1", "-0.1", "0.2"],
    "dense1.weight": ["0.1", "0.5", "0.6"],
}
STAGES = {
    "conv1": (2, 1, 3),
    "pool1": (1, 1, 3),
    "flatten1": (3,),
    "dense1": (1,),
    "sigmoid1": (1,),
}


def forward(numbers, moved=()):
    """Work the network through by hand; ``moved`` adds something to one entry of a stage."""
    stages = {}

    def stage(name, values):
        if moved and moved[0] == name:
            values[moved[1]] += moved[2]
        stages[name] = values
        return values

    x, w, v = (numbers[name] for name in GIVEN)
    z = stage("conv1", [w[k] * x[i] + w[3 + k] * x[i + 1] for i in range(2) for k in range(3)])
    p = stage("pool1", [max(z[k], z[3 + k]) for k in range(3)])
    f = stage("flatten1", [*p])
    (s,) = stage("dense1", [sum(a * b for a, b in zip(v, f, strict=True))])
    (a,) = stage("sigmoid1", [1 / (1 + exp(-s))])
    return stages, (mpf("0.8") - a) ** 2 / 2


@pytest.fixture(scope="module")
def known():
    """The seed's numbers in 60 digits, derivatives by differences."""
    with mp.workdps(60):
        numbers = {name: [*map(mpf, written)] for name, written in GIVEN.items()}
        stages, loss = forward(numbers)
        step = mpf(10) ** -20

        def slope(name, n):
            if name in STAGES:
                ends = (forward(numbers, (name, n, sign * step))[1] for sign in (1, -1))
            else:
                ends = (forward(with_moved(numbers, name, n, sign * step))[1] for sign in (1, -1))
            high, low = ends
            return float((high - low) / (2 * step))

        shapes = {**SHAPES, **STAGES}
        values = {
            name: array(entries, shapes[name]) for name, entries in (numbers | stages).items()
        }
        slopes = {
            name: array([slope(name, n) for n in range(values[name].size)], shape)
            for name, shape in shapes.items()
        }
        learned = ("conv1.weight", "dense1.weight")
        stepped = {name: [*(values[name] - RATE * slopes[name]).ravel()] for name in learned}
        _, after = forward(numbers | stepped)

    def tried(name, position, number):
        with mp.workdps(60):
            moved = [*numbers[name]]
            moved[np.ravel_multi_index(position, SHAPES[name])] = mpf(str(number))
            return float(forward(numbers | {name: moved})[1])

    return Known({**values, "target": np.array([0.8])}, slopes, float(loss), float(after), tried)


def with_moved(numbers, name, n, step):
    moved = [*numbers[name]]
    moved[n] += step
    return numbers | {name: moved}


def array(entries, shape):
    return np.array([*map(float, entries)]).reshape(shape)


def test_nothing_is_wrong_in_the_seed(known):
    paper = judged(explained().to_latex(), known)
    assert paper.faults == []
    assert paper.rows > 100
    assert paper.figures > 60


def test_nothing_is_wrong_in_what_is_published(known):
    paper = judged(PUBLISHED.read_text(encoding="utf-8"), known)
    assert paper.faults == []
    assert paper.rows > 50
    assert paper.figures > 60


TRIED_AND_LEARNED = {
    "the changed weight": ("With $w_{23} = 0.21$", "With $w_{23} = 0.19$"),
    "the weight as it was": ("in place of $0.2$", "in place of $0.3$"),
    "the loss of the trial": (r"we find $L \approx 0.03018$", r"we find $L \approx 0.03019$"),
    "the fall": (r"before by $\approx 0.0002555$", r"before by $\approx 0.0002561$"),
    "the change": (r"decrease by $0.01 \cdot", r"decrease by $0.1 \cdot"),
    "the slope": (r"\cdot 0.02561 \approx 0.00", r"\cdot 0.02562 \approx 0.00"),
    "what was predicted": (r"0.02561 \approx 0.0002561", r"0.02561 \approx 0.0002560"),
    "a sign of rounding": (r"0.02561 \approx 0.0002561", r"0.02561 = 0.0002561"),
    "the sign of the slope": (r"$w_{23}$ is negative, so", r"$w_{23}$ is positive, so"),
    "the way to go": (r"$w_{23}$ should be larger", r"$w_{23}$ should be smaller"),
    "a trial that is none": ("and everything else as it was", "and much else as it was"),
    "signs": (
        "derivatives are negative: a small increase",
        "derivatives are positive: a small decrease",
    ),
    "a number of derivatives": ("All nine derivatives", "All eight derivatives"),
    "the way down": ("a small increase of any weight", "a small decrease of any weight"),
    "the largest": ("that matters most is $w_{12}$", "that matters most is $w_{23}$"),
    "the largest derivative": (
        r"derivative, $\approx -0.03049$",
        r"derivative, $\approx -0.03048$",
    ),
    "the number of all": ("the largest of all nine", "the largest of all six"),
    "the closest maximum": ("call is that of $p_{1}$", "call is that of $p_{2}$"),
    "a call that is not the closest": (
        "$p_{1}$: $z_{11}$ beats $z_{21}$ by $0.09$",
        "$p_{3}$: $z_{23}$ beats $z_{13}$ by $0.12$",
    ),
    "the lead": ("beats $z_{21}$ by $0.09$", "beats $z_{21}$ by $0.08$"),
    "zeros": (
        "All nine derivatives are",
        "Two of the nine derivatives are 0. All nine derivatives are",
    ),
    "an insight that is none": ("The closest call", "The nearest call"),
}

PLANTED = {
    "a figure": (r"\right) \approx 0.5533", r"\right) \approx 0.5534"),
    "a figure in a picture": (r"{$\approx 0.5533$}", r"{$\approx 0.5532$}"),
    "an exact figure": (r"= 0.214", r"= 0.2141"),
    "a rounded figure that is said to be exact": (
        r"\right)^{2} \approx 0.03043",
        r"\right)^{2} = 0.03043",
    ),
    "an exact figure that is said to be rounded": (r"= 0.24\\", r"\approx 0.24\\"),
    "an index": (r"w_{uk} x_{i+u-1}", r"w_{uk} x_{i+u}"),
    "an index of a derivative": (r"\delta^{z}_{ik} x_{i+u-1}", r"\delta^{z}_{uk} x_{i+u-1}"),
    "a sign": (r"\delta^{a} &= a - t", r"\delta^{a} &= t - a"),
    "a limit": (r"\sum_{k=1}^{3} w^{(2)}_{k}", r"\sum_{k=1}^{2} w^{(2)}_{k}"),
    "a range": (r"\left(u = 1, 2,\; k = 1, 2, 3\right)", r"\left(u = 1, 2,\; k = 1, 2\right)"),
    "an upper limit": (r"\min\left(2, r\right)", r"\min\left(1, r\right)"),
    "an entry in a picture": (r"{$w_{23}$}", r"{$w_{32}$}"),
    "a number in a picture under a value": (
        r"\delta\, \approx -0.2467",
        r"\delta\, \approx 0.2467",
    ),
    "a factor": (r"a \left(1 - a\right) \approx", r"a \left(2 - a\right) \approx"),
    "a bracket": (r"\left[z_{13} < z_{23}\right] \approx", r"\left[z_{13} > z_{23}\right] \approx"),
    "a routing": (r"\delta^{p}_{k} R^{p}_{ki}", r"\delta^{p}_{k} R^{p}_{ki} R^{p}_{ki} 2"),
    "the padding before a window": (r"- P + 1$", r"- P$"),
    "an index of a theorem": (
        r"\sum_{i, j} \delta^{z}_{ijk} x_{i_{u}",
        r"\sum_{i, j} \delta^{z}_{ijk} x_{u_{i}",
    ),
    "a weight's value": (r"$w_{11}$ & $0.2$", r"$w_{11}$ & $0.3$"),
    "an updated weight": (r"\approx 0.2030$ \\", r"\approx 0.2031$ \\"),
    "a given number": ("0.2 & 0.3 & -0.1", "0.2 & 0.3 & 0.1"),
    "the position in a window": (r"$i_{u} = S (i - 1) + D", r"$i_{u} = S i + D"),
    "a letter": (r"$w_{uk}$ & $2", r"$z_{uk}$ & $2"),
    "a letter for two things": (r"$t$ & $1$ & the target", r"$k$ & $1$ & the target"),
    **TRIED_AND_LEARNED,
}


@pytest.mark.parametrize(("right", "wrong"), half(list(PLANTED.values())), ids=half(list(PLANTED)))
def test_what_is_planted_is_found(known, right, wrong):
    tex = explained().to_latex()
    assert right in tex
    assert judged(tex.replace(right, wrong, 1), known).faults


PLANTED_IN_THE_QUESTION = {
    "the number of inputs": ("turns three numbers into one", "turns four numbers into one"),
    "the output": (r"into one, $a \approx 0.5533$", r"into one, $a \approx 0.5534$"),
    "what is taken for the output": (
        r"into one, $a \approx 0.5533$",
        r"into one, $z^{(2)} = 0.214$",
    ),
    "the target": ("ought to be $0.8$", "ought to be $0.7$"),
    "the weight": ("Take $w_{23} = 0.2$", "Take $w_{23} = 0.3$"),
    "another weight": ("Take $w_{23} = 0.2$", "Take $w_{11} = 0.2$"),
    "the place in a filter": ("the second weight of", "the first weight of"),
    "the filter": ("of the third filter", "of the second filter"),
    "the layer": ("filter of conv1: we", "filter of dense1: we"),
    "a question that is no such": ("we work out its derivative", "we meet it"),
    "the digits": ("rounded to four significant", "rounded to five significant"),
}

PLANTED_IN_BRIEF = {
    "a figure": ("\\approx 0.03043\n", "\\approx 0.03044\n"),
    "a figure in a matrix": ("0.15 & 0.05", "0.15 & 0.06"),
    "a number that is put in": (r"\sigma\left(0.214\right)", r"\sigma\left(0.2140000001\right)"),
    "a rounded number that is put in": (r"\cdot 0.5533 \cdot", r"\cdot 0.5534 \cdot"),
    "a number put in beside 0": (r"\approx 0 \cdot 0.4 +", r"\approx 0 \cdot 0.3 +"),
    "an exact side that is said to be rounded": (
        r"= \sigma\left(0.214",
        r"\approx \sigma\left(0.214",
    ),
    "a rounded side that is said to be exact": (
        r"2} \approx \frac{1}{2} \cdot",
        r"2} = \frac{1}{2} \cdot",
    ),
    "an exact matrix that is said to be rounded": (r"$p = ", r"$p \approx "),
    "a sign": (r"\delta^{a} &= a - t", r"\delta^{a} &= t - a"),
    "an index": (r"w_{uk} x_{i+u-1}\quad", r"w_{uk} x_{i+u}\quad"),
    "an index of a derivative": (
        r"\delta^{f}_{k} &= \delta^{z(2)} w^{(2)}_{k}",
        r"\delta^{f}_{k} &= \delta^{z(2)} w^{(2)}_{1}",
    ),
    "a range that is too short": (r"\left(i = 1, 2,\; k = 1, 2, 3", r"\left(i = 1,\; k = 1, 2, 3"),
    "a range that is too long": (r"\left(k = 1, 2, 3\right)", r"\left(k = 1, 2, 3, 4\right)"),
    "a range with a gap": (r"\left(k = 1, 2, 3\right)", r"\left(k = 1, 3\right)"),
    "a range of another index": (r"\left(k = 1, 2, 3\right)", r"\left(m = 1, 2, 3\right)"),
    "a sum that is too long": (r"\sum_{u=1}^{2}", r"\sum_{u=1}^{3}"),
    "a maximum over too many": (r"1 \le u \le 2", r"1 \le u \le 3"),
    "a letter on the left": (r"f_{k} &= p_{k}", r"g_{k} &= p_{k}"),
    "the function": (r"\frac{1}{1 + e^{-y}}", r"\frac{1}{1 + e^{y}}"),
    "the number of parameters": ("with nine parameters", "with eight parameters"),
    "the loss after the step": (r"to $\approx 0.02919$.", r"to $\approx 0.02918$."),
    "the loss before the step": (r"from $\approx 0.03043$ to", r"from $\approx 0.03044$ to"),
    "the updated weight": (r"to $\approx 0.2128$", r"to $\approx 0.2129$"),
    **PLANTED_IN_THE_QUESTION,
}


def test_nothing_is_wrong_in_the_brief_seed(known):
    paper = judged(explained(detail="brief").to_latex(), known)
    assert paper.faults == []
    assert paper.rows > 12
    assert paper.figures > 45


@pytest.mark.parametrize(
    ("right", "wrong"), half(list(PLANTED_IN_BRIEF.values())), ids=half(list(PLANTED_IN_BRIEF))
)
def test_what_is_planted_in_a_brief_document_is_found(known, right, wrong):
    tex = explained(detail="brief").to_latex()
    assert right in tex
    assert judged(tex.replace(right, wrong, 1), known).faults


PLANTED_IN_STANDARD = {
    "the followed weight after the step": (r"&\approx 0.2128", r"&\approx 0.2129"),
    "the sum of squares": (
        r"derivatives sum to $\approx 0.002494$",
        r"derivatives sum to $\approx 0.002493$",
    ),
    "the loss before the step": (
        r"from $\approx 0.03043$ to $\approx 0.02918$. In",
        r"from $\approx 0.03044$ to $\approx 0.02918$. In",
    ),
    "the loss predicted": (r"to $\approx 0.02918$. In", r"to $\approx 0.02919$. In"),
    "the loss recomputed": (r"it falls to $\approx 0.02919$", r"it falls to $\approx 0.02918$"),
    "the verdict": ("it falls to", "it rises to"),
    "a figure in a matrix": ("0.15 & 0.05", "0.15 & 0.06"),
}


def test_what_is_planted_in_a_standard_document_is_found(known):
    tex = explained(detail="standard").to_latex()
    paper = judged(tex, known)
    assert paper.faults == []
    assert (paper.rows > 25, paper.figures > 45) == (True, True)
    for name, (right, wrong) in PLANTED_IN_STANDARD.items():
        assert right in tex
        assert judged(tex.replace(right, wrong, 1), known).faults, name


ON_THE_WAY = {
    "an index": (r"\delta^{z}_{13} x_{2} +", r"\delta^{z}_{13} x_{3} +"),
    "a bracket": (r"\left[z_{13} < z_{23}\right] \approx", r"\left[z_{13} > z_{23}\right] \approx"),
    "a closed form": (
        r"\left(a - t\right) a",
        r"\left(t - a\right) a",
    ),
    "the updated weight": (r"\approx 0.2128", r"\approx 0.2129"),
}


def test_what_is_planted_on_the_way_to_one_weight_is_found(known):
    tex = sc.explain(problem_named(SEED), weight="w_23").to_latex()
    paper = judged(tex, known)
    assert paper.faults == []
    assert paper.rows > 45
    for right, wrong in ON_THE_WAY.values():
        assert right in tex
        assert judged(tex.replace(right, wrong, 1), known).faults


def test_nothing_of_symcnn_is_imported():
    helpers = (ROOT / "tests" / "readers").glob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in helpers)
    assert not re.findall(r"^\s*(?:import|from) symcnn", text, re.MULTILINE)
