"""The points of the page, added up by its script as ``symcnn mark`` adds them."""

import json

import pytest

from symcnn.classroom.marking.marking import to_half_points
from symcnn.classroom.practice.page import engine
from tests.programs.backends.javascript.node import needs_node, node

CASES = [
    # points of figures, the shares that they earned, and the score
    ([1, 1, 1], [1, 0.5, 0], 1.5),
    ([2 / 3, 2 / 3, 2 / 3], [1, 1, 1], 2),
    ([1 / 3, 1 / 3, 1 / 3], [1, 1, 0], 0.5),
    ([0.5, 0.5], [0.5, 0], 0.5),
    ([0.48, 0.5], [0.5, 0], 0),
    ([1.3], [1], 1.3),
    ([], [], 0),
]
SCORES = """
import { readFileSync } from "node:fs";
const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url), "utf8"));
console.log(JSON.stringify(cases.map(([points, shares]) => {
  const marked = [{ share: 1 }, ...shares.map((share) => ({ share }))];
  const score = scoreOf({ points, earning: points.map((_, n) => n + 1) }, marked);
  return [score, inPoints(score)];
})));
"""


@needs_node
def test_the_score_of_the_page_is_that_of_the_marking(tmp_path):
    (tmp_path / "cases.json").write_text(json.dumps(CASES), encoding="utf-8")
    found = json.loads(node(f"{engine()}\n{SCORES}", tmp_path))
    for (score, written), (points, shares, expected) in zip(found, CASES, strict=True):
        assert score == pytest.approx(expected)
        assert written == f"{expected:g}"
        earned = sum(p * s for p, s in zip(points, shares, strict=True))
        assert to_half_points(earned, sum(points)) == pytest.approx(expected)
