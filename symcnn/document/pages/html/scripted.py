"""Pages with a script: one file, which fetches nothing and runs its own script alone.

What a script needs is data, never markup, and a Content-Security-Policy names it by its hash.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple


class Scripted(NamedTuple):
    """What a page has besides its text.

    Attributes:
        style: Its own style.
        data: What the script reads.
        name: The name of the element with the data.
        script: The script.
        panel: Elements that stand before the data.
    """

    style: str
    data: Mapping[str, Any]
    name: str
    script: str
    panel: str = ""

    @property
    def head(self) -> str:
        """What stands at the end of the page's head: its style, and what it may do."""
        digest = b64encode(sha256(self.script.encode()).digest()).decode()
        rules = (
            f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
            "base-uri 'none'; form-action 'none'"
        )
        policy = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
        return f"\n<style>\n{self.style}</style>\n{policy}"

    @property
    def end(self) -> str:
        """What stands at the end of its body: no text of a problem becomes markup or script."""
        held = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        data = held.replace("<", "\\u003c")
        return (
            f'\n{self.panel}<script type="application/json" id="{self.name}">{data}</script>\n'
            f"<script>{self.script}</script>"
        )


def typed_numbers() -> str:
    """Return the functions of JavaScript that read numbers as people type them."""
    return Path(__file__).with_name("typed.js").read_text(encoding="utf-8")
