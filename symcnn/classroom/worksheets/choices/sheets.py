"""The variants of a worksheet as multiple choice: their sheets, their key, and their questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from symcnn.classroom.worksheets.choices import key
from symcnn.classroom.worksheets.choices.learning_platforms import moodle_quiz, qti_package
from symcnn.classroom.worksheets.choices.sheet import ChoiceSheet
from symcnn.classroom.worksheets.folder import CHOICES, Callback, Part, made_together, variant_file
from symcnn.classroom.worksheets.variant import WORKBOOK, Variant
from symcnn.document.pages.dialects import Math
from symcnn.document.pages.writers import Files
from symcnn.errors import SymcnnError
from symcnn.problems.write import problem_file


class ChoiceSheets:
    """The variants of a worksheet as multiple choice."""

    def __init__(self, title: str, variants: Sequence[Variant]) -> None:
        """Take the variants of a worksheet.

        Raises:
            SymcnnError: If they have what sheets of multiple choice have not.
        """
        front = variants[0].style.front
        if front.hints or front.cover or not front.formulas:
            raise SymcnnError(
                "sheets of multiple choice have no cover page, no hints, and no formulas but their "
                "options: leave --cover, --hints and --no-formulas out"
            )
        self.title = title
        self.sheets = tuple(map(ChoiceSheet, variants))

    def moodle(self) -> str:
        """Return all questions as one file for Moodle's import, in a category of their own."""
        return moodle_quiz(self.sheets, self.title)

    def qti(self) -> bytes:
        """Return a package of QTI 1.2, for Canvas, with a quiz for each variant."""
        return qti_package(self.sheets, self.title)

    def keys_csv(self) -> str:
        """Return the right letters and the mistakes behind the others as a table."""
        return key.written((sheet.variant.number, sheet.questions) for sheet in self.sheets)

    def files(
        self, formats: Sequence[str], callback: Callback | None = None, math: Math = "github"
    ) -> Files:
        """Return all files by their names: sheets and keys in some formats, and the rest.

        Args:
            formats: The formats, such as "pdf" and "html".
            callback: Called with the number of variants whose files are made, and that of all.
            math: The kind of Markdown: see ``Document.to_markdown``.

        Raises:
            SymcnnError: If there is no such format, or it is that of workbooks.
        """
        if WORKBOOK in formats:
            raise SymcnnError("a workbook has no multiple choice: choose another format than xlsx")
        parts = [partial(self._parts, sheet, formats, math) for sheet in self.sheets]
        made = made_together(parts, callback)
        whole: Files = {
            CHOICES: self.keys_csv(),
            "questions.xml": self.moodle(),
            "qti.zip": self.qti(),
        }
        return {**made, **whole}

    def _parts(
        self, sheet: ChoiceSheet, formats: Sequence[str], math: Math
    ) -> Iterator[tuple[str, Part]]:
        """Run over what makes the files of a variant, each with its format."""
        number = f"{sheet.variant.number:0{len(str(len(self.sheets)))}d}"
        yield "toml", lambda: {variant_file(number): problem_file(sheet.variant.problem)}
        for format in formats:
            yield format, partial(sheet.sheet.files, format, f"sheet-{number}", math)
            yield format, partial(sheet.key.files, format, f"key-{number}", math)

    def __repr__(self) -> str:
        """Say how many variants there are, and how many questions."""
        count = len(self.sheets[0].questions)
        return f"<ChoiceSheets {self.title!r}: {len(self.sheets)} variants of {count} questions>"
