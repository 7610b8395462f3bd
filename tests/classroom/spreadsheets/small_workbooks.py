"""Workbooks written by hand, with what their cells hold: no library writes all of it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import symcnn as sc

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets: tuple[str, str]) -> str:
    lines = (
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'


def product() -> sc.Problem:
    """Return y = w x of three numbers, one of them given as 0.5: the cells x_1, w_11, y_1, ..."""
    network = sc.Network((2,), [sc.Dense(2, bias=False)], sc.SumOfOutputs())
    return sc.Problem(network, {"x": [0.5, 2], "dense1.weight": [1, 2, 3, 4]})


GIVEN = {"x_1": "0.5", "x_2": "2", "w_11": "1", "w_12": "2", "w_21": "3", "w_22": "4"}
ANSWERS = ("z_1", "z_2", "L")
SLOPES = ("delta_z_1", "delta_z_2", "delta_x_1", "delta_x_2")
SLOPES += tuple(f"dL_dw_{n}" for n in (11, 12, 21, 22))
NAMES = (*GIVEN, *ANSWERS, *SLOPES)
"""Every cell of that problem by its name, from row 1 of column B on."""


def number(value: str, style: int = 0) -> str:
    return f's="{style}"><v>{value}</v>'


def text(value: str) -> str:
    return f't="inlineStr"><is><t>{escape(value)}</t></is>'


def parts(cells: dict[str, str], formats: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the parts of a workbook whose named cells hold the given XML."""
    rows = (
        f'<row r="{row}"><c r="B{row}" {cells[name]}</c></row>'
        for row, name in enumerate(NAMES, start=1)
        if name in cells
    )
    names = (
        f"<definedName name={quoteattr(name)}>'My sheet'!$B${row}</definedName>"
        for row, name in enumerate(NAMES, start=1)
    )
    codes = "".join(
        f'<numFmt numFmtId="{165 + n}" formatCode={quoteattr(code)}/>'
        for n, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{165 + n}"/>' for n in range(len(formats)))
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet '
        f'name="My sheet" sheetId="1" r:id="rId1"/></sheets><definedNames>{"".join(names)}'
        "</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "/xl/styles.xml")
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}'
        "</sheetData></worksheet>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts><cellStyleXfs>'
        f'<xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs>'
        "</styleSheet>",
    }


def given() -> dict[str, str]:
    return {name: number(value) for name, value in GIVEN.items()}


def write(file: Path, contents: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file
