"""Sheets solved from the problem file alone, by programs that share nothing with symcnn."""

from decimal import Decimal

import numpy as np
import pytest

import symcnn as sc
from symcnn.problems.write import problem_file
from tests.classroom.worksheets import by_hand
from tests.classroom.worksheets.made import CHOSEN, made
from tests.draws import MANY, slow

BY_HAND = ["dilated", "maxima"] if MANY else ["dilated"]


def rounded(sheet, digits=4):
    """Return a sheet as a student writes it."""
    return {n: [_written(v, digits) for v in array.ravel()] for n, array in sheet.items()}


def _written(value, digits):
    return f"{Decimal(f'{value:.{digits - 1}e}'):f}"


@slow
@pytest.mark.parametrize("name", BY_HAND)
def test_a_student_who_works_by_hand_gets_all_points(name, folder):
    for variant in made(name, folder, 1).variants:
        sheet = by_hand.solved(problem_file(variant.problem))
        marking = sc.mark(variant.problem, rounded(sheet), quantities=variant.quantities)
        assert {*sheet} == {*variant.quantities}
        assert marking.score == marking.of == sum(array.size for array in sheet.values())


@pytest.mark.parametrize("name", CHOSEN)
def test_pytorch_gets_all_points(name, folder):
    pytest.importorskip("torch")
    from tests.classroom.worksheets import by_torch

    for variant in made(name, folder).variants:
        sheet = by_torch.solved(problem_file(variant.problem))
        marking = sc.mark(variant.problem, rounded(sheet), quantities=variant.quantities)
        assert {*sheet} == {*variant.quantities}
        assert marking.score == marking.of


@pytest.mark.parametrize("name", CHOSEN)
def test_the_key_is_what_pytorch_computes(name, folder):
    pytest.importorskip("torch")
    from tests.classroom.worksheets import by_torch

    for variant in made(name, folder).variants:
        sheet = by_torch.solved(problem_file(variant.problem))
        for figure in variant.figures:
            true = sheet[figure.quantity][figure.position if sheet[figure.quantity].ndim else ()]
            right = [a for a in figure.accepted if a.share == 100]
            assert right[0].middle == figure.text
            assert any(abs(float(a.middle) - true) <= float(a.tolerance) + 1e-13 for a in right), (
                figure
            )


@slow
def test_a_flipped_kernel_is_found(folder):
    variant = made("dilated", folder, 1).variants[0]
    sheet = by_hand.solved(problem_file(variant.problem))
    x = np.array(variant.problem.values["x"], float).reshape(6, 6)
    w = np.array(variant.problem.values["conv1.weight"], float).reshape(3, 3, 2)
    b = np.array(variant.problem.values["conv1.bias"], float)
    for i, j in np.ndindex(2, 2):
        window = x[i : i + 5 : 2, j : j + 5 : 2]
        sheet["conv1"][i, j] = np.einsum("uv,uvk->k", window, w[::-1, ::-1]) + b
    marking = sc.mark(variant.problem, rounded(sheet), quantities=["conv1"])
    wrong = [figure for figure in marking.figures if figure.quantity == "conv1"]
    assert {figure.verdict for figure in wrong} == {"wrong"}
    assert all([m.name for m in figure.mistakes] == ["kernel flipped"] for figure in wrong)
