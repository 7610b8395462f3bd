"""The digits that are asked for: what is right, imprecise and wrong, by numbers worked by hand.

z = w x with x = 1 is any number that is wanted; y = v z is carried on from it.
"""

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import pytest

import symcnn as sc
from symcnn.classroom.marking.intervals.written import Unread
from symcnn.problems import Accuracy
from symcnn.reference.enclosures import to_decimal
from tests.draws import MANY

VARIANTS = 30 if MANY else 2


def chain(z, v="1", x="1", rate=None):
    """A network whose only two outputs are z and v z."""
    layers = [sc.Dense(1, bias=False), sc.Dense(1, bias=False)]
    network = sc.Network((1,), layers, sc.HalfSquaredError())
    numbers = {"x": x, "dense1.weight": z, "dense2.weight": v, "target": "0"}
    values = {name: [Decimal(number)] for name, number in numbers.items()}
    return sc.Problem(network, values, learning_rate=rate)


def _verdicts(marking):
    return [figure.verdict for figure in marking.figures]


@pytest.mark.parametrize("digits", range(2, 9))
@pytest.mark.parametrize("rounding", [ROUND_HALF_UP, ROUND_HALF_EVEN])
def test_what_is_rounded_to_the_digits_is_right_however_ties_are_rounded(digits, rounding):
    """1234565 at six digits is 123456e1 or 123457e1; both are half a unit away."""
    for z in ("7.7", "1.4142135623730951", "-0.012344995", "123456500", "0.99999999995"):
        tie = Decimal(z) if digits > 8 else Context(prec=digits + 1).plus(Decimal(z)).normalize()
        for value in (Decimal(z), tie + tie.copy_abs().scaleb(-digits - 2)):
            written = Context(prec=digits, rounding=rounding).plus(value)
            problem = chain(value / 2, x="2")
            for text in (f"{written:f}", f"{written:E}", f"{written.normalize():f}"):
                marking = sc.mark(problem, {"dense1": text}, quantities=["dense1"], digits=digits)
                assert _verdicts(marking) == ["right"], (value, text)


def test_a_tie_is_right_both_ways_and_nothing_beyond():
    """0.0125 is 0.012 or 0.013 at two digits, and neither 0.011 nor 0.014."""
    problem = chain("0.00125", x="10")
    for figure, found in [
        *[("0.012", "right"), ("0.013", "right"), ("0.0125", "right"), ("0.01249", "right")],
        *[("0.011", "wrong"), ("0.014", "wrong"), ("0.0131", "wrong"), ("0.01", "imprecise")],
    ]:
        marking = sc.mark(problem, {"dense1": figure}, quantities=["dense1"], digits=2)
        assert _verdicts(marking) == [found], figure


@pytest.mark.parametrize("digits", range(2, 9))
def test_one_digit_less_is_imprecise_unless_it_is_a_zero(digits):
    """1.2345678 loses a digit; 1.2345670 rounded to eight digits does not."""
    value = Decimal("1.2345678")
    problem = chain(value / 2, x="2")
    short = Context(prec=digits - 1).plus(value)
    marking = sc.mark(problem, {"dense1": str(short)}, quantities=["dense1"], digits=digits)
    assert _verdicts(marking) == ["imprecise"]
    assert marking.score == 0.5
    with_zero, problem = short, chain(short / 2, x="2")  # the true value has no more digits
    marking = sc.mark(
        chain(with_zero / 2, x="2"),
        {"dense1": str(with_zero)},
        quantities=["dense1"],
        digits=digits,
    )
    assert _verdicts(marking) == ["right"]
    assert marking.score == 1


@pytest.mark.parametrize(("imprecise", "score"), [("full", 1), ("half", 0.5), ("none", 0)])
def test_an_imprecise_figure_earns_a_share(imprecise, score):
    problem = chain("0.1235", x="2")
    marking = sc.mark(problem, {"dense1": "0.2"}, quantities=["dense1"], imprecise=imprecise)
    assert _verdicts(marking) == ["imprecise"]
    assert marking.score == score


@pytest.mark.parametrize("digits", range(2, 9))
def test_truncated_figures_are_named_or_accepted(digits):
    """2.99999999 cut off is 2.9..., which is a unit away from what rounds to 3."""
    problem = chain("1.499999999", x="2")
    cut = Context(prec=digits, rounding=ROUND_DOWN).plus(Decimal("2.999999998"))
    answers = {"dense1": str(cut)}
    marking = sc.mark(problem, answers, quantities=["dense1"], digits=digits)
    assert _verdicts(marking) == ["imprecise"]
    assert [m.name for m in marking.named] == ["truncated, not rounded"]
    accepted = sc.mark(
        problem, answers, quantities=["dense1"], digits=digits, truncation="accepted"
    )
    assert _verdicts(accepted) == ["right"]
    below = cut - Decimal(1).scaleb(cut.adjusted() - digits + 1)
    for truncation in ("named", "accepted"):
        marking = sc.mark(
            problem,
            {"dense1": str(below)},
            quantities=["dense1"],
            digits=digits,
            truncation=truncation,
        )
        assert _verdicts(marking) == ["wrong"]


