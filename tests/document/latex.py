"""Run pdflatex on several documents at once: to start it and to load packages takes a second."""

import re
import subprocess
from pathlib import Path

BEGIN, END = "\\begin{document}\n", "\\end{document}\n"
NEEDS_TWO = re.compile(r"\\begin\{longtable}|\{hyperref}")
TITLE = re.compile(r"^\\hypersetup.*$", re.MULTILINE)


def one_after_the_other(articles: list[str]) -> str:
    """Join articles into one, whose preamble has what any of them needs."""
    untitled = (TITLE.sub("", article) for article in articles)
    preambles, bodies = zip(*(article.split(BEGIN, 1) for article in untitled), strict=True)
    preamble = max(preambles, key=len)
    assert all(set(p.split("\n")) <= set(preamble.split("\n")) for p in preambles)
    assert all(body.endswith(END) for body in bodies)
    between = "\\clearpage\n\\setcounter{section}{0}\n"
    return preamble + BEGIN + between.join(b.removesuffix(END) for b in bodies) + END


def compiled(tex: str, folder: Path) -> str:
    """Return the log: of the second run where the first finds widths of tables, and outlines."""
    (folder / "a.tex").write_text(tex, encoding="utf-8")
    for draft in (["-draftmode"], []) if re.search(NEEDS_TWO, tex) else ([],):
        subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", *draft, "a.tex"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    return (folder / "a.log").read_text(encoding="utf-8", errors="replace")


def complaints(log: str) -> list[str]:
    """Return errors, lines wider than the page and undefined references."""
    return re.findall(r"^!.*|Overfull.*|.*undefined.*", log, re.MULTILINE)
