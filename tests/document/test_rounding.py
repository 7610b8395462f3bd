"""How figures are rounded is said once, behind the first that is."""

import pytest

import symcnn as sc
from symcnn.document.blocks import Paragraph
from tests.draws import one_of

SAYS = "An equals sign stands before exact values, and ≈ before values rounded to {} significant"


def plain(document):
    pytest.importorskip("rich")
    return " ".join(document.to_text().split())


@pytest.mark.parametrize("detail", one_of(["brief", "standard", "full"]))
def test_it_is_said_behind_the_first_rounded_figure(detail):
    made = sc.explain(sc.examples.cnn_by_hand(), detail=detail, digits=4)
    said = plain(made)
    before, words, _ = said.partition(SAYS.format("four"))
    assert words
    assert said.count("An equals sign") == 1
    figures = before[before.index("Forward pass") :]  # the picture's words are no figures
    assert figures.count("≈ 0.5533") == 1
    assert "L ≈" not in figures


def test_exact_documents_do_not_say_it():
    network = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [1, 2], "dense1.weight": [1, 1], "target": [1]}
    assert "An equals sign" not in plain(sc.explain(sc.Problem(network, values)))


def test_students_are_not_told():
    blocks = sc.explain(sc.examples.cnn_by_hand()).with_blanks().blocks
    texts = [part for b in blocks if isinstance(b, Paragraph) for part in b.text]
    assert not any("An equals sign" in part for part in texts if isinstance(part, str))
