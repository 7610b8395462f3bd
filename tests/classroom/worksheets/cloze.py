"""Questions with embedded answers, read and marked as Moodle states that it does.

Written from the page "Embedded Answers (Cloze) question type" of Moodle's documentation, letter by
letter, and from what its importer refuses; symcnn's writer is not used.

    {1:NUMERICAL:=23.8:0.1#Right.~%50%23.8:2#Near.}

A box has a weight, a type and answers between tildes, each with a share of the points, a text and
after # what is said to who gives it. A backslash takes its meaning from the sign behind it. Of a
number the text is what is right and how far others may be from it; the first answer that fits
counts. What is no box is text.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

NUMERICAL = ("NUMERICAL", "NM")
OTHERS = {
    *("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"),
    *("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"),
    *("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"),
    *("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"),
    *("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"),
}
SLACK = Decimal("1e-14")
"""A response is compared in floats: so much is added to every tolerance."""


@dataclass(frozen=True)
class Answer:
    """The share of the points, from 0 to 1, and the text."""

    share: Decimal
    text: str

    @property
    def number(self):
        return Decimal(self.text.partition(":")[0].replace(",", "."))

    @property
    def tolerance(self):
        return Decimal(self.text.partition(":")[2].replace(",", ".") or 0)

    def fits(self, response):
        room = self.tolerance + SLACK * max(1, abs(self.number))
        return abs(Decimal(response) - self.number) <= room


@dataclass(frozen=True)
class Box:
    """One box."""

    weight: int
    type: str
    answers: tuple

    def share(self, response):
        """Return the share of its points that a number earns."""
        return next((a.share for a in self.answers if a.fits(response)), Decimal(0))


class Question:
    """The text of a question, and its boxes."""

    def __init__(self, source):
        self.boxes, text, at = [], [], 0
        while at < len(source):
            found = _box(source, at) if source[at] == "{" else None
            if found is None:
                text.append(source[at])
                at += 1
            else:
                box, at = found
                self.boxes.append(box)
        self.text = "".join(text)
        assert self.boxes, "a question without boxes is refused"

    @property
    def grade(self):
        """The points of the question: its boxes' weights, added up."""
        return sum(box.weight for box in self.boxes)

    def marked(self, responses):
        """Return the share of its points that some responses earn, a box after the other."""
        pairs = zip(self.boxes, responses, strict=True)
        return sum(box.weight * box.share(r) for box, r in pairs) / self.grade


def questions(text):
    """Return the questions of a file of Moodle's XML, each with its name."""
    found = []
    for question in ElementTree.fromstring(text):
        if question.get("type") == "cloze":
            name = question.findtext("name/text")
            assert name.strip(), "a question has a name"
            found.append((name, Question(question.findtext("questiontext/text"))))
    return found


def _box(source, at):
    """Return the box that begins at a brace, and the place behind it; None if none does."""
    end = at + 1
    while source[end : end + 1].isdigit():
        end += 1
    weight, rest = source[at + 1 : end], source[end:]
    kind = rest[1:].partition(":")[0]
    if rest[:1] != ":" or kind not in {*NUMERICAL, *OTHERS}:
        return None
    answers, start = [], end + len(kind) + 2
    while True:
        answer, stop, sign = _answer(source, start)
        if sign == "":
            return None
        answers.append(answer)
        start = stop + 1
        if sign == "}":
            break
    box = Box(int(weight or 1), kind, tuple(answers))
    _check(box)
    return box, start


def _answer(source, start):
    """Return an answer, where it ends, and the sign that ends it."""
    stop, sign = _until(source, start, "~#}")
    text = source[start:stop]
    if sign == "#":
        stop, sign = _until(source, stop + 1, "~}")
    share = Decimal(0)
    if text.startswith("="):
        share, text = Decimal(1), text[1:]
    elif text.startswith("%") and text.count("%") >= 2:
        _, percent, text = text.split("%", 2)
        share = Decimal(percent.replace(",", ".")) / 100
    return Answer(share, text), stop, sign


def _until(source, start, signs):
    at = start
    while at < len(source) and source[at] not in signs:
        at += 2 if source[at] == "\\" else 1
    return at, source[at : at + 1]


def _check(box):
    """Refuse what Moodle's importer refuses."""
    assert all(answer.text for answer in box.answers), "an answer has a text"
    assert max(answer.share for answer in box.answers) == 1, "one answer earns all points"
    for answer in box.answers if box.type in NUMERICAL else ():
        assert answer.text.count(":") <= 1
        try:
            assert answer.number.is_finite()
            assert answer.tolerance >= 0
        except InvalidOperation:
            raise AssertionError(f"{answer.text} is no number") from None
