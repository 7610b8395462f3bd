"""One total: the points of a sheet, its key, its question, practice and the marking."""

import json
import re
from dataclasses import replace
from functools import cache

import pytest

import symcnn as sc
from symcnn.classroom.marking.marking import to_half_points
from symcnn.classroom.practice import practice_page
from symcnn.classroom.worksheets.page import quiz, weights
from symcnn.cli import main
from symcnn.errors import SymcnnError
from symcnn.problems import Worth
from tests.classroom.worksheets.cloze import questions
from tests.classroom.worksheets.networks import SMALL
from tests.draws import MANY, one_of, slow

POINTS = {"conv1": 4, "gradient of conv1.weight": 6.5}

# The network has 6, 6 and 1 outputs, a loss, as many derivatives and 4 + 2 + 6 weights.
SCHEMES = {
    "one point a figure": ({}, 6 + 6 + 1 + 1 + (1 + 6 + 6) + 12 + 12, 51),
    "points": ({"points": POINTS}, 51 - 6 - 4 + 4 + 6.5, 51),
    "a subset": ({"quantities": ["loss", "conv1"]}, 6 + 1, 7),
    "both": ({"quantities": ["loss", *POINTS], "points": POINTS}, 1 + 4 + 6.5, 11),
}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    path = tmp_path_factory.mktemp("points") / "network.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@cache
def variant_of(network, name):
    """Return a variant that earns points by a scheme."""
    return sc.worksheet(network, 1, 7, **SCHEMES[name][0]).variants[0]


def stated(text):
    """Return the total that a sheet states."""
    return float(re.search(r"Points: .*? of ([0-9.,]+)", text)[1].replace(",", ""))


def table(text):
    """Return the points by quantities that a page lists."""
    rows = re.findall(r"^\| ([a-z][\w. ]*?) \| .* \| (\d+) \| ([\d.]+) \|$", text, re.MULTILINE)
    return {name: (int(figures), float(points)) for name, figures, points in rows}


