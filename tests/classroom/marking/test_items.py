"""How difficult figures are, and whom they tell apart: against numbers found by hand."""

import json
from math import sqrt

import pytest

import symcnn as sc
from symcnn.classroom.marking.items import correlation, of_figures, of_quantities
from symcnn.classroom.marking.pages import data

SCHEME = {"quantities": ["conv1", "loss"]}
CLASS = {
    "Ada": {"conv1": [0.24, 0.26, *"????"], "loss": "0.0304"},
    "Ben": {"conv1": [0.24, 9, *"????"], "loss": "0.0304"},
    "Cem": {"conv1": [0.24, 0.26, *"????"]},
    "Dora": {"conv1": [0.24, *"?????"]},
}
"""Scores of conv1 are 2, 1, 2, 1, those of the loss 1, 1, 0, 0."""


@pytest.fixture(scope="module")
def made():
    return sc.mark_class(sc.examples.cnn_by_hand(), CLASS, **SCHEME)


def test_quantities_have_the_share_of_their_points_and_a_correlation(made):
    items = of_quantities([*made.markings.values()])
    assert items["conv1"].difficulty == 6 / (4 * 6)
    assert items["loss"].difficulty == 2 / 4
    # (2, 1, 2, 1) and (1, 1, 0, 0) are orthogonal about their means
    assert items["conv1"].discrimination == items["loss"].discrimination == 0


def test_figures_are_compared_with_the_rest_of_the_score(made):
    items = of_figures([*made.markings.values()])
    first, second = items["conv1", (0, 0, 0)], items["conv1", (0, 0, 1)]
    assert (first.difficulty, first.discrimination) == (1, None)
    assert second.difficulty == 1 / 2
    # 1, 0, 1, 0 against the rest 2, 2, 1, 1 of the scores 3, 2, 2, 1
    assert second.discrimination == 0
    assert items["conv1", (1, 0, 2)].discrimination is None


def test_a_correlation_is_that_of_pearson():
    assert correlation([0, 0, 1, 1], [1, 2, 3, 4]) == pytest.approx(2 / sqrt(5))
    assert correlation([0, 1, 2], [2, 1, 0]) == pytest.approx(-1)
    assert correlation([0, 1], [0, 1]) is None
    assert correlation([0.1 + 0.2, 0.3, 0.3], [1, 2, 3]) is None


def test_they_are_in_the_data_of_a_class(made):
    told = json.loads(json.dumps(data(made)))
    assert told["quantities"][0] == {"quantity": "conv1", "difficulty": 0.25, "discrimination": 0}
    assert told["figures"][1] == {
        **{"quantity": "conv1", "position": [0, 0, 1]},
        **{"difficulty": 0.5, "discrimination": 0},
    }
    assert len(told["figures"]) == 7


def test_the_summary_lists_the_most_difficult_figures_first(made):
    page = sc.report(made).to_markdown()
    assert "| conv1 | 25 % | 0.00 |" in page
    assert page.index("| conv1\\[0,0,2\\] | 0 % | \N{EN DASH} |") < page.index(
        "| loss\\[0\\] | 50 % |"
    )
