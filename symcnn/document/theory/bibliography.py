"""Works that define layers, as entries of BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

OWN = "symcnn"
"""The key of symcnn itself."""

_YEAR = re.compile(r",?\s*(\d{4})\.$")


def keys(works: Iterable[str]) -> dict[str, str]:
    """Return the key of each work: the first author's name and the year, dumoulin2016."""
    found, taken = dict[str, str](), {OWN}
    for work in works:
        stem = _stem(work)
        others = (f"{stem}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
        key = next(key for key in (stem, *others) if key not in taken)
        found[work] = key
        taken.add(key)
    return found


def bibliography(works: Iterable[str], version: str) -> str:
    """Return the entries of works, and that of symcnn in its version."""
    entries = (_entry(key, work) for work, key in keys(works).items())
    return "\n\n".join([*entries, _own(version)]) + "\n"


def _stem(work: str) -> str:
    first = _authors(work)[0].split()[-1]
    return re.sub(r"[^a-z]", "", first.lower()) + _year(work)


def _parts(work: str) -> tuple[str, str, str]:
    """Return the authors, the title, and where it was published."""
    authors, _, rest = work.partition(": ")
    title, _, place = rest.partition(". ")
    return authors, title, _YEAR.sub("", place)


def _authors(work: str) -> list[str]:
    return re.split(r", | and ", _parts(work)[0].replace(" et al.", " and others"))


def _year(work: str) -> str:
    found = _YEAR.search(work)
    return found[1] if found else ""


def _entry(key: str, work: str) -> str:
    _, title, place = _parts(work)
    return _printed(
        key,
        author=" and ".join(_authors(work)),
        title=f"{{{title}}}",
        howpublished=place,
        year=_year(work),
    )


def _own(version: str) -> str:
    return _printed(
        OWN,
        author="{The symcnn developers}",
        title="{symcnn: the gradients of a convolutional network, on paper and in numbers}",
        note=f"Version {version}",
    )


def _printed(key: str, **fields: str) -> str:
    return f"@misc{{{key},\n{''.join(_fields(fields))}}}"


def _fields(fields: dict[str, str]) -> Iterator[str]:
    return (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
