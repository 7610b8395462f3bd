"""Whose a hand-in is, and of which variant: guessed from columns, keys, titles and file names.

Columns have the names that forms, spreadsheets and Moodle give them, in the languages in which it
is used most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from symcnn import limits


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
