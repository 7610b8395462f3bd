"""Simulated students: no right figure is marked wrong, and the first wrong one is found."""

from decimal import Decimal
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.classroom.marking.asked import asked
from tests.classroom.marking.students import MISTAKES, Student, problem
from tests.draws import half, slow, some

DERIVATIONS = Path(__file__).parents[3] / "derivations"
SEEDS = range(12)
STEPS = {
    "kernel flipped": "conv1",
    "slope of ReLU forgotten": "gradient of conv1",
    "window's mean taken": "pool1",
    "wrong sign of the loss's derivative": "gradient of dense1",
    "positions not summed": "gradient of conv1.weight",
    "factor 2 too many": "gradient of dense1",
    "neighbour's signal": "gradient of relu1",
}
"""The quantity that each mistake is made in."""

NAMES = {
    "kernel flipped": "kernel flipped",
    "slope of ReLU forgotten": "slope forgotten",
    "window's mean taken": "mean instead of maximum",
    "wrong sign of the loss's derivative": "wrong sign of the loss's derivative",
    "positions not summed": "positions not summed",
    "factor 2 too many": "factor 2 too many",
}
"""What the catalogue calls them; one of them it does not know."""


def sheet(seed, digits, mistake):
    given = problem(seed)
    values = {name: [*map(_decimal, numbers)] for name, numbers in given.values.items()}
    return given, Student(values, digits, mistake).sheet


def _decimal(number):
    return Decimal(int(number.p)) / Decimal(int(number.q))


@pytest.mark.parametrize("digits", some([2, 3, 5, 8], every=2))
@pytest.mark.parametrize("seed", half(SEEDS))
def test_who_rounds_all_the_way_loses_nothing(seed, digits):
    marking = sc.mark(*sheet(seed, digits, "none"), digits=digits)
    assert {figure.verdict for figure in marking.figures if figure.answer} == {"right"}
    assert marking.first_wrong is None


@pytest.mark.parametrize("mistake", MISTAKES[1:])
@pytest.mark.parametrize("seed", half(SEEDS))
def test_what_is_carried_on_rightly_is_not_wrong(seed, mistake):
    given, written = sheet(seed, 5, mistake)
    marking = sc.mark(given, written)
    wrong = {figure.quantity for figure in marking.figures if figure.verdict == "wrong"}
    assert wrong <= {STEPS[mistake]}
    _, rightly = sheet(seed, 5, "none")
    if written[STEPS[mistake]] != rightly[STEPS[mistake]]:
        assert marking.first_wrong.quantity == STEPS[mistake]
        if mistake in NAMES:
            assert [m.name for m in marking.first_wrong.mistakes] == [NAMES[mistake]]


def test_one_unit_too_much_is_wrong():
    """0.2400 is right; 0.24 stands for it too, and 0.25 does not."""
    given = sc.examples.cnn_by_hand()
    figures = [["0.2400", "0.26", "-0.02"], ["0.15", "0.05", "0.1"]]
    right = sc.mark(given, {"conv1": [[row] for row in figures]})
    assert right.count("right") == 6
    figures[0][0] = "0.25"
    marked = sc.mark(given, {"conv1": [[row] for row in figures]})
    assert marked.count("right") == 5
    assert marked.first_wrong.position == (0, 0, 0)


def test_the_notebook_goes_wrong_in_its_first_layer():
    """Its printed figures, 0.42 to 0.11, are those of a broadcast product; the rest follows."""
    given = sc.examples.cnn_by_hand()
    printed = {
        "conv1": [[[0.42, 0.28, 0.14]], [[0.33, 0.22, 0.11]]],
        "pool1": [0.42, 0.28, 0.14],
        "dense1": ["0.266"],
    }
    marked = sc.mark(given, printed)
    verdicts = {f.quantity: f.verdict for f in marked.figures if f.answer}
    assert verdicts == {"conv1": "wrong", "pool1": "follows", "dense1": "follows"}
    assert marked.score == 4
    named = {m.name for f in marked.figures for m in f.mistakes}
    assert named == {"broadcast product"}
    (cause,) = marked.first_wrong.causes
    assert str(cause.symbol) == "z_11"
    assert str(cause.formula) == "(w_11 + w_21)*(x_1 + x_2)"


