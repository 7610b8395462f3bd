"""How a command begins: what ends it is arranged before anything else is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from symcnn.cli.interruption import end_in_order

if TYPE_CHECKING:
    from collections.abc import Sequence


def process() -> NoReturn:
    """Run the command that the process was started with, and end the process."""
    end_in_order()
    from symcnn.cli.run import process as run

    run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, or 2 after one line of error."""
    from symcnn.cli.run import main as run

    return run(arguments)
