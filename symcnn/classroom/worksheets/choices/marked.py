"""Letters that were chosen, marked: a point for a right one, and the mistake behind a wrong one.

choices = "BAC?D"                      # in TOML or JSON, "?" for a question that was left out

student;variant;1;2;3                  # in CSV, a row for each student
Ada;2;B;A;C
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from symcnn.classroom.marking.formats import of_json, of_toml
from symcnn.classroom.marking.formats.csv import STUDENT, VARIANT, rows_of
from symcnn.classroom.marking.mistakes import CATALOGUE
from symcnn.classroom.marking.pages.words import capital
from symcnn.classroom.worksheets.choices.question import LETTERS, Keyed
from symcnn.document.blocks import Block, Paragraph, Table, Text, heading, paragraph
from symcnn.document.document import Document
from symcnn.document.words.words import counted, with_formulas
from symcnn.errors import SymcnnError, located, shown
from symcnn.limits.files import text_of

CHOSEN = "choices"
"""The key of a file of answers under which the letters stand."""

_READERS = {".toml": of_toml, ".json": of_json}
_TABLE = ".csv"
_MISSING = ("", "?", "-")


@dataclass(frozen=True)
class Chosen:
    """One question, and the letter that was chosen."""

    number: int
    of: Keyed
    letter: str

    @property
    def verdict(self) -> Literal["right", "wrong", "missing"]:
        """Whether the letter is right."""
        if not self.letter:
            return "missing"
        return "right" if self.letter == self.of.right else "wrong"

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The names of the mistakes that the letter stands for."""
        return tuple(filter(None, self.of.mistakes.get(self.letter, "").split(" + ")))

    def data(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {
            "question": self.number,
            "quantity": self.of.quantity,
            "kind": self.of.kind,
            "answer": self.letter or None,
            "expected": self.of.right,
            "verdict": self.verdict,
            "mistakes": [*self.mistakes],
        }


@dataclass(frozen=True)
class Paper:
    """The letters of one student."""

    student: str
    variant: str
    chosen: tuple[Chosen, ...]

    @property
    def score(self) -> int:
        """The points."""
        return sum(one.verdict == "right" for one in self.chosen)

    @property
    def mistakes(self) -> Counter[str]:
        """How often each mistake was made."""
        return Counter(name for one in self.chosen for name in one.mistakes)

    def data(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        counts = self.mistakes.most_common()
        return {
            "student": self.student,
            "variant": self.variant,
            "score": self.score,
            "of": len(self.chosen),
            "questions": [one.data() for one in self.chosen],
            "mistakes": [
                {"mistake": name, "questions": n, "explanation": explanation(name)}
                for name, n in counts
            ],
        }


def explanation(name: str) -> str:
    """Return what a mistake of the catalogue is; "" for one that it no longer has."""
    return next((m.explanation for m in CATALOGUE if m.name == name), "")


def papers(
    files: Iterable[Path], keys: Mapping[str, Sequence[Keyed]], variant: str = ""
) -> list[Paper]:
    """Return the letters in some files, marked.

    Args:
        files: Files in TOML or JSON, one a student, or in CSV, a row for each; or their folders.
        keys: The questions of each variant.
        variant: The variant that all students have; by default each says which.

    Raises:
        SymcnnError: If a file cannot be read, or a letter is none of its question's.
    """
    found = list[Paper]()
    for file in chain.from_iterable(map(_in_folder, files)):
        with located(file):
            found += _of_file(file, keys, variant)
    names = Counter(paper.student for paper in found)
    for name, count in names.items():
        if count > 1:
            raise SymcnnError(f"{shown(name)} has handed in twice: leave one of the two out")
    return found


def _in_folder(path: Path) -> Sequence[Path]:
    """Return the files of letters in a folder, or the one file that is named."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix.lower() in (*_READERS, _TABLE))


def _of_file(file: Path, keys: Mapping[str, Sequence[Keyed]], variant: str) -> list[Paper]:
    if file.suffix.lower() == _TABLE:
        return _of_table(text_of(file), keys, variant)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise SymcnnError("letters are read from .toml, .json and .csv: write choices = 'BAC'")
    given = reader(file)
    student, own = (str(given.get(name, "")) for name in (STUDENT, VARIANT))
    letters = given.get(CHOSEN)
    if letters is None:
        raise SymcnnError(f'the file has no {CHOSEN}: write choices = "BAC", a letter a question')
    return [_paper(student or file.stem, own or variant, letters, keys)]


def _of_table(text: str, keys: Mapping[str, Sequence[Keyed]], variant: str) -> list[Paper]:
    header, rows = rows_of(text)
    columns = [name.strip().lower() for name in header or [""]]
    most = max(map(len, keys.values()))
    for name in columns:
        if name not in (STUDENT, VARIANT) and not (name.isdecimal() and 0 < int(name) <= most):
            raise SymcnnError(
                f"{shown(name)} is no column: name them student, variant, 1, 2, and so on"
            )
    found = list[Paper]()
    for line, cells in rows:
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
        with located(f"line {line}"):
            own = row.get(VARIANT, "") or variant
            count = len(_key(own, keys))
            letters = [row.get(str(n), "") for n in range(1, count + 1)]
            found.append(_paper(row.get(STUDENT, "") or f"line {line}", own, letters, keys))
    return found


def _paper(student: str, variant: str, letters: Any, keys: Mapping[str, Sequence[Keyed]]) -> Paper:
    key = _key(variant, keys)
    if isinstance(letters, str):
        letters = [*letters.replace(" ", "")]
    if not isinstance(letters, list) or not all(isinstance(one, str) for one in letters):
        raise SymcnnError(
            f'choices is {shown(letters)}: write choices = "BAC", a letter a question'
        )
    if len(letters) != len(key):
        raise SymcnnError(
            f"there are {len(letters)} letters for {len(key)} questions: give one for each, and ? "
            "for one that was left out"
        )
    named = next(name for name, own in keys.items() if own is key)
    numbered = enumerate(zip(letters, key, strict=True), 1)
    return Paper(student, named, tuple(Chosen(n, of, _letter(x, of, n)) for n, (x, of) in numbered))


def _key(variant: str, keys: Mapping[str, Sequence[Keyed]]) -> Sequence[Keyed]:
    if not variant and len(keys) == 1:
        return next(iter(keys.values()))
    if variant not in keys:
        said = f"{shown(variant)} is no variant" if variant else "no variant is named"
        raise SymcnnError(f"{said}: give one of {', '.join(keys)}")
    return keys[variant]


def _letter(given: str, of: Keyed, number: int) -> str:
    letter = given.strip().upper()
    if letter in _MISSING:
        return ""
    known = [x for x in LETTERS if x == of.right or of.mistakes.get(x)]
    if letter not in known:
        raise SymcnnError(
            f"the answer to question {number} is {shown(given)}: give one of "
            f"{', '.join(known)}, or ?"
        )
    return letter


def of_student(paper: Paper) -> Document:
    """Return the report on one student."""
    header: tuple[Text, ...] = (("Question",), ("About",), ("Answer",), ("Right",), ("Mistake",))
    rows = tuple(map(_row, paper.chosen))
    blocks = [
        paragraph(f"{paper.score} of {counted(len(paper.chosen), 'point')}."),
        Table(header, rows, "rXccX"),
        *_explained(paper.mistakes),
    ]
    return Document(f"{paper.student}: multiple choice", tuple(blocks))


def of_class(papers: Sequence[Paper]) -> Document:
    """Return the report on a class: the points, the questions and the mistakes."""
    points = tuple(
        ((p.student,), (p.variant,), (f"{p.score}",), (f"{len(p.chosen)}",)) for p in papers
    )
    made = sum((paper.mistakes for paper in papers), Counter[str]())
    blocks = [
        heading(1, "Points"),
        Table((("Student",), ("Variant",), ("Points",), ("Of",)), points, "Xrrr"),
        heading(1, "Questions"),
        Table((("About",), ("Answers",), ("Right",)), tuple(_shares(papers)), "Xrr"),
        *_explained(made),
    ]
    return Document("Multiple choice: the class", tuple(blocks))


def _row(chosen: Chosen) -> tuple[Text, ...]:
    said = ", ".join(chosen.mistakes) or ("left out" if chosen.verdict == "missing" else "")
    about = f"{chosen.of.quantity}, {chosen.of.kind}"
    letters = chosen.letter or "?", chosen.of.right
    return ((f"{chosen.number}",), (about,), *((x,) for x in letters), (said,))


def _shares(papers: Sequence[Paper]) -> Iterator[tuple[Text, ...]]:
    """Run over what is asked for, with how many chose the right letter; variants count together."""
    every = [one for paper in papers for one in paper.chosen]
    kinds = dict.fromkeys((one.of.quantity, one.of.kind) for one in every)
    for quantity, kind in kinds:
        own = [o.verdict for o in every if (o.of.quantity, o.of.kind) == (quantity, kind)]
        yield (f"{quantity}, {kind}",), (f"{len(own)}",), (f"{own.count('right')}",)


def _explained(made: Counter[str]) -> Iterator[Block]:
    if made:
        yield heading(1, "Mistakes")
    for name, count in made.most_common():
        times = f"{count} time{'' if count == 1 else 's'}"
        yield Paragraph(with_formulas(f"{capital(name)} ({times}): {explanation(name)}"))
