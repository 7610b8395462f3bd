"""What a class handed in: the files, answers in them, and lines on what could not be read.

Files are those that are named, and whatever lies in the folders that are named. A folder comes from
whoever filled it. Links in it are not followed, so that nothing outside of it is read; its depth
and the number of its files are limited.

Whose a hand-in is, and of which variant: guessed from columns, keys, titles and file names.

Columns have the names that forms, spreadsheets and Moodle give them, in the languages in which it
is used most.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from symcnn import limits
from symcnn.classroom.marking.answers import Answers
from symcnn.errors import SymcnnError, one_line
from symcnn.limits import handins

Figures = Mapping[str, Any]
"""Figures by the names of quantities, as ``mark`` takes them."""


@dataclass(frozen=True)
class HandIn:
    """The answers of one student, from one file or one row of a table.

    Attributes:
        place: Where they stand, for what is said of them.
        student: The student's name, as it was found; empty if there is none.
        variant: The number of the student's variant; empty if it is not said.
        figures: The figures, or what yields them once the student's problem is known.
    """

    place: str
    student: str
    variant: str
    figures: Callable[[str, Notes], Figures]


class Handed(NamedTuple):
    """What a student handed in, read with the problem of the student's variant.

    Attributes:
        student: A name that no other student of the class has.
        variant: The name of the variant; empty where there is one problem.
        answers: The figures.
    """

    student: str
    variant: str
    answers: Answers


@dataclass
class Notes:
    """Lines for the summary: what could not be read, and what was done instead."""

    lines: list[str] = field(default_factory=list)
    further: int = 0

    def say(self, place: str, said: str | SymcnnError) -> None:
        """Add a line, or those of an error, as long as somebody reads them."""
        error = said if isinstance(said, SymcnnError) else SymcnnError(said)
        located = error.at(place) if place else error
        self.further += located.further
        for mistake in located.mistakes:
            if len(self.lines) < handins.NOTES:
                self.lines.append(one_line(str(mistake)))
            else:
                self.further += 1

    @contextmanager
    def said(self, place: str) -> Iterator[None]:
        """Let nothing that is wrong in one place end the marking of the class."""
        try:
            yield
        except SymcnnError as error:
            self.say(place, error)
        except Exception as error:  # whatever somebody hands in, the others are marked
            what = f"{type(error).__name__}: {error}"
            self.say(place, f"an error in symcnn itself ({what[:60]}): mark it by hand")

    def listed(self) -> tuple[str, ...]:
        """Return all lines, and how many more there are."""
        more = [f"and {self.further:,} more lines of this kind"] if self.further else []
        return (*self.lines, *more)


TABLES = (".csv",)
"""How the names of tables end that have one row a student."""

PACKED = (".xlsx", ".pdf")
"""How the names of files end that may hold pictures besides answers, and are larger for it."""

_BESIDE = (".svg",)
"""The pictures of a sheet, which are nothing to read."""


_SCANNED = 20
"""So many times as many names are put in order as files are opened."""


@dataclass(frozen=True)
class Found:
    """A file of the class.

    Attributes:
        path: The file.
        place: What it is called in the summary.
        inside: The names of the folders between it and the folder that was named.
    """

    path: Path
    place: str
    inside: tuple[str, ...] = ()


def collected(paths: Iterable[Path], notes: Notes) -> list[Found]:
    """Return the files, each once, in the order of their names."""
    walk, found = _Walk(notes), dict[str, Found]()
    for path in paths:
        with notes.said(str(path)):
            for one in walk.files(path):
                found.setdefault(os.path.realpath(one.path), one)
    if walk.is_full:
        notes.say("", f"of more than {handins.FILES:,} files the others were not opened")
    return [*found.values()]


def check_size(found: Found) -> None:
    """Refuse a file that is larger than a hand-in, before it is read.

    Raises:
        SymcnnError: If it is.
    """
    ending = found.path.suffix.lower()
    most = handins.PACKED_BYTES if ending in (*TABLES, *PACKED) else handins.BYTES
    try:
        size = found.path.stat().st_size
    except (OSError, ValueError):
        return  # whoever opens it says what is wrong
    if size > most:
        raise SymcnnError(
            f"the file has {size:,} bytes, but a hand-in may have {most:,}: keep only the answers"
        )


class _Walk:
    """Walks through folders, as long as there are not too many files."""

    def __init__(self, notes: Notes) -> None:
        self._notes, self._left = notes, handins.FILES
        self.is_full = False

    def files(self, path: Path) -> Iterator[Found]:
        """Run over a file, or the files in a folder."""
        if path.is_dir():
            yield from self._inside(path, ())
        elif self._counts():
            yield Found(path, path.name)

    def _inside(self, folder: Path, inside: tuple[str, ...]) -> Iterator[Found]:
        place = "/".join(inside)
        if len(inside) > handins.DEPTH:
            self._notes.say(place, "folders are nested too deeply: put the files further up")
            return
        for entry in self._entries(folder, place):
            here = "/".join((*inside, entry.name))
            if entry.name.startswith(".") or not self._counts():
                continue
            if _is_link(entry):
                self._notes.say(here, "this is a link, which is not followed: hand in the file")
            elif entry.is_dir(follow_symlinks=False):
                yield from self._inside(folder / entry.name, (*inside, entry.name))
            elif not entry.name.lower().endswith(_BESIDE):
                yield Found(folder / entry.name, here, inside)

    def _entries(self, folder: Path, place: str) -> list[os.DirEntry[str]]:
        """Return what is in a folder, in the order of names."""
        try:
            with os.scandir(folder) as entries:
                some = islice(entries, _SCANNED * handins.FILES)
                return sorted(some, key=lambda entry: (entry.name.casefold(), entry.name))
        except OSError as error:
            self._notes.say(place or str(folder), f"cannot be read: {error.strerror}: check it")
            return []

    def _counts(self) -> bool:
        """Tell whether one more file is taken."""
        self._left -= 1
        self.is_full = self._left < 0
        return not self.is_full


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry leads elsewhere; Windows has junctions, too."""
    is_junction: Callable[[], bool] = getattr(entry, "is_junction", lambda: False)
    return entry.is_symlink() or is_junction()


