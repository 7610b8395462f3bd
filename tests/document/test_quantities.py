"""Brief documents about some quantities alone."""

import pytest

import symcnn as sc
from symcnn.errors import SymcnnError
from tests.document.shared import explained
from tests.draws import slow


def blocks(**choices):
    return sc.explain(sc.examples.cnn_by_hand(), detail="brief", **choices).to_latex()


@slow
def test_a_document_about_one_output_gives_what_it_needs_and_no_more():
    text = blocks(sections=("problem", "forward"), quantities=("x", "conv1.weight", "conv1"))
    assert r"z_{ik} &= \sum_{u=1}^{2} w_{uk} x_{i+u-1}" in " ".join(text.split())
    assert "p_{k}" not in text.partition("Forward pass")[2]
    assert "tikzpicture" not in text
    assert "tikzpicture" in explained(detail="standard").to_latex()


def test_derivatives_are_chosen_one_by_one():
    text = blocks(sections=("weights",), quantities=("gradient of dense1.weight",))
    assert "convolution" not in text
    assert r"\frac{\partial L}{\partial w^{(2)}_{k}}" in text


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"detail": "full", "quantities": ("conv1",)}, "add detail='brief'"),
        ({"detail": "brief", "quantities": ("conv9",)}, "there is no quantity 'conv9'"),
    ],
)
def test_choices_are_checked(choices, said):
    with pytest.raises(SymcnnError, match=said):
        sc.explain(sc.examples.cnn_by_hand(), **choices)
