"""Figures named as documents name them: beside each name stands its entry, counted by hand.

In the CNN by hand z is conv1 of 2 rows and 3 filters, z^(2) is dense1, and w_23 is the third
filter's second weight, at (1, 0, 0, 2): kernels are (height, width, channels, filters).
"""

import re
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.classroom.marking.formats.csv import students
from symcnn.classroom.marking.intervals.written import read
from symcnn.classroom.marking.letters import Names

W, W2 = "conv1.weight", "dense1.weight"
NAMES = {
    ("conv1", (0, 0, 0)): [
        "z_11",
        "z11",
        "z₁₁",
        "z_{11}",
        "z_{1,1}",
        "conv1[0,0,0]",
        "conv1[0, 0, 0]",
    ],
    ("conv1", (1, 0, 2)): ["z_23", "z23", " z₂₃ ", "$z_{23}$"],
    ("conv1", None): ["conv1", "z"],
    ("dense1", (0,)): ["z^(2)", "z2", "z⁽²⁾", "z^{(2)}", "z^2", "z(2)", "dense1[0]"],
    ("sigmoid1", (0,)): ["a"],
    ("loss", (0,)): ["L"],
    ("loss", None): ["loss"],
    ("gradient of conv1", (0, 0, 0)): [
        *(
            "delta_11",
            "δ_11",
            "δ₁₁",
            "delta^z_11",
            "δᶻ₁₁",
            "δ^z_11",
            "dz11",
            "deltaz11",
            "delta_z11",
        ),
        *(r"\delta^{z}_{11}", "dL/dz_11", "∂L/∂z₁₁", r"\frac{\partial L}{\partial z_{11}}"),
        "gradient of z_11",
    ],
    ("gradient of pool1", (0, 0, 1)): ["delta_2", "delta^p_2", "dL/dp2", "dp2"],
    ("gradient of dense1", (0,)): ["dL/dz2", "delta^z(2)", "δᶻ⁽²⁾", "dL/dz^(2)", "dz2"],
    (f"gradient of {W}", (1, 0, 0, 2)): [
        *("dL/dw_23", "∂L/∂w_23", "∂L/∂w₂₃", "dL / dw_{23}", "dL/d(w_23)"),
        *(r"\frac{\partial L}{\partial w_{23}}", r"\partial L/\partial w_{23}", "dloss/dw_23"),
    ],
    (f"gradient of {W2}", (0, 0)): [
        *("dL/dw^(2)_1", "dL/dw2_1", "dL/dw₁⁽²⁾", "∂L/∂w⁽²⁾₁", "dL/dw_1^(2)", "dL/dw(2)1"),
        r"\frac{\partial L}{\partial w^{(2)}_{1}}",
    ],
    (f"updated {W}", (0, 0, 0, 0)): ["updated w_11", "new w11", "w_11'", "w_11^new", "w_11_new"],
    (f"updated {W2}", (0, 2)): [
        "updated w^(2)_3",
        "updated w2_3",
        "new w₃⁽²⁾",
        f"updated {W2}[0,2]",
    ],
    (W2, (0, 1)): ["w^(2)_2", "w2_2", "w₂⁽²⁾", "w(2)2"],
}


def test_names_are_found_however_they_are_typed():
    names = Names(sc.examples.cnn_by_hand())
    for (quantity, position), typed in NAMES.items():
        for name in typed:
            assert names.find(name) == (quantity, position), name


REFUSED = {
    "w21": "'w21' can mean w_21 or w^(2)_1: type one of them",
    "dL/dw21": "'dL/dw21' can mean w_21 or w^(2)_1: type one of them",
    "δ": r"'δ' can mean delta\^z\(2\) or delta.a: type one of them",
    "z_44": "there is no quantity 'z_44': .* or a letter, such as z_11, dL/dw_23 or updated w_11$",
    "Z_11": "there is no quantity 'Z_11'",
    "dE/dw_11": "there is no quantity",
    "dL/dq_11": "there is no quantity",
    "conv1[2,0,0]": r"there is no conv1\[2,0,0\]: the last entry is conv1\[1,0,2\]",
    "conv9[0]": "there is no quantity 'conv9'",
    "delta^(2)": "there is no quantity",
    "updated z_11": "there is no quantity 'conv1': choose from conv1.weight",
    "z_" + "1" * 10**6: "there is no quantity",
    "{" * 10**6: "there is no quantity",
    "\\frac{" * 30: "there is no quantity",
}


def test_what_can_mean_several_entries_or_none_is_refused():
    names = Names(sc.examples.cnn_by_hand())
    for name, said in REFUSED.items():
        with pytest.raises(sc.SymcnnError, match=said.replace("w^(2)_1", r"w.\(2\)_1")) as caught:
            names.find(name)
        assert "\n" not in str(caught.value)


