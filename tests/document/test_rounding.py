"""How figures are rounded is said once, behind the first that is."""

import pytest

import symcnn as sc
from symcnn.document.blocks import Paragraph
from tests.document.shared import explained
from tests.draws import one_of

SAYS = "We write = before an exact value and ≈ before a value rounded to {} significant digits"


def said(blocks):
    texts = (part for b in blocks if isinstance(b, Paragraph) for part in b.text)
    return [part for part in texts if isinstance(part, str)]


def plain(document):
    pytest.importorskip("rich")
    return " ".join(document.to_text().split())


@pytest.mark.parametrize("detail", one_of(["brief", "standard", "full"]))
def test_it_is_said_behind_the_first_rounded_figure(detail):
    made = sc.explain(sc.examples.cnn_by_hand(), detail=detail, digits=4)
    text = plain(made)
    in_short = "The sign ≈ stands before values rounded to four significant digits."
    says = in_short if detail == "brief" else SAYS.format("four")
    before, words, _ = text.partition(says)
    assert words
    assert text.count("We write =") + text.count("The sign ≈") == 1
    figures = before[before.index("Forward pass") :]  # the picture's words are no figures
    assert figures.count("≈ 0.5533") == 1
    assert "L ≈" not in figures


def test_exact_documents_do_not_say_it():
    network = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [1, 2], "dense1.weight": [1, 1], "target": [1]}
    assert "We write =" not in plain(sc.explain(sc.Problem(network, values)))


def test_students_are_not_told():
    made = explained(detail="standard")
    told = {
        whose: any("before an exact value" in part for part in said(blocks))
        for whose, blocks in (("reader", made.blocks), ("student", made.with_blanks().blocks))
    }
    assert told == {"reader": True, "student": False}
