"""Numbers in JavaScript: printed as documents print them, and read as people type them."""

import json
import subprocess
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from sympy import Float, Rational, cosh

import symcnn.classroom.interactive
from symcnn import limits
from symcnn.classroom.interactive.page import arithmetic
from symcnn.writing.formula import Atom, nodes
from symcnn.writing.printing.numerals import Numerals
from tests.draws import drawn
from tests.programs.backends.javascript.node import NODE, needs_node

SCRIPT = Path(symcnn.classroom.interactive.__file__).parent / "script"
PARTS = [arithmetic(), (SCRIPT / "numbers.js").read_text()]
DIGITS = (3, 6, 10)


def node(expression, given, tmp_path):
    """Return what an expression of the variable ``given`` is in Node."""
    file = tmp_path / "run.js"
    lines = [*PARTS, f"const given = {json.dumps(given)};"]
    lines.append(f"console.log(JSON.stringify({expression}));")
    file.write_text("\n".join(lines))
    return json.loads(subprocess.check_output([NODE, str(file)], text=True))


def as_text(made):
    below = f"/{made['below']}" if made["below"] else ""
    power = f"e{made['exponent']}" if made["exponent"] else ""
    sign = "=" if made["isExact"] else "~"
    return f"{sign}{'-' * made['isNegative']}{made['digits']}{below}{power}"


def in_python(value, digits):
    """Return the same of the numeral of a document, read from its tree."""
    made = Numerals(digits)(value)
    atoms = [node.text for node in nodes(made.formula) if isinstance(node, Atom)]
    text = "".join(atoms)
    found, _, power = text.partition(r"\times10")
    if any(type(node).__name__ == "Fraction" for node in nodes(made.formula)):
        *front, above, below = atoms
        found = f"{''.join(front)}{above}/{below}"
    return f"{'=' if made.exact else '~'}{found}{f'e{power}' if power else ''}"


def fractions():
    random = Random(7)
    for _ in range(60 * drawn(0.5)):
        size = 10 ** random.randint(0, 14)
        below = random.choice((1, 2, 3, 7, 8, 40, 97, 125, 10 ** random.randint(0, 12), size + 1))
        yield Fraction(random.randint(-size, size), below)
    yield from (Fraction(999_999_500, 1000), Fraction(9_999_995, 10**12), Fraction(1, 10**30))
    yield from (Fraction(12_345_650, 3 * 10**20), Fraction(-99_999_949_999, 10**4), Fraction(0))


@needs_node
@pytest.mark.parametrize("digits", DIGITS)
def test_fractions_are_printed_as_in_documents(digits, tmp_path):
    found = [*fractions()]
    manner = {
        "digits": digits,
        "decimal": ".",
        "exactDigits": limits.EXACT_DIGITS,
        "fractionParts": limits.FRACTION_PARTS,
    }
    print_ = f"given.map((text) => numeral($.number([text]), {json.dumps(manner)}))"
    given = [*map(str, found)]
    for made, fraction in zip(node(print_, given, tmp_path), found, strict=True):
        right = in_python(Rational(fraction.numerator, fraction.denominator), digits)
        assert as_text(made) == right, fraction


@needs_node
@pytest.mark.parametrize("digits", DIGITS)
def test_floats_are_rounded_to_significant_digits(digits, tmp_path):
    random = Random(11)
    found = [random.uniform(-1, 1) * 10 ** random.uniform(-30, 30) for _ in range(300)]
    manner = {"digits": digits, "decimal": ".", "exactDigits": 10, "fractionParts": 99}
    print_ = f"given.map((x) => numeral($.approximate(x), {json.dumps(manner)}))"
    for made, x in zip(node(print_, found, tmp_path), found, strict=True):
        assert as_text(made) == in_python(Float(x, 60), digits)


READ = {
    "0.25": (1, 4),
    " -3 ": (-3, 1),
    "1/3": (1, 3),
    "0,125": (1, 8),
    "\u22122.50": (-5, 2),
    "1e-3": (1, 1000),
    "2E2": (200, 1),
    ".5": (1, 2),
    "7.": (7, 1),
    "1/0": None,
    "": None,
    "-": None,
    "0x10": None,
    "1,000.5": None,
    "__proto__": None,
    "1e999": None,
    "Infinity": None,
}