def test_a_mistake_in_a_stage_that_is_not_asked_for_is_named():
    """The dense layer's weight gradient is passed back through the flatten layer, as in the seed.

    dL/dp = delta w is due; delta f was taken, which the notebook printed as dW3.
    """
    given = sc.examples.cnn_by_hand()
    numbers = [f"{float(n):.8f}" for n in given.quantity("gradient of dense1.weight")]
    marked = sc.mark(given, {"gradient of pool1": numbers, "gradient of dense1.weight": numbers})
    wrong = [f for f in marked.figures if f.verdict == "wrong"]
    assert {f.quantity for f in wrong} == {"gradient of pool1"}
    assert {m.name for f in wrong for m in f.mistakes} == {"another quantity"}
    assert {str(f.causes[0].formula) for f in wrong} == {f"delta^w(2)_{k}" for k in (1, 2, 3)}


def test_the_notebook_is_marked_by_its_printed_figures():
    """Its four faults: a broadcast product, another quantity, a mask that is reused, and no end.

    In its figures all maxima are at the first position, since all products were broadcast: the
    mask of the first filter is that of the others, and its reuse cannot be seen.
    """
    given = sc.examples.cnn_by_hand()
    printed = {
        "conv1": ["0.42", "0.28", "0.14", "0.33", "0.22", "0.11"],
        "pool1": ["0.42", "0.28", "0.14"],
        "dense1": "0.26599999999999996",
        "sigmoid1": "0.5661106484969565",
        "gradient of dense1.weight": ["-0.02412904", "-0.01608603", "-0.00804301"],
        "gradient of conv1": [*("-0.02412904", "-0.01608603", "-0.00804301"), *["-0."] * 3],
    }
    marked = sc.mark(given, printed)
    wrong = {(f.quantity, m.name) for f in marked.figures for m in f.mistakes}
    assert wrong == {("conv1", "broadcast product"), ("gradient of conv1", "another quantity")}
    (cause,) = next(f for f in marked.figures if f.quantity == "gradient of conv1").causes
    assert str(cause.formula) == "delta^w(2)_1*Iverson(z_11 >= z_21)"  # for delta^p_1
    (hidden,) = marked.concealed
    assert (hidden.quantity, hidden.mistake.name) == (
        "gradient of conv1",
        "winners taken from another channel",
    )
    kernel = [f.verdict for f in marked.figures if f.quantity == "gradient of conv1.weight"]
    assert kernel == ["missing"] * 6


def test_winners_of_another_channel_are_named():
    """The first filter's winner is used for all three, as in the notebook's backward pass."""
    given = sc.examples.cnn_by_hand()
    signals = [given.quantity("gradient of pool1")[k] for k in range(3)]
    # every filter's first position receives the signal; the third filter's second one should
    printed = [[[f"{float(s):.6f}" for s in signals]], [["0", "0", "0"]]]
    marked = sc.mark(given, {"gradient of conv1": printed})
    wrong = [f for f in marked.figures if f.verdict == "wrong"]
    assert [f.position for f in wrong] == [(0, 0, 2), (1, 0, 2)]
    assert {m.name for f in wrong for m in f.mistakes} == {"winners taken from another channel"}


@pytest.mark.parametrize("channel", range(3))
@pytest.mark.parametrize("left_out", [(), ("conv1",), ("conv1", "pool1"), ("gradient of conv1",)])
def test_a_wrong_winner_is_named_alone(channel, left_out):
    """One window's signal goes to its loser; the rest is carried on, whatever was left out.

    A flipped kernel gives the same derivatives, and would change those of the other channels; a
    convolution that was worked wrongly would give the same winner, and other outputs.
    """
    given = sc.examples.cnn_by_hand()
    exact = {q: [float(n) for n in given.quantity(q)] for q in asked(given)}
    signals = exact["gradient of conv1"]  # position 0 of all channels, then position 1
    signals[channel], signals[3 + channel] = signals[3 + channel], signals[channel]
    x, derivatives = (1, 0.4, 0.7), exact["gradient of conv1.weight"]
    for tap in range(2):
        moved = sum(signals[3 * i + channel] * x[i + tap] for i in range(2))
        exact["updated conv1.weight"][3 * tap + channel] += (
            derivatives[3 * tap + channel] - moved
        ) / 2
        derivatives[3 * tap + channel] = moved
    answers = {q: [f"{n:.4g}" for n in row] for q, row in exact.items() if q not in left_out}
    wrong = [f for f in sc.mark(given, answers).figures if f.verdict == "wrong"]
    where = f"gradient of conv1{'.weight' if 'gradient of conv1' in left_out else ''}"
    assert [f.quantity for f in wrong] == [where] * 2
    names = {tuple(mistake.name for mistake in f.mistakes) for f in wrong}
    assert names == {("winners taken from another channel",)}


