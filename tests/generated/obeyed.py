"""Whether anything that a problem file says is a command where it is printed.

The document, the pages and the modules that are made of a file have the commands, tags and
names of those that are made of the same file with plain words, and no others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import symcnn as sc
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from tests.document.hostile import PLAIN, called, check_document
from tests.generated import mutations

Content = dict[str, Any]


def faults(problem: sc.Problem, file: Path) -> Iterator[str]:
    """Compare what is made of a file with what is made of the same one with plain words."""
    content = tomllib.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    if (plain := calm(content)) == content:
        return
    try:
        document = sc.explain(problem)
    except sc.SymcnnError:
        return  # as derive says
    calmed = file.with_name("plain.toml")
    calmed.write_bytes(mutations.toml_file(plain))
    try:
        usual = sc.load(calmed)
        check_document(document, sc.explain(usual))
        for ours, known in zip(modules(problem), modules(usual), strict=True):
            assert not (extra := {*called(ours)} - {*called(known)}), extra
    except (AssertionError, sc.SymcnnError) as error:
        yield str(error)


def modules(problem: sc.Problem) -> Iterator[str]:
    """Write the problem as modules."""
    given = problem.derivation, problem.values, problem.title
    yield from (exported(*given, language) for language in ("numpy", "jax"))
    with suppress(sc.TooLargeError):
        yield sympy_module(*given)


def calm(content: Content) -> Content:
    """Return the same file with plain words, where it says others."""
    names = {
        layer["name"]: f"plain{position}"
        for position, layer in enumerate(content["layers"])
        if "name" in layer and unusual(layer["name"])
    }
    return {key: _calm(key, value, names) for key, value in content.items()}


def _calm(key: str, value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_called(k, names): _calm(k, part, names) for k, part in value.items()}
    if isinstance(value, list):
        return [_calm(key, part, names) for part in value]
    if key in ("name", "inputs", "weight_from", "weight_axes", "quantity"):
        return _called(value, names)
    return PLAIN if key in ("title", "source", "remark") and unusual(value) else value


def _called(text: str, names: dict[str, str]) -> str:
    for name, plain in names.items():
        text = text.replace(name, plain)
    return text


def unusual(text: str) -> bool:
    return not re.fullmatch(r"[\w ,.()-]*", text, re.ASCII)
