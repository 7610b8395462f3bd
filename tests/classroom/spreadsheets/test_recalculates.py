"""LibreOffice computes every cell of a solved workbook, and finds what PyTorch finds."""

from dataclasses import replace

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.spreadsheets import workbook
from tests.draws import CELLS, slow, some, spread
from tests.generated import cells

pytest.importorskip("xlsxwriter")
pytest.importorskip("openpyxl")
torch_reference = pytest.importorskip("tests.programs.torch_reference")

from tests.classroom.spreadsheets import libreoffice  # noqa: E402  # it needs openpyxl

RATE = 0.125


def every_kind():
    """Return a cell for each kind of layer, each with another loss than the one before."""
    first = {type(cell.example.layer): cell.example for cell in reversed(cells.CELLS)}
    losses, batches = cells.LOSSES, (None, 2)
    drawn = some(enumerate(first.values()))
    return [cells.Cell(e, losses[n % len(losses)], batches[n % 3 == 0]) for n, e in drawn]


def problems():
    more = spread(cells.CELLS) if CELLS > 3 else []
    drawn = {str(cell): cells.problem(cell) for cell in (*every_kind(), *more)}
    letters = {"conv1.weight": "W_1", "dense1.weight": "w_1", "x": "r", "target": "c", "loss": "C"}
    drawn["letters that cells cannot have"] = sc.examples.cnn_by_hand().with_letters(letters)
    drawn["sums of 60 terms"] = long_sums()
    drawn["maxima of 12 entries"] = long_maxima()
    return {name: replace(problem, learning_rate=RATE) for name, problem in drawn.items()}


def long_sums():
    network = sc.Network((60,), [sc.Dense(2), sc.Softmax()], sc.CrossEntropy())
    weights = [(7 * n % 11 - 5) / 100 for n in range(120)]
    values = {"x": [n / 100 for n in range(60)], "dense1.weight": weights, "target": [1, 0]}
    return sc.Problem(network, {**values, "dense1.bias": [0.5, 0.25]})


def long_maxima():
    network = sc.Network((24, 1), [sc.MaxPool1D(12)], sc.HalfSquaredError())
    return sc.Problem(network, {"x": [37 * n % 24 for n in range(24)], "target": [1, 2]})


def by_pytorch(problem):
    """Return what PyTorch computes, by the names of quantities."""
    tensors = problem.network.tensors
    values = {
        name: np.array([float(entry) for entry in entries]).reshape(tensors[name].shape)
        for name, entries in problem.values.items()
    }
    made = torch_reference.Reference(problem.network, values)
    learned = {tensor.name for tensor in problem.network.parameters}
    slopes = {f"gradient of {name}": slope for name, slope in made.gradients.items()}
    moved = {f"updated {n}": values[n] - RATE * made.gradients[n] for n in learned}
    return {**made.outputs, "loss": np.array([made.loss.item()]), **slopes, **moved}


@slow
@libreoffice.needs_libreoffice
def test_libreoffice_finds_what_pytorch_finds(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LONGEST", 300)  # formulas in parts without endless ones
    monkeypatch.setattr(workbook, "MOST_ARGUMENTS", 5)
    made, files = {}, {}
    (tmp_path / "in").mkdir()
    for number, (name, problem) in enumerate(problems().items()):
        made[name], files[name] = sc.spreadsheet(problem), tmp_path / "in" / f"{number}.xlsx"
        removed = libreoffice.without_results(made[name].to_xlsx(), files[name])
        assert removed >= sum(
            len(q.symbols) for q in made[name].contents.quantities if not q.is_given
        )
    found = libreoffice.recalculated([*files.values()], tmp_path)
    for name, spreadsheet in made.items():
        assert_equal(name, spreadsheet, found[files[name]])


def assert_equal(name, spreadsheet, cells):
    expected, contents, compared = by_pytorch(spreadsheet.problem), spreadsheet.contents, set()
    for quantity in contents.quantities:
        if quantity.name in expected:
            compared.add(quantity.name)
            numbers = expected[quantity.name].reshape(quantity.tensor.shape)
            for position, symbol in quantity.symbols.items():
                cell = cells[contents.names[symbol]]
                assert isinstance(cell, int | float), f"{name}: {quantity.name}{position}: {cell}"
                assert cell == pytest.approx(numbers[position], rel=1e-9, abs=1e-9), name
    assert {
        "loss",
        *(f"updated {t.name}" for t in spreadsheet.problem.network.parameters),
    } <= compared


@libreoffice.needs_libreoffice
def test_cells_follow_a_given_number(tmp_path):
    """In the published example, x_1 = 1 becomes 2: computed by hand for z_11 and z_12."""
    workbook = sc.spreadsheet(sc.examples.cnn_by_hand()).to_xlsx()
    file = tmp_path / "in.xlsx"
    libreoffice.without_results(workbook, file)
    import openpyxl

    book = openpyxl.load_workbook(file)
    ((sheet, cell),) = book.defined_names["x_1"].destinations
    book[sheet][cell].value = 2
    book.save(file)
    (tmp_path / "out").mkdir()
    (cells,) = libreoffice.recalculated([file], tmp_path / "out").values()
    assert cells["z_11"] == pytest.approx(0.2 * 2 + 0.1 * 0.4)
    assert cells["z_12"] == pytest.approx(0.3 * 2 - 0.1 * 0.4)
    assert cells["p_1"] == pytest.approx(0.44)