def test_points_and_half_marks():
    given = sc.examples.cnn_by_hand()
    wrong = {"pool1": ["0.3", "0.26", "0.1"], "dense1": "0.22"}  # 0.03 + 0.13 + 0.06
    marked = sc.mark(given, wrong, points={"dense1": 4}, carried=0.5)
    assert [f.verdict for f in marked.figures if f.answer] == ["wrong", "right", "right", "follows"]
    assert marked.score == 2 + 4 * 0.5


def test_floats_are_right_whatever_their_last_digits():
    """NumPy's 0.21399999999999997 is 0.214; a digit that was asked for and is wrong is wrong."""
    given = sc.examples.cnn_by_hand()
    for figure in ("0.21399999999999997", 0.21399999999999997, "0.214", "0.2140"):
        assert sc.mark(given, {"dense1": figure}).count("right") == 1
    for figure, digits in [("0.2139999999", 12), ("0.2139", 4), ("0.213", 3)]:
        assert sc.mark(given, {"dense1": figure}, digits=digits).count("wrong") == 1


def test_a_bare_0_is_exact_and_0_with_places_is_rounded():
    """0.00049 rounds to 0.000, which computers write as 0E-3; nobody rounds it to a bare 0.

    A 0 has none of the three digits that are asked for; with three places it is imprecise.
    """
    problem = sc.Problem(
        sc.Network((1,), [sc.Dense(1, bias=False)], sc.HalfSquaredError()),
        {"x": [Decimal("0.07")], "dense1.weight": [Decimal("0.007")], "target": [1]},
    )
    for figure in ("0.000", "-0.000", "0E-3"):
        assert sc.mark(problem, {"dense1": figure}).count("imprecise") == 1
    for figure in ("0", "0.", "0.0", "0.00", "0.0000"):
        assert sc.mark(problem, {"dense1": figure}).count("wrong") == 1


def test_a_figure_stands_for_all_numbers_that_round_to_it():
    """0.0996 and 0.1004 are both 0.100; who had the second, by a mistake, goes on with 1.004."""
    layers = [sc.Dense(2, bias=False), sc.Dense(1, bias=False)]
    weights = {"dense1.weight": [Decimal("0.0996"), Decimal("0.5")], "dense2.weight": [10, 0]}
    network = sc.Network((1,), layers, sc.HalfSquaredError())
    problem = sc.Problem(network, {"x": [1], "target": [0], **weights})
    for second, figure, verdict in [
        ("0.900", "1.004", "follows"),
        ("0.500", "1.004", "right"),
        ("0.500", "1.006", "wrong"),
    ]:
        marked = sc.mark(problem, {"dense1": ["0.100", second], "dense2": figure})
        assert [f.verdict for f in marked.figures if f.quantity == "dense2"] == [verdict]


def test_zeros_at_the_end_of_a_figure_may_be_left_out():
    """Beside 0.30481926, the 0.5 that is due is 0.50000000, and not perhaps 0.5499.

    Beside 0.3 it might be, where one digit is asked for, and is taken as written where three are.
    """
    layers = [sc.Dense(2, bias=False), sc.Dense(1, bias=False)]
    weights = {"dense1.weight": [Decimal("0.5"), Decimal("0.30481926")], "dense2.weight": [10, 0]}
    network = sc.Network((1,), layers, sc.HalfSquaredError())
    problem = sc.Problem(network, {"x": [1], "target": [0], **weights})
    for figures, figure, verdict in [
        (["0.5", "0.30481926"], "5.4", "wrong"),
        (["0.5", "0.30481926"], "5.00000004", "right"),
        (["0.5", "0.3"], "5.4", "wrong"),
        (["0.46", "0.30481926"], "4.64", "follows"),
    ]:
        marked = sc.mark(problem, {"dense1": figures, "dense2": figure})
        assert [f.verdict for f in marked.figures if f.quantity == "dense2"] == [verdict]
    one = sc.mark(problem, {"dense1": ["0.5", "0.3"], "dense2": "5.4"}, digits=1)
    assert [f.verdict for f in one.figures if f.quantity == "dense2"] == ["right"]


