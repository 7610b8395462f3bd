"""Every student is marked by the numbers of the sheet that the student had."""

import json

import pytest

import symcnn as sc
from tests.classroom.handins.students import BY_HAND, counts, handed_in, marked
from tests.classroom.worksheets.moodle_reader import read


def varied(number, x):
    values = {**BY_HAND.values, "x": x}
    return sc.Problem(BY_HAND.network, values, title=f"CNN by hand, variant {number}")


VARIANTS = {"1": varied(1, [1, 0.4, 0.5]), "12": varied(12, [0.5, 0.4, 0.5])}
"""The first entry of conv1 is 0.2 + 0.04 in variant 1, and 0.1 + 0.04 in variant 12."""

RIGHT = {"1": "0.24", "12": "0.14"}


def toml(number, said=""):
    return f'{said}conv1 = [{RIGHT[number]}, "?", "?", "?", "?", "?"]\n'


SAID = {
    "a.toml": toml("12", "variant = 12\n"),
    "b.toml": toml("12", 'Variante = "012"\n'),
    "sheet-12.toml": toml("12"),
    "sheet-01.json": json.dumps({"conv1": ["0.24", *"?????"]}),
    "012.toml": toml("12"),
    "Zoe_sheet-1.toml": toml("1"),
    "Ada Byron_77_assignsubmission_file_/variant-12.toml": toml("12"),
    "sheet-7.toml": 'variant = 1\nconv1 = [0.24, "?", "?", "?", "?", "?"]\n',
    "class.csv": 'Id,Variante,"conv1[0,0,0]"\nx1,1,0.24\nx2,012,0.14\n',
}


def test_a_hand_in_says_which_variant_it_is(tmp_path):
    made = marked(handed_in(tmp_path, SAID), problem=VARIANTS)
    assert all(marking.count("right") == 1 for marking in made.markings.values())
    assert {name: made.variants[name] for name in sorted(made.variants)} == {
        **{"012": "12", "Ada Byron": "12", "Zoe": "1", "a": "12", "b": "12"},
        **{"sheet-01": "1", "sheet-12": "12", "sheet-7": "1", "x1": "1", "x2": "12"},
    }


UNSAID = {
    "ada.toml": (toml("1"), "ada.toml: nothing says which variant this is: choose from 1, 12"),
    "sheet-3.toml": (toml("1"), "sheet-3.toml: there is no variant '3': choose from 1, 12"),
    "table.csv": ('name,"conv1[0,0,0]"\nAda,0.24\n', "table.csv, line 2: nothing says which"),
}


@pytest.mark.parametrize("name", UNSAID)
def test_a_hand_in_without_a_variant_is_a_line(name, tmp_path):
    text, line = UNSAID[name]
    made = marked(handed_in(tmp_path, {name: text, "sheet-1.toml": toml("1")}), problem=VARIANTS)
    assert len(made.markings) == len(made.notes) == 1
    assert made.notes[0].startswith(line)


def test_the_sheet_of_another_variant_is_a_line(tmp_path):
    files = {"a.toml": toml("1", "variant = 12\n"), "b.toml": toml("1", "variant = 1\n")}
    made = marked(handed_in(tmp_path, files), problem=VARIANTS["1"])
    assert [*made.markings] == ["b"]
    assert made.notes == ("a.toml: this is variant 12, but variant 1 is marked: leave it out",)


def test_a_workbook_is_known_by_its_title_or_its_numbers(tmp_path):
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    for title in ("CNN by hand, variant 12", ""):
        (tmp_path / "a.xlsx").write_bytes(sc.spreadsheet(VARIANTS["12"]).to_xlsx(blank=True))
        book = openpyxl.load_workbook(tmp_path / "a.xlsx")
        book.properties.title = title
        sheet, cell = book.defined_names["z_11"].attr_text.split("!")
        book[sheet.strip("'")][cell.replace("$", "")] = 0.14
        book.save(tmp_path / "a.xlsx")
        made = marked(tmp_path, problem=VARIANTS)
        assert made.variants == {"a": "12"}
        assert counts(made.markings["a"]) == {"right": 1, "missing": 6}


NET = sc.Network((3, 3, 1), [sc.Conv2D(2, (2, 2), bias=False), sc.Tanh()], sc.SumOfOutputs())


@pytest.fixture(scope="module")
def quiz():
    """Two variants, and the boxes of their questions as Moodle's importer reads them."""
    made = sc.worksheet(NET, variants=2, seed=5, level="forward")
    _, questions = read(made.moodle())
    return made, [[answer for _, answer, _ in boxes] for _, _, boxes in questions]


def responded(answers, word="part"):
    return "; ".join(f"{word} {n}: {answer}" for n, answer in enumerate(answers, start=1))


def exported(rows, *columns):
    """Return the table of responses as Moodle writes it, with the columns that were ticked."""
    head = ["Last name", "First name", "Email address", "State", "Grade/8.00", *columns]
    lines = [head, *([last, "Ada", "a@x.org", "Finished", "8.00", *own] for last, *own in rows)]
    return "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)


def test_the_boxes_of_moodle_are_in_their_order(quiz, tmp_path):
    """The second box of a 2 x 2 image of two channels is its second column, not its channel."""
    made, boxes = quiz
    problems = {str(variant.number): variant.problem for variant in made.variants}
    rows = [("One", responded(boxes[0]), "variant 1"), ("Two", responded(boxes[1]), "variant 2")]
    table = exported(rows, "Response 1", "Question 1")
    asked = {"quantities": made.variants[0].quantities}
    both = marked(handed_in(tmp_path, {"quiz.csv": table}), problem=problems, **asked)
    assert [marking.score for marking in both.markings.values()] == [both.of] * 2
    assert both.variants == {"Ada One": "1", "Ada Two": "2"}
    changed = [*boxes[0]]
    changed[1] = str(float(changed[1]) + 1)
    table = exported([("One", responded(changed), "variant 1")], "Response 1", "Question 1")
    one = marked(handed_in(tmp_path, {"quiz.csv": table}), problem=problems, **asked)
    first = one.markings["Ada One"].first_wrong
    assert (first.quantity, first.position) == ("conv1", (0, 1, 0))


def test_right_answers_tell_the_variant(quiz, tmp_path):
    made, boxes = quiz
    problems = {str(variant.number): variant.problem for variant in made.variants}
    rows = [("Two", responded(["", *boxes[1][1:]], "Teil"), responded(boxes[1], "Teil"))]
    table = exported(rows, "Antwort 1", "Richtige Antwort 1")
    asked = {"quantities": made.variants[0].quantities}
    one = marked(handed_in(tmp_path, {"quiz.csv": table}), problem=problems, **asked)
    assert one.variants == {"Ada Two": "2"}
    assert one.markings["Ada Two"].count("missing") == 1
    assert one.markings["Ada Two"].count("right") == len(boxes[1]) - 1


def test_responses_of_another_question_are_a_line(quiz, tmp_path):
    made, boxes = quiz
    rows = [("One", responded(boxes[0][:3])), ("Two", responded(boxes[0])), ("Three", "-")]
    table = exported(rows, "Response 1")
    problem, asked = made.variants[0].problem, {"quantities": made.variants[0].quantities}
    one = marked(handed_in(tmp_path, {"quiz.csv": table}), problem=problem, **asked)
    assert [*one.markings] == ["Ada Two"]
    assert "the response has 3 parts, but the question" in one.notes[0] + one.notes[1]
    assert "'Ada Three' has no response with parts" in one.notes[0] + one.notes[1]
