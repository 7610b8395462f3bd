"""Put ``derivations/`` on the site: the gallery and the atlas as pages, and the files beside them.

The pages are written into ``docs/gallery/`` and ``docs/atlas/``, which Git ignores, from what
is committed in ``derivations/``. Pages link its files as GitHub does, and the links are turned
to the pages that the site has for them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

from sphinx.application import Sphinx

DOCS = Path(__file__).parent
DERIVATIONS = DOCS.parent / "derivations"
sys.path.insert(0, str(DERIVATIONS))

import gallery  # noqa: E402  # found so

import symcnn  # noqa: E402

SERVED = {".html", ".md", ".pdf", ".svg", ".tex", ".toml", ".txt", ".v"}
"""What a page may link of a derivation."""

_LINK = re.compile(r"\]\((?:\.\./)+derivations/([^)#]*)\)")
_TITLED = re.compile(r'^```(\w+) title="(.*?)"$', re.MULTILINE)
_MATH = re.compile(
    r"^(?P<fence>`{3,})[^\n]*\n.*?^(?P=fence)$|``[^\n]+?``|\$`(?P<formula>.+?)`\$",
    re.MULTILINE | re.DOTALL,
)
"""Code, in which nothing is a formula; or a formula as GitHub reads it."""

_HEADING = re.compile(r'^<h([23]) id="[^"]*"[^>]*>(.*?)</h\1>$', re.MULTILINE)
_CLASS = re.compile(r"^`symcnn\.(\w+)`$", re.MULTILINE)
_DARK = "@media screen and (prefers-color-scheme:dark)"

GALLERY = """\
# Gallery

The built-in example, and examples that others published, worked by symcnn. Every figure that a
source prints stands beside the right one at the end of its derivation.

{cards}

```{{toctree}}
:hidden:

{names}
```
"""
CARD = """\
:::{{grid-item-card}} {title}
:link: {name}
:link-type: doc
:img-top: ../../derivations/{name}/derivation-1.svg
:img-alt: The network of the example as a diagram
{about}
:::
"""
ATLAS = """\
# Atlas

What every layer and every loss computes, and its derivatives, for all sizes: {count} theorems with
their proofs. The atlas is also one document: {links}.

{statements}

## Notation

{notation}

## References

{references}

```{{toctree}}
:hidden:

{names}
```
"""
MARKED = """\
The figures that the notebook "CNN by hand" prints, marked as a student's would be. `symcnn mark`
prints this; [for lecturers](../lecturers.md) shows how a class is marked.
"""
STATEMENT = """\
# {title}

{body}

