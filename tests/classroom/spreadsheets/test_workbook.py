"""Workbooks as openpyxl, an independent reader, finds them."""

import builtins
import io
import re
import zipfile

import numpy as np
import pytest

import symcnn as sc
from symcnn.cli import main
from tests.draws import slow

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")

PUBLISHED = {"z_11": 0.24, "z_22": 0.05, "p_2": 0.26, "z2_": 0.214, "L": 0.03043124508096392}
"""The figures of the seed, corrected; the loss is that of its own reference."""

WEIGHTS = {"conv1.weight": [1, 2, 3, 4], "conv1.bias": [0]}


def opened(workbook, **options):
    return openpyxl.load_workbook(io.BytesIO(workbook), **options)


def cell(book, name):
    ((sheet, address),) = book.defined_names[name].destinations
    return book[sheet][address]


@pytest.fixture(scope="module")
def seed():
    return sc.spreadsheet(sc.examples.cnn_by_hand())


FORMULAS = {
    "z_11": "=w_11*x_1+w_21*x_2",
    "p_2": "=MAX(z_12,z_22)",
    "f_3": "=p_3",
    "z2_": "=w2_1*f_1+w2_2*f_2+w2_3*f_3",
    "a": "=1/(1+EXP(-z2_))",
    "L": "=(t-a)^2/2",
    "delta_z_21": "=delta_p_1*IF(z_11<z_21,1,0)",
    "dL_dw_21": "=delta_z_11*x_2+delta_z_21*x_3",
    "new_w_21": "=w_21-eta*dL_dw_21",
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_solved_cell_is_the_printed_formula(seed, name):
    assert cell(opened(seed.to_xlsx()), name).value == FORMULAS[name]


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_formula_stands_there_with_its_value(seed, name):
    book = opened(seed.to_xlsx(), data_only=True)
    assert cell(book, name).value == pytest.approx(PUBLISHED[name], rel=1e-15)


def test_a_blank_workbook_gives_nothing_away(seed):
    """It has no formula, no note and no number but those that are given."""
    given = {1, 0.4, 0.7, 0.2, 0.3, -0.1, 0.1, 0.5, 0.6, 0.8}
    workbook = seed.to_xlsx(blank=True)
    book = opened(workbook)
    assert cell(book, "x_2").value == 0.4
    for sheet in book:
        for row in sheet.iter_rows():
            for each in row:
                assert each.data_type != "f"
                assert each.comment is None
                if isinstance(each.value, int | float):
                    assert sheet.title == "Given"
                    assert each.value in given
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        texts = b"".join(map(archive.read, archive.namelist()))
    assert b"<f>" not in texts
    assert b"0.24" not in texts
    assert b"0.03043" not in texts


def test_blank_and_solved_have_the_same_cells(seed):
    blank, solved = opened(seed.to_xlsx(blank=True)), opened(seed.to_xlsx())
    places = [{n: d.attr_text for n, d in book.defined_names.items()} for book in (blank, solved)]
    assert places[0] == places[1]
    assert len(places[0]) == sum(
        map(int, [3, 6, 3, 1, 1, 6, 3, 3, 1, 1, 1, 1, 1, 3, 3, 6, 3, 6, 3, 6, 3])
    )
    frames = {cell(blank, name).border.left.style for name in places[0]}
    assert frames == {"thin"}


def test_a_blank_workbook_may_ask_for_some_quantities(seed, tmp_path):
    workbook = seed.to_xlsx(blank=True, quantities=["conv1", "loss"])
    book = opened(workbook)
    assert book.sheetnames == ["Given", "Forward"]
    assert {"z_11", "L", "w2_1"} < book.defined_names.keys()
    assert not {"p_1", "a", "dL_dw_11"} & book.defined_names.keys()
    cell(book, "z_12").value = 0.26
    book.save(tmp_path / "mine.xlsx")
    marking = sc.mark(seed.problem, tmp_path / "mine.xlsx", quantities=["conv1", "loss"])
    assert (marking.count("right"), marking.count("missing")) == (1, 6)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"blank": True, "quantities": ["conv2"]}, "^there is no cell of 'conv2': "),
        ({"blank": True, "quantities": ["x"]}, "^there is no cell of 'x': "),
        ({"quantities": ["conv1"]}, "a blank workbook asks for: add blank=True$"),
    ],
)
def test_what_a_workbook_cannot_ask_for(seed, options, said):
    with pytest.raises(sc.SymcnnError, match=said):
        seed.to_xlsx(**options)


def test_a_derivative_that_nothing_depends_on_has_no_cell():
    network = sc.Network((3,), [sc.Dense(3)], sc.SoftmaxCrossEntropy())
    values = {"x": [1, 2, 3], "dense1.weight": list(range(9)), "dense1.bias": [0, 0, 0]}
    contents = sc.spreadsheet(sc.Problem(network, {**values, "target": [0, 1, 0]})).contents
    names = [quantity.name for quantity in contents.quantities]
    assert "loss.probabilities" in names
    assert "gradient of loss.probabilities" not in names


def test_the_same_problem_is_the_same_bytes(seed):
    again = sc.spreadsheet(sc.examples.cnn_by_hand())
    assert again.to_xlsx() == seed.to_xlsx()


def test_an_image_is_a_matrix_for_each_channel_and_sample():
    network = sc.Network((2, 3, 2), [sc.Flatten()], sc.SumOfOutputs(), batch=2)
    problem = sc.Problem(network, {"x": list(range(24))})
    sheet = opened(sc.spreadsheet(problem).to_xlsx())["Given"]
    rows = [[each for each in row if each is not None] for row in sheet.iter_rows(values_only=True)]
    start = rows.index(["x"]) + 1
    numbers = np.arange(24).reshape(2, 2, 3, 2)
    assert rows[start] == ["n = 1, c = 1", "x₁₁₁₁", 0, "x₁₁₂₁", 2, "x₁₁₃₁", 4]
    assert rows[start + 1] == ["x₁₂₁₁", 6, "x₁₂₂₁", 8, "x₁₂₃₁", 10]
    assert rows[start + 9][:3] == ["n = 2, c = 2", "x₂₁₁₂", numbers[1, 0, 0, 1]]


