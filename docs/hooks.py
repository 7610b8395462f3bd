"""Put ``derivations/`` on the site: its index as the gallery, and the files that it links."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

DERIVATIONS = Path(__file__).parents[1] / "derivations"
LINKED = {".html", ".pdf", ".svg", ".tex", ".toml", ".txt"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the index, and the files beside it; the derivations in Markdown are for GitHub."""
    index = (DERIVATIONS / "README.md").read_text(encoding="utf-8")
    shown = re.sub(r"\[Markdown\]\(.*?\) · ", "", index).replace(
        "derivation.md)", "derivation.html)"
    )
    files.append(File.generated(config, "gallery.md", content=shown))
    for path in DERIVATIONS.glob("*/*"):
        if path.suffix in LINKED:
            name = path.relative_to(DERIVATIONS).as_posix()
            files.append(File.generated(config, name, abs_src_path=str(path)))
    return files