def test_what_a_source_prints_is_marked():
    """The notebook's own figures, of either problem, are marked by the right one."""
    for given in (sc.examples.cnn_by_hand(), sc.examples.cnn_by_hand_as_published()):
        marked = sc.mark(given)
        assert marked.first_wrong.quantity == "conv1"
        assert marked.count("right") == 2  # zeros that losers of a maximum receive
        assert [m.name for m in marked.named] == ["broadcast product", "another quantity"]


@slow
def test_what_several_sources_print_is_marked_as_a_class_is():
    given = sc.load(DERIVATIONS / "yrgo-cnn-by-hand" / "problem.toml")
    with pytest.raises(sc.SymcnnError, match="several sources print figures: mark them by mark_cl"):
        sc.mark(given)
    made = sc.mark_class(given)
    assert [*made.markings] == [
        "Lecture 24 of Yrgo-24, in which the example stood before,",
        "The first version of lecture 24 of Yrgo-24",
    ]
    before, first = made.markings.values()
    wrong = [figure.position[:2] for figure in before.figures if figure.verdict == "wrong"]
    assert wrong == [(0, 2), (0, 3)]  # 28 and 8, where contributions add up to 16 and 0
    assert {f.quantity for f in first.figures if f.verdict == "wrong"} == {
        "gradient of x",
        "gradient of conv1.weight",
        "updated conv1.bias",
    }


def test_without_figures_there_is_nothing_to_mark():
    with pytest.raises(sc.SymcnnError, match="the problem states no figures of a source"):
        sc.mark(problem(0))


def test_an_update_is_worked_with_the_derivative():
    """0.1 - 0.5 (-0.0146) is 0.1073; who forgets the learning rate writes 0.1146."""
    given = sc.examples.cnn_by_hand()
    figures = {
        "gradient of dense1.weight": ["-0.0146", "-0.0159", "-0.0061"],
        "updated dense1.weight": ["0.1146", "0.5159", "0.6061"],
    }
    text = sc.report(sc.mark(given, figures)).to_markdown()
    assert r"= 0.1 - \frac{1}{2} \cdot (-0.0146) = 0.1073" in text
    assert "Learning rate forgotten" in text
    assert r"= 0.1 - (-0.0146) = 0.1146" in text


def test_a_copy_answers_for_what_it_copies():
    """The derivative with respect to flattened entries is the one with respect to those before."""
    given = sc.examples.cnn_by_hand()
    signals = ["-0.006098", "0.03049", "-0.03659"]  # the second one has the wrong sign
    one, other = (
        sc.mark(given, {f"gradient of {name}": signals}) for name in ("flatten1", "pool1")
    )
    verdicts = [(f.quantity, f.position, f.verdict) for f in one.figures]
    assert verdicts == [(f.quantity, f.position, f.verdict) for f in other.figures]
    assert [f.verdict for f in one.figures if f.answer] == ["right", "wrong", "right"]
    both = sc.mark(given, {"gradient of flatten1": signals, "gradient of pool1": signals})
    written = {figure.quantity for figure in both.figures if figure.answer}
    assert written == {"gradient of flatten1", "gradient of pool1"}
    forward = sc.mark(given, {"flatten1": ["0.24", "0.26", "0.1"]})
    assert {f.quantity for f in forward.figures if f.answer} == {"pool1"}


def test_what_is_given_is_no_answer():
    given = sc.examples.cnn_by_hand()
    for name in ("x", "dense1.weight", "target"):
        size = int(given.quantities.shape(name).size)
        with pytest.raises(
            sc.SymcnnError,
            match=f"{name} is given in the problem, so it needs no answer: leave it out",
        ):
            sc.mark(given, {name: [1] * size})


def test_lists_in_lists_without_end_are_one_line():
    nested = "1"
    for _ in range(900):
        nested = [nested]
    with pytest.raises(sc.SymcnnError, match="loss"):
        sc.mark(sc.examples.cnn_by_hand(), {"loss": nested})
