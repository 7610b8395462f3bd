"""A class of three hundred in mixed formats, with twelve variants."""

import json
from fractions import Fraction

import symcnn as sc
from tests.classroom.handins.students import handed_in
from tests.draws import MANY

NET = sc.Network((3, 1), [sc.Conv1D(1, 2, bias=False)], sc.SumOfOutputs())
STUDENTS = 300


def problem(number):
    """Return a variant: y = (w1 x1 + w2 x2, w1 x2 + w2 x3) with w = (2, 1)."""
    x = [Fraction(number, 10), Fraction(1, 2), Fraction(number + 1, 10)]
    values = {"x": x, "conv1.weight": [2, 1]}
    return sc.Problem(NET, values, title=f"A class, variant {number}")


def answers(student):
    """Return a student's variant and figures; every third one adds 1 to the last of them."""
    number = student % 12 + 1
    first, second = 2 * number / 10 + 0.5, 1 + (number + 1) / 10
    return number, [f"{first:.1f}", f"{second + (student % 3 == 0):.1f}"]


def written(student):
    """Return what a student hands in, by the name of its file; of every fourth one nothing."""
    number, figures = answers(student)
    name = f"Student {student}"
    if student % 4 == 0:
        return {}
    if student % 4 == 1:
        text = f'student = "{name}"\nvariant = {number}\nconv1 = {json.dumps(figures)}\n'
        return {f"{student}.toml": text}
    if student % 4 == 2:
        return {f"{name}/sheet-{number:02d}.json": json.dumps({"conv1": figures})}
    return {f"{name}_sheet-{number}.json": json.dumps({"id": name, "conv1": figures})}


def table(students):
    """Return the hand-ins of some students as rows of a table."""
    rows = ((student, *answers(student)) for student in students)
    lines = (f"{number},Student {n},{one},{two}\n" for n, number, (one, two) in rows)
    return "".join(('Variant,Name,"conv1[0,0]","conv1[1,0]"\n', *lines))


def test_a_class_of_three_hundred_is_marked(tmp_path):
    many = STUDENTS * (10 if MANY else 1)
    files = {name: text for n in range(many) for name, text in written(n).items()}
    files["table.csv"] = table(range(0, many, 4))
    variants = {str(n): problem(n) for n in range(1, 13)}
    made = sc.mark_class(variants, [handed_in(tmp_path, files)], quantities=["conv1"])
    if many > 2_000:
        assert len(made.markings) == 2_000
        assert made.notes[0].endswith("2,000 students are marked: divide the class")
    else:
        assert made.notes == ()
        assert len(made.markings) == many
        wrong = {name for name, one in made.markings.items() if one.count("wrong")}
        assert wrong == {f"Student {n}" for n in range(0, many, 3)}
        assert made.mean == 2 - 1 / 3