@slow
def test_no_matrix_is_printed_on_two_pages():
    network = sc.Network((6, 6, 3), [sc.Conv2D(3, 3)], sc.SumOfOutputs(), batch=2)
    values = {tensor.name: np.ones(tensor.shape) for tensor in network.given}
    book = opened(sc.spreadsheet(sc.Problem(network, values)).to_xlsx())
    for sheet in book:
        starts = [sheet.cell(broken.id + 1, 1).value for broken in sheet.row_breaks.brk]
        assert all(starts)
        assert starts or sheet.max_row < 40
    assert book["Given"].row_breaks.brk


def test_letters_without_scripts_in_unicode_are_raised():
    network = sc.Network((2, 1), [sc.BatchNorm(affine=False)], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [1, 2]})
    book = opened(sc.spreadsheet(problem).to_xlsx(), rich_text=True)
    sheet, address = next(book.defined_names["delta_mu"].destinations)
    beside = book[sheet][address.replace("$C", "B").replace("$", "")].value
    assert [
        (str(part), getattr(part, "font", None) and part.font.vertAlign) for part in beside
    ] == [
        ("δ", None),
        ("μ", "superscript"),
    ]


def test_a_third_is_given_as_a_quotient():
    network = sc.Network((1,), [sc.Sigmoid()], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [sc.examples.cnn_by_hand().values["x"][0] / 3]})
    workbook = sc.spreadsheet(problem).to_xlsx()
    assert cell(opened(workbook), "x").value == "=1/3"
    assert cell(opened(workbook, data_only=True), "x").value == pytest.approx(1 / 3)


def test_what_is_too_large_is_refused_before_it_is_made():
    network = sc.Network(
        (28, 28, 1), [sc.Conv2D(32, 5), sc.Flatten(), sc.Dense(10)], sc.SumOfOutputs()
    )
    numbers = {t.name: np.ones(t.shape) for t in network.given}
    # Two of each entry but the loss: 784 + 800 + 32 + 2 * 24 * 24 * 32 + 184,320 + 10 + 10, and 1.
    with pytest.raises(sc.TooLargeError, match=r"^the workbook would have 445,641 cells and "):
        sc.spreadsheet(sc.Problem(network, numbers))


@pytest.mark.parametrize("layer", [sc.Sigmoid(), sc.Softplus(), sc.Softmax()])
def test_an_exponential_that_is_an_error_in_a_cell_is_refused(layer):
    network = sc.Network((2,), [layer], sc.SumOfOutputs())
    numbers = [-800, 1] if isinstance(layer, sc.Sigmoid) else [800, 1]
    said = "has the exponential of 800, which no spreadsheet computes"
    with pytest.raises(sc.SymcnnError, match=said):
        sc.spreadsheet(sc.Problem(network, {"x": numbers})).to_xlsx()
    assert sc.spreadsheet(sc.Problem(network, {"x": [7, 1]})).to_xlsx()


@pytest.mark.parametrize(
    "letters",
    [
        {"conv1.weight": r"\mathbf{W}^{[1]}", "dense1.weight": r"\mathbf{W}^{[2]}"},
        {"conv1.weight": "W_1", "dense1.weight": "w_1", "conv1": "X"},
        {"x": "r", "target": "c", "loss": "C", "conv1": "A", "sigmoid1": r"\hat{y}"},
        {"error signal": "g", "loss": "J", "pool1": r"\Theta", "dense1": "theta"},
    ],
    ids=str,
)
def test_letters_of_any_kind_make_names_that_every_program_takes(letters):
    """By the rules for names of Excel; XlsxWriter warns of what it refuses, which is an error."""
    problem = sc.examples.cnn_by_hand().with_letters(letters)
    names = opened(sc.spreadsheet(problem).to_xlsx()).defined_names
    assert len(names) == 14 + 15 + 26 + 9  # given, forward, backward, updated
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
        assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]|[Rr]\d*[Cc]\d*", name)


def test_without_the_package_it_is_one_line(seed, monkeypatch):
    found = builtins.__import__

    def refuse(name, *args, **options):
        if name.startswith("xlsxwriter"):
            raise ImportError(name)
        return found(name, *args, **options)

    monkeypatch.delitem(__import__("sys").modules, "xlsxwriter", raising=False)
    monkeypatch.setattr("symcnn.classroom.spreadsheets.workbook.import_module", refuse)
    with pytest.raises(sc.SymcnnError, match=r"XlsxWriter: pip install 'symcnn\[xlsx\]'$"):
        seed.to_xlsx()


def test_the_command_writes_what_is_then_marked(tmp_path, capsys):
    file = tmp_path / "solved.xlsx"
    assert main(["export", "--to", "xlsx", "-o", str(file)]) == 0
    assert capsys.readouterr().out == f"wrote {file}\n"
    marking = sc.mark(sc.examples.cnn_by_hand(), file)
    assert marking.score == marking.of
    assert marking.count("right") == len(marking.figures)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "xlsx"], "a workbook cannot be printed: add -o FILE.xlsx"),
        (["--to", "numpy", "--blank"], "--blank applies only to workbooks: add --to xlsx"),
    ],
)
def test_what_the_command_refuses(arguments, said, capsys):
    assert main(["export", *arguments]) == 2
    assert said in capsys.readouterr().err