[The notation of the atlas](index.md#notation)
"""


def write_pages(app: Sphinx) -> None:
    """Write the pages of the gallery and of the atlas, unless they are there."""
    pages = {f"gallery/{name}": text for name, text in gallery_pages()}
    pages |= {f"atlas/{name}": text for name, text in atlas_pages()}
    for folder in ("gallery", "atlas"):
        (DOCS / folder).mkdir(exist_ok=True)
        for path in (DOCS / folder).glob("*.md"):
            if f"{folder}/{path.stem}" not in pages:
                path.unlink()
    for name, text in pages.items():
        path = DOCS / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def gallery_pages() -> Iterator[tuple[str, str]]:
    """Return the index of the gallery, and a page for each derivation."""
    names = [file.parent.name for file in sorted(DERIVATIONS.glob("*/derivation.html"))]
    names.sort(key=lambda name: not name.startswith("cnn-by-hand"))
    cards = "".join(card(name) for name in names)
    grid = f"::::{{grid}} 1 1 2 2\n:gutter: 3\n\n{cards}::::"
    yield "index", GALLERY.format(cards=grid, names="\n".join([*names, "marked"]))
    for name in names:
        yield name, derivation(name)
    yield "marked", marked()


def card(name: str) -> str:
    """Present a derivation: its title, and what it shows."""
    title, about = gallery.described(DERIVATIONS / name)
    about = re.sub(r"^\[The source\]\(.*?\)\. ", "", about)
    return CARD.format(title=title, name=name, about=about)


def marked() -> str:
    """Return the notebook's own figures, marked, as ``symcnn mark`` does."""
    problem = symcnn.examples.cnn_by_hand()
    report = symcnn.report(symcnn.mark(problem))
    return "\n\n".join([f"# {report.title}", MARKED, *sections(report.to_html())])


def derivation(name: str) -> str:
    """Return a derivation as a page: the links to its other forms stand below its title."""
    title, _ = gallery.described(DERIVATIONS / name)
    links = " · ".join(map(from_a_page, gallery.links(DERIVATIONS / name)))
    page = (DERIVATIONS / name / "derivation.html").read_text(encoding="utf-8")
    return "\n\n".join([f"# {title}", links, *sections(page)])


def sections(page: str) -> Iterator[str]:
    """Run over the sections of a page, in Markdown with HTML."""
    for level, heading, text in parts(page):
        yield f"{'#' * level} {heading}\n\n{raw(text)}" if heading else raw(text)


def atlas_pages() -> Iterator[tuple[str, str]]:
    """Return the index of the atlas, and a page for each statement."""
    atlas = (DERIVATIONS / "atlas" / "atlas.html").read_text(encoding="utf-8")
    opening, *statements, references = parts(atlas)
    assert references[1] == "References"
    names = {slug(title): title for _, title, _ in statements}
    yield (
        "index",
        ATLAS.format(
            count=len(names),
            links=" · ".join(map(from_a_page, gallery.atlas_links())),
            statements="\n".join(f"- [{title}]({name}.md)" for name, title in names.items()),
            notation=raw(opening[2]),
            references=raw(references[2]),
            names="\n".join(names),
        ),
    )
    for _, title, body in statements:
        cited = body.replace('href="#work-', 'href="index.html#work-')
        beside = cited.replace('href="proofs/', 'href="../derivations/atlas/proofs/')
        yield slug(title), STATEMENT.format(title=title, body=raw(beside))


def parts(page: str) -> list[tuple[int, str, str]]:
    """Return the sections of a page: how deep they are, their headings, and their HTML."""
    start = page.index('<main id="content" class="derivation">')
    main = page[page.index("\n", start) : page.index("</main>")]
    opening, *rest = _HEADING.split(main)
    found = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    return [(1, "", opening), *((int(level), heading, body) for level, heading, body in found)]


def raw(html: str) -> str:
    """Return a block of HTML; it is dark where the site is, whatever the system is."""
    dark = html.replace(_DARK, 'html[data-theme="dark"]')
    return f'```{{raw}} html\n<div class="derivation">{dark}</div>\n```'


def from_a_page(link: str) -> str:
    """Return a link of the index of ``derivations/`` as one of a page in a folder."""
    return link.replace("](", "](../../derivations/")


def slug(title: str) -> str:
    """Return the name of a page: what a title has of letters and digits."""
    return "-".join(re.findall(r"[a-z0-9]+", re.sub("<.*?>", "", title).lower()))


def as_on_the_site(app: Sphinx, docname: str, source: list[str]) -> None:
    """Turn links to derivations, and the titles of blocks of code."""
    up = "../" * docname.count("/")
    text = _LINK.sub(lambda found: f"]({linked(found[1], up)}", source[0])
    text = _TITLED.sub(r"```{code-block} \1\n:caption: \2\n", text)
    text = _CLASS.sub(_with_its_theorem, text) if docname == "layers" else text
    source[0] = _MATH.sub(_dollars, text)


def _with_its_theorem(found: re.Match[str]) -> str:
    """Lead from a layer or a loss to its page of the atlas, which may be called Focal loss."""
    own = slug(found[1])
    pages = (DOCS / f"atlas/{name}.md" for name in (own, f"{own}-loss"))
    page = next((page.name for page in pages if page.exists()), None)
    return f"{found[0]} · [theorem](atlas/{page})" if page else found[0]


def _dollars(found: re.Match[str]) -> str:
    formula = found["formula"]
    return found[0] if formula is None else f"${formula}$"


def linked(path: str, up: str) -> str:
    """Return what a link to a derivation leads to, and how Markdown is told so."""
    pages = {"README.md": "/gallery/index.md", "atlas/atlas.md": "/atlas/index.md"}
    if path in pages:
        return f"{pages[path]})"
    return f"{up}derivations/{path}){{.external}}"


def copy_files(app: Sphinx, failure: Exception | None) -> None:
    """Copy the files that pages link."""
    if failure or app.builder.name != "html":
        return
    for path in DERIVATIONS.glob("*/**/*"):
        if path.suffix in SERVED:
            target = Path(app.outdir, "derivations", path.relative_to(DERIVATIONS))
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(path, target)


def setup(app: Sphinx) -> dict[str, bool]:
    """Write pages before they are read, and copy files when the others are written."""
    app.connect("builder-inited", write_pages)
    app.connect("source-read", as_on_the_site)
    app.connect("build-finished", copy_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