def told(page):
    """Return what the script of a page for practice reads."""
    return json.loads(re.search(r'id="practice-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize("name", one_of(SCHEMES))
def test_one_total_everywhere(name, network):
    given, total, figures = SCHEMES[name]
    variant = variant_of(network, name)
    sheet, key = variant.sheet.to_markdown(), variant.key.to_markdown()
    assert stated(sheet) == total
    assert len(variant.figures) == figures
    assert sum(figure.points for figure in variant.figures) == pytest.approx(total)
    assert sc.mark(variant.problem, {}).of == pytest.approx(total)
    ((_, question),) = questions(quiz([variant.question]))
    assert len(question.boxes) == figures
    worth = [box.weight for box in question.boxes]
    assert sum(worth) == pytest.approx(total * worth[-1] / variant.figures[-1].points)
    data = told(practice_page(variant.problem, detail="full"))
    assert sum(data["points"]) == pytest.approx(total)
    assert len(data["points"]) == len(data["earning"]) == figures
    if given:
        assert table(sheet) == table(key)
        assert sum(points for _, points in table(sheet).values()) == pytest.approx(total)
        assert "The figures of a quantity share its points equally" in sheet
        assert ("All other boxes earn no points." in sheet) == ("quantities" in given)
    else:
        assert "Each figure is worth one point, even if it has several boxes." in sheet


def test_points_are_beside_their_quantities(network):
    variant = variant_of(network, "both")
    assert table(variant.sheet.to_markdown()) == {
        "conv1": (6, 4),
        "loss": (1, 1),
        "gradient of conv1.weight": (4, 6.5),
    }
    text = quiz([variant.question])
    for said in (
        "conv1</strong>, 4 points",
        "loss</strong>, 1 point<",
        "weight</strong>, 6.5 points",
    ):
        assert said in text
    ((_, question),) = questions(text)
    assert [box.weight for box in question.boxes] == [16] * 6 + [24] + [39] * 4  # of 4/6, 1, 6.5/4


def test_the_same_seed_gives_the_same_numbers_whatever_they_earn(network):
    names = SCHEMES if MANY else ("one point a figure", "both")
    one, *others = (variant_of(network, name).problem for name in names)
    assert all(one.values == other.values for other in others)


@slow
def test_a_worksheet_remembers_its_points(network, tmp_path, capsys):
    """The variant's file alone is enough."""
    folder = tmp_path / "class"
    stated = (
        '[answers]\nquantities = ["loss", "conv1"]\n'
        'points = { conv1 = 4, "gradient of conv1.weight" = 6.5 }\ncarried = 0.5\n'
    )
    mine = tmp_path / "network.toml"
    mine.write_text(f"{SMALL}\n{stated}", encoding="utf-8")
    assert main(["worksheet", str(mine), "-o", str(folder), "--format", "md"]) == 0
    assert "1 variant of 11 figures" in capsys.readouterr().out
    (tmp_path / "mine.toml").write_text('loss = "?"', encoding="utf-8")
    alone = tmp_path / "variant.toml"
    alone.write_bytes((folder / "variant-1.toml").read_bytes())
    for problem in (folder / "variant-1.toml", alone):
        assert main(["mark", str(problem), str(tmp_path / "mine.toml"), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["of"] == 11.5
        assert sc.load(problem).worth.carried == 0.5
    header = (folder / "keys.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.count("[") == 6 + 1 + 4


def test_what_is_not_on_the_sheet_earns_nothing(network):
    for given, said in (
        ({"points": {"gradient of conv1": 2}}, "'gradient of conv1' is not on a worksheet of the"),
        ({"quantities": ["conv7"]}, "did you mean 'conv1'"),
        ({"quantities": "conv1"}, "quantities is 'conv1': give a list of names"),
        ({"quantities": []}, "quantities is empty"),
        ({"points": {"conv1": -1}}, "the points of conv1 are -1: give a non-negative number"),
        ({"points": [4]}, "give a table such as"),
    ):
        with pytest.raises(SymcnnError, match=re.escape(said)):
            sc.worksheet(network, level="forward", **given)
    file = network.with_name("stated.toml")
    answers = '\n[answers]\nquantities = ["gradient of conv1"]\n'
    file.write_text(SMALL + answers, encoding="utf-8")
    with pytest.raises(SymcnnError, match="no quantity is asked for that is on a worksheet"):
        sc.worksheet(file, level="forward")
    assert sc.worksheet(file).variants[0].quantities == ["gradient of conv1"]


def test_a_problem_states_its_points():
    problem = replace(sc.examples.cnn_by_hand(), worth=Worth(("conv1",), {"loss": 2}))
    assert sc.mark(problem, {}).of == 6 + 2
    assert sc.mark(problem, {}, points={"loss": 3}).of == 6 + 3
    assert sc.mark(problem, {}, quantities=["dense1"]).of == 1
    page = practice_page(sc.examples.cnn_by_hand(), quantities=["conv1"], points={"loss": 2})
    assert stated(sc.explain(problem).with_blanks().to_markdown()) == 8
    assert told(page)["points"] == [1, 1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    ("earned", "of", "score"),
    [
        *((0, 10, 0), (0.24, 10, 0), (0.25, 10, 0.5), (0.74, 10, 0.5), (0.75, 10, 1)),
        *((9.8, 10, 10), (9.74, 10, 9.5), (1.3, 1.3, 1.3), (1.2, 1.3, 1), (2.6 / 3 * 3, 2.6, 2.6)),
    ],
)
def test_scores_are_rounded_to_half_points(earned, of, score):
    """To the nearest, and of two to the higher one; who has all points has them."""
    assert to_half_points(earned, of) == score


def test_a_score_is_rounded_once():
    """Each of the three figures of pool1 has a third of a point."""
    problem, answers = (
        sc.examples.cnn_by_hand(),
        {"pool1": ["0.24", "0.26", "9"]},
    )
    marked = sc.mark(problem, answers, points={"pool1": 1}, quantities=["pool1"])
    assert marked.exact_score == pytest.approx(2 / 3)
    assert marked.score == 0.5
    said = sc.report(marked).blocks[0].text[0]
    assert said.startswith("0.5 of 1 points. The sum, 0.67, is rounded to half points. 3 figures")


def test_weights_are_in_the_proportions_of_points():
    assert weights([1, 1, 1]) == [1, 1, 1]
    assert weights([2, 4, 0]) == [2, 4, 0]
    assert weights([2 / 3, 2 / 3, 2 / 3, 1]) == [2, 2, 2, 3]
    large = weights([10_000, 1 / 7, 5_000])
    assert large == [9_999, 1, 5_000]