@needs_node
def test_numbers_are_read_as_people_type_them(tmp_path):
    read = "given.map((t) => { const f = readNumber(t); return f && [`${f.n}`, `${f.d}`]; })"
    for text, made in zip(READ, node(read, [*READ], tmp_path), strict=True):
        right = READ[text]
        found = None if made is None else Fraction(int(made[0]), int(made[1]))
        assert found == (None if right is None else Fraction(*right)), text


@needs_node
def test_a_step_is_one_of_the_last_digit(tmp_path):
    given = [["0.3", 1], ["0.3", -3], ["0.25", 2], ["-0.01", 1], ["2", -1], ["1/4", 1]]
    made = node("given.map(([text, steps]) => stepped(text, steps))", given, tmp_path)
    assert made == ["0.4", "0.0", "0.27", "0.00", "1.9", "0.26"]


@needs_node
def test_digits_that_rounding_errors_leave_uncertain_are_not_printed(tmp_path):
    manner = {"digits": 6, "decimal": ".", "exactDigits": 10, "fractionParts": 99}
    print_ = f"given.map(([x, e]) => numeral($.approximate(x, e), {json.dumps(manner)}))"
    given = [[1.23456789, 0], [1.23456789, 9e-4], [5.5e-17, 1e-16], [-2e-9, 4e-11], [123456.7, 60]]
    made = [as_text(one) for one in node(print_, given, tmp_path)]
    assert made == ["~1.23457", "~1.235", "~0", "~-2.0e-9", "~1.235e5"]


@needs_node
def test_what_cancels_is_bounded_by_its_error(tmp_path):
    made = node(
        "given.map((x) => { const a = $.functions.tanh($.approximate(x));"
        " const d = $.operations['+']($.ONE, $.negative($.power(a, 2))); return [d.x, d.e]; })",
        [0.5, 5.0, 18.0, 40.0],
        tmp_path,
    )
    for (x, error), z in zip(made, [0.5, 5.0, 18.0, 40.0], strict=True):
        right = float(1 / cosh(Float(z, 40)) ** 2)
        assert abs(x - right) <= error <= 1e-14


GIVENS = [("x", "free", ["1", "0.4"]), ("k", "fixed", ["2"]), ("t", "sum", ["0.25", "0.75"])]
DATA = {
    "givens": [
        {"name": name, "kind": kind, "entries": [{"text": text} for text in texts]}
        for name, kind, texts in GIVENS
    ]
}
LETTERS = ["%", "%2", "%20", "%E0%A4", "%ff", "=", "&", "#", "+", "-", "e", ".", ",", "/", " "]
LETTERS += ["0", "1", "2", "9", "-1", "4=", "0=", "&3=0.5&4=0.5", "1/3", "\u2212", "\ud83d", "\0"]


@needs_node
def test_whatever_stands_in_the_address_is_a_number_or_is_left_out(tmp_path):
    random = Random(11)
    drawn_fragments = [
        "".join(random.choices(LETTERS, k=random.randint(1, 12))) for _ in range(300 * drawn(1))
    ]
    said = ["0=%31.5", "1=-1/3", "2=3", "3=0.5&4=0.5", "3=0.5", "0=1&0=2", "5=1", "0=%&1=7"]
    take = f"""given.map((fragment) => {{
      const numbers = new Numbers({json.dumps(DATA)}), taken = numbers.take(fragment);
      return [taken, numbers.texts, numbers.texts.map((text) => numberOf(text).x)];
    }})"""
    made = node(take, [*said, *drawn_fragments], tmp_path)
    original = ["1", "0.4", "2", "0.25", "0.75"]
    assert [row[:2] for row in made[: len(said)]] == [
        [True, ["1.5", *original[1:]]],
        [True, ["1", "-1/3", *original[2:]]],
        [False, original],
        [True, [*original[:3], "0.5", "0.5"]],
        [False, original],
        [True, ["2", *original[1:]]],
        [False, original],
        [False, ["1", "7", *original[2:]]],
    ]
    for _, texts, values in made:
        assert None not in values
        assert texts[2] == "2"
        assert values[3] + values[4] == pytest.approx(1)
