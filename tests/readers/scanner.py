"""A text that is read from left to right."""

import re


class UnreadableError(Exception):
    """The text is not a formula that the reader knows."""


class Scanner:
    """A place in a text, behind which everything has been read."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def peek(self, pattern: str) -> re.Match[str] | None:
        return re.compile(rf"\s*({pattern})").match(self.text, self.at)

    def take(self, pattern: str) -> str | None:
        found = self.peek(pattern)
        if found is None:
            return None
        self.at = found.end()
        return found[1]

    def expect(self, pattern: str) -> str:
        taken = self.take(pattern)
        if taken is None:
            raise UnreadableError(
                f"{pattern} is expected at: {self.text[self.at :]!r} in {self.text!r}"
            )
        return taken

    def group(self) -> str:
        """Take {...} as text."""
        self.expect(r"\{")
        depth, start = 1, self.at
        while depth:
            depth += {"{": 1, "}": -1}.get(self.text[self.at], 0)
            self.at += 1
        return self.text[start : self.at - 1]

    def end(self) -> None:
        if self.text[self.at :].strip():
            raise UnreadableError(f"{self.text[self.at :]!r} is left over in {self.text!r}")