def test_a_truncated_number_is_less_than_a_unit_away():
    """0.249 is 0.2499 cut off, not 0.250 or 0.2489; and cutting off goes towards 0."""
    for z, figure, found in [
        *[("0.2498", "0.249", "imprecise"), ("0.250", "0.249", "wrong")],
        *[("0.2482", "0.249", "wrong"), ("-0.2498", "-0.249", "imprecise")],
        *[("-0.2482", "-0.249", "wrong"), ("0.2498", "-0.249", "wrong")],
    ]:
        marking = sc.mark(chain(Decimal(z) / 2, x="2"), {"dense1": figure}, quantities=["dense1"])
        assert _verdicts(marking) == [found], (z, figure)


@pytest.mark.parametrize(
    ("tolerance", "right", "not_right"),
    [
        ("1 unit", ["0.243", "0.245", "0.244"], ["0.242", "0.246"]),
        ("2 units", ["0.242", "0.246"], ["0.241", "0.247"]),
        ("1 %", ["0.242", "0.246"], ["0.241", "0.247"]),
        ("0.01", ["0.234", "0.254"], ["0.233", "0.255"]),
        (0.01, ["0.234", "0.254"], ["0.233", "0.255"]),
        ("0.00001", ["0.2435", "0.2445"], ["0.2434", "0.2446"]),
    ],
)
def test_tolerances(tolerance, right, not_right):
    """Of 0.244 at three digits: a unit is 0.001; less than rounding needs is never asked for."""
    problem = chain("0.122", x="2")
    for figures, found in ((right, "right"), (not_right, "wrong")):
        for figure in figures:
            answers = {"dense1": figure}
            marking = sc.mark(problem, answers, quantities=["dense1"], tolerance=tolerance)
            assert _verdicts(marking) == [found], figure


def test_a_tolerance_counts_for_what_is_carried_on():
    """z is wrong, 0.5; v z is 0.15, and 0.151 is a unit away."""
    problem = chain("0.2", v="0.3", x="2")
    answers = {"dense1": "0.500", "dense2": "0.151"}
    for tolerance, found in (("", "wrong"), ("1 unit", "follows")):
        marking = sc.mark(problem, answers, quantities=[*answers], tolerance=tolerance)
        assert _verdicts(marking) == ["wrong", found]


def test_short_figures_follow_only_from_figures_as_they_are_written():
    """0.5 may be anything up to 0.55, but 7 times 0.5 is 3.5, and 3.7 is not what follows.

    3.8 is the true value, 3.78, in two digits; of 0.6, which is wrong, 4.2 follows.
    """
    problem = chain("0.27", v="7", x="2")  # 0.54 and 3.78
    for first, second, found in [
        *[("0.5", "3.5", "imprecise"), ("0.5", "3.8", "imprecise"), ("0.5", "3.78", "right")],
        *[("0.5", "3.7", "wrong"), ("0.6", "4.2", "follows"), ("0.6", "4", "imprecise")],
        ("0.6", "6", "wrong"),
    ]:
        answers = {"dense1": first, "dense2": second}
        marking = sc.mark(problem, answers, quantities=[*answers])
        assert _verdicts(marking)[1] == found, (first, second)


def test_an_imprecise_figure_with_an_error_carried_earns_both_shares():
    """0.64 is wrong for 0.54; 0.64 times 0.7 is 0.448, of which 0.4 is a half of a half."""
    problem = chain("0.27", v="0.7", x="2")
    answers = {"dense1": "0.640", "dense2": "0.45"}
    marking = sc.mark(problem, answers, quantities=[*answers], carried=0.5)
    assert _verdicts(marking) == ["wrong", "imprecise"]
    assert (marking.exact_score, marking.score) == (0.25, 0.5)


def test_a_short_figure_that_rounds_the_true_value_carries_no_error():
    """0.29 and 0.87 are 0.3 and 0.9, and 3 times 0.3 is 0.9; 8 times 0.29 is 2.32, not 2.4."""
    for v, figure, score in (("3", "0.9", 1.0), ("8", "2.4", 0.75)):
        answers = {"dense1": "0.3", "dense2": figure}
        marking = sc.mark(chain("0.145", v=v, x="2"), answers, quantities=[*answers], carried=0.5)
        assert _verdicts(marking) == ["imprecise", "imprecise"]
        assert marking.exact_score == score


def test_old_weights_are_no_updated_ones():
    """w - 0.1 dL/dw: dL/dw = 0.0002 and 0.18 move 2 to 1.99998 and 1.982."""
    for x, figure, found in [
        *[("0.01", "2", "right"), ("0.01", "2.00", "right"), ("0.01", "2.00000", "wrong")],
        *[("0.3", "2", "wrong"), ("0.3", "2.0", "wrong"), ("0.3", "1.98", "right")],
    ]:
        problem = chain("2", x=x, rate=Decimal("0.1"))  # dL/dw = 2 x^2
        marking = sc.mark(problem, {"updated dense1.weight": figure})
        (one,) = (f for f in marking.figures if f.answer)
        assert one.verdict == found, (x, figure)
        named = [mistake.name for mistake in one.mistakes]
        assert named == (["given number repeated"] if found == "wrong" else [])


