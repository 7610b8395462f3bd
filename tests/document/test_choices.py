"""Where a tie or a kink decides, documents say what was chosen and what that decides."""

from pathlib import Path

import pytest

import symcnn as sc
from tests.draws import slow

DERIVATIONS = Path(__file__).parents[2] / "derivations"


def plain(document):
    pytest.importorskip("rich")
    return " ".join(document.to_text().split())


def yrgo(step):
    """The loss of Yrgo-25's network after a step against its published derivatives, by hand."""
    w = [0.2 - 30 * step, 0.4 - 40 * step, 0.6 - 100 * step, 0.8 - 100 * step]
    b, x = 0.5 - 100 * step, [[1, 1, 1, 1], [1, 0, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1]]

    def a(i, j):
        rows = [(w[0], i - 1, j - 1), (w[1], i - 1, j), (w[2], i, j - 1), (w[3], i, j)]
        return max(0.0, sum(v * x[r][c] for v, r, c in rows if r >= 0 and c >= 0) + b)

    pools = [max(a(r + u, c + v) for u in (0, 1) for v in (0, 1)) for r in (0, 2) for c in (0, 2)]
    return sum(g * p for g, p in zip((10, 20, 30, 40), pools, strict=True))


@slow
def test_the_loss_moves_to_first_order_by_its_one_sided_derivative():
    said = plain(sc.explain(sc.load(DERIVATIONS / "yrgo-cnn-by-hand" / "problem.toml")))
    h = 1e-9
    assert round((yrgo(h) - yrgo(0)) / h, 1) == -31900.0
    assert "One-sided derivative along the step -31900 " in said
    assert f"Loss predicted to first order {212 - 31.9:.1f} " in said
    assert f"Loss after the step {yrgo(0.001):.1f} " in said
    assert "because several entries are the largest of a maximum" in said


def test_at_a_tie_that_the_step_does_not_feel_the_usual_prediction_stands():
    """Two dead rectifiers are tied: max(0, 0) stays 0."""
    said = plain(sc.explain(pooled((-1, -1), rate=0.5)))
    assert "One-sided" not in said
    assert r"by -η times this sum" in said


def pooled(x, rate=None, w=1):
    layers = [sc.Conv1D(1, 1, bias=False), sc.ReLU(), sc.MaxPool1D(2), sc.Flatten()]
    network = sc.Network((2, 1), layers, sc.HalfSquaredError())
    values = {"x": x, "conv1.weight": [w], "target": [3]}
    return sc.Problem(network, values, learning_rate=rate)


SAID = {
    (-1, -2): "no derivative with respect to the input or to a parameter",
    (2, 2): "and can give other derivatives with respect to x.",
    (3, 3): "and gives the same derivatives.",  # the loss is 0, and nothing comes back
}


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
@pytest.mark.parametrize("x", SAID)
def test_what_another_winner_changes_is_said(x, detail):
    said = plain(sc.explain(pooled(x), detail=detail))
    in_short = detail == "brief"
    there = "; by convention" if in_short else ". There the maximum has no derivative"
    assert said.count(f"In the window of p two entries are the largest{there}") == 1
    assert (SAID[x].removeprefix("and ") if in_short else SAID[x]) in said
    assert ("changes the error signal δᵃ, but no" in said) == (x == (-1, -2) and not in_short)


def test_nothing_is_said_where_nothing_is_chosen():
    said = plain(sc.explain(pooled((1, 2)), detail="brief"))
    assert "choice" not in said


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
def test_a_kink_is_mentioned_where_an_argument_is_exactly_there(detail):
    layers = [sc.Dense(2, bias=False), sc.LeakyReLU(), sc.Dense(1, bias=False)]
    network = sc.Network((2,), layers, sc.HalfSquaredError())
    values = {"x": [1, 2], "dense1.weight": [2, -1, 1, 1], "dense2.weight": [1, 1], "target": [0]}
    said = plain(sc.explain(sc.Problem(network, values), detail=detail))
    kink = "The entry z₁ lies exactly at a kink of leaky_relu1"
    other = "can give other derivatives with respect to x and w."
    if detail == "brief":
        assert f"{kink}; another slope there {other}" in said
    else:
        assert f"{kink}, where a convention takes" in said
        assert f"is equally valid and {other}" in said
    values["dense1.weight"] = [2, 1, 1, 1]
    assert "kink" not in plain(sc.explain(sc.Problem(network, values), detail=detail))


def test_students_are_not_told():
    said = plain(sc.explain(pooled((2, 2), rate=0.1)).with_blanks())
    assert "are the largest" not in said.replace("Where several entries are the largest", "")
    assert "lies exactly" not in said


@pytest.mark.parametrize(
    ("weight", "other"), [("w_11", "can give another"), ("w_21", "gives the same")]
)
def test_of_one_weight_it_is_said_whether_it_depends_on_the_choice(weight, other):
    """Both rectifiers are on the way of neither weight but their own: z_1 = 0, z_2 = 0."""
    layers = [sc.Dense(2, bias=False), sc.ReLU(), sc.Dense(1, bias=False)]
    network = sc.Network((2,), layers, sc.HalfSquaredError())
    values = {"x": [1, 2], "dense1.weight": [2, -1, 2, -1], "dense2.weight": [1, 0], "target": [1]}
    said = plain(sc.explain(sc.Problem(network, values), weight=weight))
    assert f"is equally valid and {other} derivative." in said


def test_choices_that_change_nothing_share_a_sentence_in_an_overview():
    """A window of two zeros behind a rectifier, and a kink that loses in the other window."""
    layers = [sc.Conv1D(1, 1, bias=False), sc.ReLU(), sc.MaxPool1D(2, 2), sc.Flatten(), sc.Dense(1)]
    network = sc.Network((4, 1), layers, sc.HalfSquaredError())
    values = {"x": [-1, -2, 3, 0], "conv1.weight": [1], "dense1.weight": [1, 1], "target": [1]}
    problem = sc.Problem(network, {**values, "dense1.bias": [0]})
    brief, standard = (plain(sc.explain(problem, detail=d)) for d in ("brief", "standard"))
    assert brief.count("Other choices change no derivative with respect to the input or to a") == 1
    assert "Another" not in brief
    assert "another slope" not in brief
    assert "(if several are, the first)" not in brief
    assert "Other choices" not in standard
