"""Answers of a class in CSV: one row a student, one column a figure."""

import pytest

import symcnn as sc
from symcnn import limits

HEADER = 'student,"conv1[0,0,0]","conv1[0, 0, 1]","pool1[0,0,0]",dense1,loss\n'
ADA = "Ada,0.24,0.26,0.24,0.214,0.0304\n"  # 0.024 + 0.13 + 0.06
BEN = "Ben,0.42,0.28,0.42,?,\n"  # broadcast products, and a maximum that follows


@pytest.fixture
def file(tmp_path):
    def written(text, encoding="utf-8"):
        path = tmp_path / "class.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return written


def marked(path, **scheme):
    return sc.mark_class(sc.examples.cnn_by_hand(), path, **scheme)


def verdicts(marking):
    return [figure.verdict for figure in marking.figures if figure.answer]


def test_every_student_has_a_marking(file):
    made = marked(file(HEADER + ADA + "\n" + BEN))
    assert list(made.markings) == ["Ada", "Ben"]
    assert verdicts(made.markings["Ada"]) == ["right"] * 5
    assert verdicts(made.markings["Ben"]) == ["wrong", "wrong", "follows"]
    assert made.first_wrong == {"conv1": 1}
    assert [(m.name, who) for m, who in made.mistakes.items()] == [("broadcast product", ["Ben"])]
    assert made.verdicts["conv1"] == {"right": 2, "wrong": 2, "missing": 8}
    assert made.mean == (5 + 1) / 2


def test_spreadsheets_divide_by_semicolons_and_tabs(file):
    """In many countries a decimal has a comma, and a semicolon separates cells."""
    german = "student;conv1[0,0,0];conv1[0,0,1]\nÄnne;0,24;0,26\n"
    for text in (german, german.replace(";", "\t"), "\N{BOM}" + german.replace("\n", "\r\n")):
        made = marked(file(text))
        assert verdicts(made.markings["Änne"]) == ["right", "right"]


def test_only_what_is_asked_for_earns_points(file):
    scheme = {"quantities": ["conv1", "loss"], "points": {"conv1": 3, "loss": 2}, "carried": 0.5}
    made = marked(file(HEADER + ADA + BEN), **scheme)
    assert made.of == 5
    assert made.markings["Ada"].score == 3 * 2 / 6 + 2
    assert made.markings["Ben"].score == 0