def test_a_copied_input_is_wrong_and_named():
    problem = chain("0.9", x="0.7")  # 0.63
    for figure in ("0.9", "0.7", "0.70"):
        (one,) = (f for f in sc.mark(problem, {"dense1": figure}).figures if f.answer)
        assert one.verdict == "wrong"
        assert [mistake.name for mistake in one.mistakes] == ["given number repeated"]
    assert sc.mark(problem, {"dense1": "0.6"}).count("imprecise") == 1


def test_an_old_weight_follows_from_a_derivative_of_0():
    problem = chain("2", x="0.3", rate=Decimal("0.1"))
    answers = {"gradient of dense1.weight": "0", "updated dense1.weight": "2"}
    marking = sc.mark(problem, answers, quantities=[*answers])
    assert _verdicts(marking) == ["wrong", "follows"]


def _one_digit(value):
    return str(Context(prec=1).plus(to_decimal(value))) if value else "0"


def test_variants_give_nothing_for_old_weights_and_no_more_than_a_share_for_one_digit():
    """As handed in, of all variants of a worksheet; what has one digit, or stays, is right."""
    made = sc.worksheet(sc.examples.cnn_by_hand(), variants=VARIANTS, seed=3, level="full")
    for variant in made.variants:
        problem, asked_digits = variant.problem, variant.problem.answers.digits
        assert asked_digits == 4
        names = [name for name in variant.quantities if name.startswith("updated ")]
        old = {name: problem.values[name.removeprefix("updated ")] for name in names}
        as_text = {name: [str(to_decimal(n)) for n in row] for name, row in old.items()}
        marking = sc.mark(problem, as_text, quantities=names)
        for figure in marking.figures:
            true, digits = to_decimal(figure.expected), Context(prec=asked_digits)
            stays = digits.plus(true) == figure.answer.value
            assert figure.verdict == ("right" if stays else "wrong"), figure
        sheet = {name: [*map(_one_digit, problem.quantity(name))] for name in variant.quantities}
        marking, before = sc.mark(problem, sheet, quantities=variant.quantities), set()
        for figure in marking.figures:
            true = Context(prec=asked_digits).plus(to_decimal(figure.expected))
            allowed = {"imprecise", "wrong", *(["follows"] if "wrong" in before else [])}
            assert figure.verdict in allowed or true == figure.answer.value, figure
            before.add(figure.verdict)
        whole = marking.count("right") + marking.count("follows")
        assert whole + marking.count("imprecise") / 2 == marking.score


def test_what_was_left_out_may_have_been_rounded_before_it_is_copied():
    """w x = 1.004 is left out, rounded to 1.00 and flattened; 7 times that is 7.00, not 7.028.

    The copy of 1.004 itself is rounded but once: 1.01 is no rounding of it.
    """
    layers = [sc.Dense(1, bias=False), sc.Flatten(), sc.Dense(1, bias=False)]
    network = sc.Network((1,), layers, sc.HalfSquaredError())
    numbers = {"x": "2", "dense1.weight": "0.502", "dense2.weight": "7", "target": "0"}
    given = {name: [Decimal(number)] for name, number in numbers.items()}
    problem = sc.Problem(network, given)
    for name, figure, found in [
        *[("dense2", "7.00", "right"), ("dense2", "7.03", "right"), ("dense2", "6.90", "wrong")],
        *[("flatten1", "1.00", "right"), ("flatten1", "1.01", "wrong")],
    ]:
        (one,) = (f for f in sc.mark(problem, {name: figure}).figures if f.answer)
        assert one.verdict == found, (name, figure)


def test_what_is_not_read_is_never_wrong():
    problem = chain("0.27", v="7", x="2")
    unread = Unread("much", "write a number such as 0.42")
    marking = sc.mark(problem, {"dense1": [unread]}, quantities=["dense1"])
    assert _verdicts(marking) == ["unread"]
    assert (marking.score, marking.first_wrong) == (0, None)
    said = "was not read, and has no points: 'much'. Write a number such as 0.42."
    assert said in sc.report(marking).to_markdown()


def test_sheets_state_the_digits_that_mark_asks_for():
    problem = replace(sc.examples.cnn_by_hand(), answers=Accuracy(5))
    said = "Give inexact results to five significant digits."
    assert said in sc.explain(problem, detail="brief").with_blanks().to_markdown()
    assert said in sc.practice_page(problem, detail="brief")
    (variant,) = sc.worksheet(problem, level="forward").variants
    assert said in variant.sheet.to_markdown()
    assert said in "".join(part for part in variant.question.parts() if isinstance(part, str))
    assert variant.problem.answers == Accuracy(5)
    loss = {"loss": "0.030431"}
    assert sc.mark(problem, loss, quantities=["loss"]).score == 1
    assert sc.mark(problem, {"loss": "0.0304"}, quantities=["loss"]).score == 0.5
