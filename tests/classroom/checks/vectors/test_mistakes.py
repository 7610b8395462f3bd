"""Which mistakes a case separates, against those made in plain loops."""

import numpy as np
import pytest

import symcnn as sc
from tests.classroom.checks.vectors import by_hand
from tests.classroom.checks.vectors.made import OVERLAPPING, cases, vectors


def listed(case, name, shown):
    """Tell whether a case says that every way of a mistake gives another array."""
    found = [mistake for mistake in case["mistakes"] if mistake["name"] == name]
    return any(shown in mistake["shows_in"] and mistake["every_way"] for mistake in found)


def differs(plain, case, shown, **mistake):
    return not np.array_equal(plain(case, **mistake)[shown], by_hand.due(case)[shown])


@pytest.mark.parametrize(
    ("layer", "plain", "mistake", "name", "shown"),
    [
        (sc.Conv2D, by_hand.conv2d, "overwrites", "windows overwritten", "gradient of x"),
        (OVERLAPPING, by_hand.max_pool2d, "overwrites", "windows overwritten", "gradient of x"),
        (sc.Conv2D, by_hand.conv2d, "flips", "kernel flipped", "gradient of x"),
        (sc.Conv2D, by_hand.conv2d, "one_sample", "samples not summed", "gradient of weight"),
    ],
)
def test_a_case_separates_what_gives_another_array(layer, plain, mistake, name, shown):
    said = [listed(case, name, shown) for case in cases(layer)]
    seen = [differs(plain, case, shown, **{mistake: True}) for case in cases(layer)]
    assert any(said)
    assert all(there for there, listed in zip(seen, said, strict=True) if listed)
    if name != "windows overwritten":  # the loops of the catalogue may run in another order
        assert seen == said


def test_what_cannot_be_made_is_not_listed():
    for case in cases(sc.Conv2D):
        strides, padding = case["settings"]["stride"], case["settings"]["padding"]
        names = {mistake["name"] for mistake in case["mistakes"]}
        if case["settings"]["groups"] == 1:  # the channels of groups are strides, too
            assert ("stride ignored" in names) <= (max(strides) > 1)
        assert ("padding ignored" in names) <= any(map(any, padding))
        assert ("bias forgotten" in names) == ("bias" in case["inputs"])
        assert ("samples not summed" in names) == (case["inputs"]["x"]["shape"][0] > 1)


def test_mistakes_on_the_way_count():
    made = sc.vectors(sc.BatchNorm(), input_shape=(2, 2, 2))
    shown = {mistake.name: mistake.shows_in for mistake in made.cases[1].mistakes}
    assert "y" in shown["n - 1 instead of n"]
    assert "gradient of x" in shown["path missing"]
    x = made.cases[1].inputs["x"].numpy()
    biased, unbiased = x.var(axis=(0, 1, 2)), x.var(axis=(0, 1, 2), ddof=1)
    assert np.abs(biased - unbiased).min() > 0.1


def test_pools_and_functions_have_their_own():
    pool = {m.name for case in vectors(OVERLAPPING) for m in case.mistakes}
    assert {"error signal passed to all", "winners taken from another channel"} <= pool
    function = vectors(sc.ReLU)
    assert "slope forgotten" in function.mistakes
    assert "$" not in "".join(function.mistakes.values())
