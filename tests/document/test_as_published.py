"""The notebook's own computation: it is called no convolution, and is wrong on purpose."""

import pytest

import symcnn as sc
from symcnn.document.blocks import Diagram
from tests.document.shared import PUBLISHED, SEED, explained
from tests.document.test_theorems import words
from tests.draws import slow

ON_PURPOSE = "whose mistakes are kept in it on purpose"


@pytest.fixture(scope="module")
def text():
    return words(*explained(PUBLISHED, "standard").blocks)


@pytest.mark.parametrize(
    "said",
    [
        "at each position every entry in it is multiplied by every weight of a filter",
        "weighted sum over a window: derivative with respect to the weights",
        'kept in it on purpose: the section "Reconciling with the notebook" says what is right.',
    ],
)
def test_what_the_notebook_computed_is_described(text, said):
    assert said in text


def test_it_is_said_in_which_order_winners_are_listed():
    pytest.importorskip("rich")
    assert "routing of pool1, window by window" in explained(PUBLISHED, "standard").to_text()


@pytest.mark.parametrize(
    "said",
    [
        "one by one",
        "cross-correlation",
        "a sum over all these uses",
        "each times the weight that the entry met there",
    ],
)
def test_what_is_true_of_convolutions_is_not_said(text, said):
    assert said not in text
    assert said in words(*explained(SEED, "full").blocks)


def test_a_weight_that_meets_a_whole_window_is_not_drawn_as_if_it_met_one_entry():
    drawn = [b for b in explained(PUBLISHED, "standard").blocks if isinstance(b, Diagram)]
    assert len(drawn) == 1


@slow
def test_the_shortest_documents_say_that_the_mistakes_are_on_purpose():
    brief = words(*explained(PUBLISHED, "brief").blocks)
    weight = words(*sc.explain(sc.examples.cnn_by_hand_as_published(), weight="w_23").blocks)
    for said in (brief, weight):
        assert f"{ON_PURPOSE}. In the notebook, a filter of shape (2, 1)" in said
        assert "Reconciling" not in said


def test_students_are_told_of_no_section_that_they_do_not_have():
    student = words(*explained(PUBLISHED, "standard").with_blanks().blocks)
    assert f"{ON_PURPOSE}." in student
    assert "Reconciling" not in student


@pytest.mark.parametrize("detail", ["brief", "standard"])
def test_nothing_is_said_of_mistakes_where_none_are_kept(detail):
    assert ON_PURPOSE not in words(*explained(SEED, detail).blocks)