def test_answers_can_be_named_entry_by_entry(tmp_path):
    """The right figures of the derivation: z_11 = 0.24, dL/dw_13 = 0.0061, L = 0.0304."""
    file = tmp_path / "answers.toml"
    file.write_text(
        'title = "CNN by hand"\nstudent = "Ada"\nvariant = 3\n'
        '"z_11" = "0.240"\n"conv1[1,0,2]" = "0.100"\n"z₂₁" = "15.0 %"\n'
        'z2 = "0.214"\n"δ_11" = "much"\nL = "3.05·10⁻²"\n',
        encoding="utf-8",
    )
    given = sc.examples.cnn_by_hand()
    found = {(f.quantity, f.position): f for f in sc.mark(given, file).figures}
    told = {at: f.verdict for at, f in found.items() if f.verdict != "missing"}
    assert told == {
        ("conv1", (0, 0, 0)): "right",
        ("conv1", (1, 0, 0)): "right",
        ("conv1", (1, 0, 2)): "right",
        ("dense1", (0,)): "right",
        ("loss", (0,)): "right",
        ("gradient of conv1", (0, 0, 0)): "unread",
    }


TWICE = [
    {"z_11": "0.24", "conv1[0,0,0]": "0.24"},
    {"z_11": "0.24", "z11": "0.24"},
    {"conv1": ["0.24"] * 6, "z_11": "0.24"},
    {"conv1": ["?"] * 6, "z": ["?"] * 6},
    {"loss": "0.03", "L": "0.03"},
]


def test_what_is_given_twice_is_refused():
    for answers in TWICE:
        with pytest.raises(sc.SymcnnError, match="is given twice: remove one"):
            sc.mark(sc.examples.cnn_by_hand(), answers)


def test_entries_fill_the_places_that_a_list_leaves_open():
    answers = {"conv1": ["?", "0.260", *["?"] * 4], "z_11": 0.24, "z_13": None}
    marking = sc.mark(sc.examples.cnn_by_hand(), answers)
    read = [f.answer.text if f.answer else "?" for f in marking.figures if f.quantity == "conv1"]
    assert read == ["0.24", "0.260", "?", "?", "?", "?"]


def test_one_entry_is_one_number():
    for value in ([0.24], {"a": 1}, [[1]]):
        with pytest.raises(sc.SymcnnError, match=r"^z_11 is .*: give one number"):
            sc.mark(sc.examples.cnn_by_hand(), {"z_11": value})
    with pytest.raises(sc.SymcnnError, match=r"^conv1.weight is given in the problem"):
        sc.mark(sc.examples.cnn_by_hand(), {"w_11": "0.2"})


def test_columns_are_named_alike(tmp_path):
    file = tmp_path / "class.csv"
    file.write_text("student;z_11;∂L/∂w₁₃;w^(2)_2';L\nAda;24%;?;½;3,05e-2\n", encoding="utf-8")
    (ada,) = students(file, sc.examples.cnn_by_hand())
    assert ada.answers == {
        "conv1": ["24%", *["?"] * 5],
        f"gradient of {W}": ["?"] * 6,
        f"updated {W2}": ["?", "½", "?"],
        "loss": ["3,05e-2"],
    }


PAGE = Path(__file__).parents[3] / "docs" / "answers.md"


def rows(title):
    """Return the rows of the table below a title: the codes of the first cell, and the second."""
    below = PAGE.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    cells = [line.strip("|").split(" | ") for line in below.splitlines() if line.startswith("| `")]
    return [(re.findall("`([^`]+)`", first), second.strip()) for first, second in cells]


def test_the_page_says_what_can_be_written():
    """Every number of the table is what stands behind it."""
    exact = {r"2/3": "2/3", "-1/2": "-1/2", r"\frac{2}{3}": "2/3", "½": "1/2", "1½": "3/2"}
    for texts, meant in rows("Numbers"):
        numbers = [exact.get(text) for text in texts] if "fraction" in meant else meant.split(", ")
        for text, number in zip(texts, cycle(numbers), strict=False):
            found = read(text)
            assert (found and found.value) == (None if "out" in meant else Fraction(number)), text


def test_the_page_says_how_figures_are_named():
    names = Names(sc.examples.cnn_by_hand())
    found = [{names.find(name) for name in typed} for typed, _ in rows("Names")]
    assert [len(same) for same in found] == [1, 1, 1, 1, 2, 1, 1, 1, 1, 1]
    assert found[1] == found[2]
    assert found[7] == found[8]
