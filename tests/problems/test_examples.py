"""The built-in examples, against what the notebook prints and what is right."""

import pytest
from sympy import Expr, Rational

import symcnn as sc

TRUE = {
    "conv1": "0.24 0.26 -0.02 0.15 0.05 0.10",
    "pool1": "0.24 0.26 0.10",
    "dense1": "0.214",
    "sigmoid1": "0.5532967568881029",
    "loss": "0.03043124508096392",
    "gradient of dense1": "-0.06097503928824672",
    "gradient of dense1.weight": "-0.01463400943 -0.01585351021 -0.00609750393",
    "gradient of pool1": "-0.00609750393 -0.03048751964 -0.03658502357",
    "gradient of conv1.weight": "-0.00609750393 -0.03048751964 -0.01463400943 "
    "-0.00243900157 -0.01219500786 -0.02560951650",
    "gradient of x": "-0.01036575668 0.00609750393 -0.00731700471",
    "routing of pool1": "1 0 1 0 0 1",
}
PUBLISHED = {
    "conv1": "0.42 0.28 0.14 0.33 0.22 0.11",
    "pool1": "0.42 0.28 0.14",
    "dense1": "0.266",
    "sigmoid1": "0.5661106484969565",
    "gradient of dense1.weight": "-0.02412904 -0.01608603 -0.00804301",
    "routing of pool1": "1 0 1 0 1 0",
}


def agrees(value: Expr, printed: str) -> bool:
    """Tell whether a value rounds to the printed digits; without a point it is exact."""
    decimals = len(printed.partition(".")[2])
    # A 17th decimal is that of a float, and may be one or two off.
    allowed = Rational(1, 2 * 10 ** min(decimals, 16)) if decimals else 0
    return bool(abs(value - Rational(printed)) <= allowed)


def check(problem: sc.Problem, quantities: dict[str, str]) -> None:
    for name, printed in quantities.items():
        values, figures = problem.quantity(name), printed.split()
        assert len(values) == len(figures), name
        assert all(map(agrees, values, figures)), (name, values)


def test_cnn_by_hand_comes_out_right() -> None:
    check(sc.examples.cnn_by_hand(), TRUE)


def test_every_figure_that_the_notebook_prints_comes_out() -> None:
    check(sc.examples.cnn_by_hand_as_published(), PUBLISHED)


def test_rationals_stay_exact() -> None:
    assert sc.examples.cnn_by_hand().quantity("dense1") == (Rational(107, 500),)
    assert sc.examples.cnn_by_hand_as_published().quantity("dense1") == (Rational(133, 500),)


def test_the_printed_mask_of_filter_1_hides_the_second_fault() -> None:
    """Row 1 of the notebook's dOut_conv is dW3, row 2 is 0: in its numbers all masks agree."""
    published = sc.examples.cnn_by_hand_as_published()
    routing, gradient = (
        published.quantity(name) for name in ("routing of pool1", "gradient of dense1.weight")
    )
    masks = [routing[2 * k : 2 * k + 2] for k in range(3)]
    rows = [
        [float(mask[row] * g) for mask, g in zip(masks, gradient, strict=True)] for row in range(2)
    ]
    assert rows[0] == pytest.approx([-0.02412904, -0.01608603, -0.00804301], abs=5e-9)
    assert rows[1] == [0, 0, 0]


def test_both_examples_carry_the_reconciliation() -> None:
    meant, published = sc.examples.cnn_by_hand(), sc.examples.cnn_by_hand_as_published()
    assert meant.reconciliation is not None
    assert published.reconciliation is not None
    assert not meant.reconciliation.is_kept
    assert published.reconciliation.is_kept
    pairs = zip(meant.reconciliation.figures, published.reconciliation.figures, strict=True)
    for (printed, right), (also_printed, meant_one) in pairs:
        assert printed == also_printed
        assert (right.by, meant_one.by) == (None, meant)
    for made in (meant.reconciliation, published.reconciliation):
        assert made.title == "Reconciling with the notebook"
        assert len(made.faults) == 4


def test_the_faults_show_different_figures() -> None:
    meant = sc.examples.cnn_by_hand()
    assert meant.reconciliation is not None
    *three, last = meant.reconciliation.faults
    for fault in three:
        assert fault.printed is not None
        assert fault.printed.values(meant) != fault.right.values(meant)
    assert last.printed is None
    assert last.right.values(meant) == meant.quantity("gradient of conv1.weight")


def test_an_unknown_quantity_names_the_known_ones() -> None:
    with pytest.raises(sc.SymcnnError, match="gradient of pool1"):
        sc.examples.cnn_by_hand().quantity("gradient of pool")


def test_only_a_plain_convolution_can_be_replaced() -> None:
    from symcnn.problems.examples.builtin import as_published

    problem = sc.examples.cnn_by_hand_as_published()
    with pytest.raises(sc.SymcnnError, match="plain convolution"):
        as_published(problem)