def _columns(text: str) -> tuple[str, ...]:
    """Return names of columns, the likeliest first; an underscore stands for a space."""
    return tuple(name.replace("_", " ") for name in text.split())


WHOLE = _columns(
    "student full_name vollständiger_name teilnehmer teilnehmerin teilnehmende studierende "
    "studierender nom_complet nombre_completo nome_completo volledige_naam étudiant estudiante "
    "studente alumno"
)
LAST = _columns(
    "last_name surname family_name nachname familienname nom nom_de_famille apellido apellido(s) "
    "apellidos cognome achternaam apelido sobrenome efternamn efternavn nazwisko příjmení"
)
FIRST = _columns(
    "first_name given_name forename vorname prénom nombre nome voornaam förnamn fornavn imię jméno"
)
MAIL = _columns(
    "email email_address e-mail e-mail_address e-mail-adresse mail adresse_de_courriel "
    "adresse_e-mail correo_electrónico dirección_de_correo indirizzo_email e-mailadres "
    "endereço_de_e-mail epostadress"
)
NUMBER = _columns(
    "id student_id id_number username matrikelnummer matriculation_number matrikel-nr. "
    "student_number anmeldename identifiant numéro_d'identification número_de_id"
)
VARIANT = _columns("variant variante version varianta wariant")
STATE = _columns("state status statut estado stato")

_SAID = re.compile(r"\b(?:variant|variante)\b\W{0,3}0*(\d{1,6})\b", re.IGNORECASE)
"""How a title or a text names its variant."""

_IN_FILE = re.compile(
    r"(?:^|[\s_.-])(?:sheet|variant|variante|key|question|blatt|v)[\s_.-]{0,3}0*(\d{1,6})"
    r"(?=$|[\s_.-])",
    re.IGNORECASE,
)
"""How the name of a file names its variant: sheet-07."""

_BARE = re.compile(r"0*(\d{1,6})")
"""The name of a file that is a number."""

_OF_MOODLE = re.compile(r"(?P<name>.+?)_\d+_assign\w*?_(?:file|onlinetext)_?(?P<rest>.*)")
"""How Moodle calls files and folders of an assignment: Ada Byron_1234_assignsubmission_file_."""

_GENERAL = re.compile(r"(?:answers?|sheet|student|antworten|abgabe|my|loesung|solution)?", re.I)
"""Names of files that are nobody's."""


def is_one_of(name: str, columns: Sequence[str]) -> bool:
    """Tell whether a column has one of some names.

    >>> is_one_of("Last name", LAST), is_one_of(" VORNAME ", FIRST)
    (True, True)
    """
    return " ".join(name.lower().split()) in columns


def person(text: str) -> str:
    r"""Return a name on one line, without signs that are not to be seen; a long one is shortened.

    >>> person("  Ada \u202e\n Byron")
    'Ada Byron'
    """
    start = text[: 4 * limits.NAME_LETTERS]
    plain = "".join(c if c.isprintable() else " " for c in start if c.isprintable() or c.isspace())
    name = " ".join(plain.split())
    return name if len(name) <= limits.NAME_LETTERS else f"{name[: limits.NAME_LETTERS - 4]} ..."


def variant_said(text: str) -> str:
    """Return the number of the variant that a title or a text names; nothing if it names none.

    >>> variant_said("CNN by hand, variant 07"), variant_said("CNN by hand")
    ('7', '')
    """
    found = _SAID.search(text)
    return found[1] if found else ""


def variant_of_file(stem: str) -> str:
    """Return the number of the variant that the name of a file names, without its ending.

    >>> variant_of_file("sheet-07"), variant_of_file("07"), variant_of_file("Ada_sheet-3")
    ('7', '7', '3')
    >>> variant_of_file("Ada")
    ''
    """
    found = _BARE.fullmatch(stem) or _IN_FILE.search(stem)
    return found[1] if found else ""


def student_of_file(stem: str, inside: Sequence[str], is_varied: bool) -> str:
    """Return whose a file is by its name, or by that of its folder if it is nobody's.

    Args:
        stem: The file's name, without its ending.
        inside: The folders that it lies in, of those below the one that was named.
        is_varied: Whether the number of a sheet is no name, since there are several variants.

    >>> student_of_file("Ada Byron", (), True), student_of_file("sheet-07", ("Ada",), True)
    ('Ada Byron', 'Ada')
    >>> student_of_file("sheet-07", ("Ada Byron_12_assignsubmission_file_",), True)
    'Ada Byron'
    >>> student_of_file("Ada_sheet-07", (), True), student_of_file("sheet-07", (), True)
    ('Ada', 'sheet-07')
    """
    if named := _OF_MOODLE.fullmatch(stem):
        return named["name"]
    own = _IN_FILE.sub(" ", stem).strip(" _.-")
    if is_varied and _BARE.fullmatch(own):
        own = ""
    if own and not _GENERAL.fullmatch(own):
        return own
    for folder in reversed(inside):
        named = _OF_MOODLE.fullmatch(folder)
        return named["name"] if named else folder
    return stem