BAD = {
    "": "the first row names no figures",
    "student\nAda\n": "the first row names no figures",
    HEADER: "the table has no row below its header",
    "student,conv9\nAda,1\n": "column 2: there is no quantity 'conv9'",
    "student,conv1\nAda,1\n": "column 2: conv1 has 6 entries: give each a column, such as conv1[0,",
    'student,"conv1[0 0 0]"\nAda,1\n': "column 2: 'conv1[0 0 0]' is not the name of a figure",
    'student,"conv1[2,0,0]"\nAda,1\n': "column 2: there is no conv1[2,0,0]",
    "student,loss,loss\nAda,1,1\n": "column 3: 'loss' is a column already",
    "student,loss\nAda,1\nAda,2\n": "line 3: 'Ada' has a row already",
    "student,loss\n,1\n": "line 2: the student has no name",
    f"student,loss\n{'A' * 99},1\n": "is too long: use at most 60 letters",
    "student,loss\nAda,1,2\n": "line 2: there are 3 cells, but 2 columns",
    'student,loss\nAda,"1\n': "this is not valid CSV: unexpected end of data",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_table_is_one_line(text, file):
    with pytest.raises(sc.SymcnnError) as error:
        marked(file(text))
    assert f"class.csv: {BAD[text]}" in str(error.value) or BAD[text] in str(error.value)
    assert "\n" not in str(error.value)


def test_a_cell_that_is_no_number_costs_that_figure(file):
    made = marked(file("student,loss\nAda,one\nBen,0.0304\n"))
    verdicts = {
        name: [figure.verdict for figure in one.figures if figure.quantity == "loss"]
        for name, one in made.markings.items()
    }
    assert verdicts == {"Ada": ["unread"], "Ben": ["right"]}


def test_other_encodings_are_one_line(file):
    for encoding in ("utf-16", "latin-1"):
        with pytest.raises(sc.SymcnnError, match="UTF-8"):
            marked(file(HEADER + ADA.replace("Ada", "Änne"), encoding))


def test_of_many_mistakes_some_are_told(file):
    rows = "".join(f"S{n},{n},{n},0,1,1,1\n" for n in range(40))
    with pytest.raises(sc.SymcnnError) as error:
        marked(file(HEADER + rows))
    *told, last = str(error.value).splitlines()
    assert len(told) == 9
    assert last == "and 31 more"


def test_too_many_rows_are_refused(file, monkeypatch):
    monkeypatch.setattr(limits, "MARKED_STUDENTS", 1)
    with pytest.raises(sc.TooLargeError, match="2 rows, more than the 1"):
        marked(file(HEADER + ADA + BEN))


def test_too_many_figures_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MARKED_FIGURES", 10)
    with pytest.raises(sc.TooLargeError, match="are asked for"):
        sc.mark(sc.examples.cnn_by_hand(), {})


def test_answers_by_name():
    made = sc.mark_class(sc.examples.cnn_by_hand(), {"Ada": {"loss": "0.0304"}, "Ben": {}})
    assert [marking.score for marking in made.markings.values()] == [1, 0]
    assert repr(made).startswith("<ClassMarking: 2 students, mean 0.5 of ")


def test_too_many_columns_are_refused(file, monkeypatch):
    monkeypatch.setattr(limits, "MARKED_FIGURES", 4)
    with pytest.raises(sc.TooLargeError, match="6 columns, more than the 4"):
        marked(file(HEADER + ADA), quantities=["loss"])


LEVELS = {  # conv1 is 0.2 + 0.04 or 0.1 + 0.04
    "1": sc.examples.cnn_by_hand(),
    "12": sc.Problem(
        sc.examples.cnn_by_hand().network,
        {**sc.examples.cnn_by_hand().values, "x": [0.5, 0.4, 0.5]},
        title="CNN by hand, variant 12",
    ),
}
VARIED = 'student,variant,"conv1[0,0,0]"\nAda,1,0.24\nBen,12,0.14\nCat,012,0.24\n'


def test_students_have_variants_of_their_own(file):
    made = sc.mark_class(LEVELS, file(VARIED), quantities=["conv1"])
    assert [marking.figures[0].verdict for marking in made.markings.values()] == [
        *("right", "right", "wrong")
    ]
    assert made.of == 6
    by_name = {"Ada": {"variant": 12, "conv1": [0.14, *"?????"]}}
    assert sc.mark_class(LEVELS, by_name).markings["Ada"].count("right") == 1


BAD_VARIANTS = {
    VARIED.replace("12", "7"): r"line 3: there is no variant '7': choose from 1, 12",
    VARIED.replace("Ben,12", "Ben,"): r"line 3: there is no variant '': choose from 1, 12",
    HEADER + ADA: r"there is no column 'variant', but there are several",
}


@pytest.mark.parametrize("text", BAD_VARIANTS)
def test_a_variant_that_is_not_there_is_one_line(text, file):
    with pytest.raises(sc.SymcnnError, match=BAD_VARIANTS[text]):
        sc.mark_class(LEVELS, file(text))


def test_variants_are_of_one_network():
    other = sc.Problem(sc.Network((1,), [sc.Tanh()], sc.SumOfOutputs()), {"x": [1]})
    with pytest.raises(sc.SymcnnError, match="variant '2' has another network than variant '1'"):
        sc.mark_class({"1": sc.examples.cnn_by_hand(), "2": other}, {"Ada": {}})
    with pytest.raises(sc.SymcnnError, match="there are no variants"):
        sc.mark_class({}, {"Ada": {}})
    with pytest.raises(sc.SymcnnError, match="no answers to the variants are given"):
        sc.mark_class(LEVELS)
