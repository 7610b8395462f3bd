"""The board of docs/c.md: what an emulated microcontroller needs before a main function.

``python -m tests.programs.backends.c.board FOLDER`` writes its two files into a folder.
"""

import re
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[4] / "docs" / "c.md").read_text(encoding="utf-8")


def files():
    """Return the files of the page by their names."""
    named = re.findall(r"`(start\.c|board\.ld)`[^`]*```\w*\n(.*?)```", PAGE, re.DOTALL)
    return dict(named)


def commands():
    """Return the lines of the page that build a program and run it in the emulator."""
    (lines,) = (
        block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "qemu" in block
    )
    return lines


if __name__ == "__main__":
    for name, text in files().items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")
