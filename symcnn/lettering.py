"""Letters that users choose for tensors: {"conv1.weight": "K", "dense1.bias": "theta"}."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from sympy import Symbol

from symcnn.errors import SymcnnError, shown

RESERVED = {"x": "x", "target": "t", "gradient": "g", "loss": "L"}
"""The tensors that are no layer's, and their letters."""

_TAKEN = {
    **{"L": "the loss", "R": "a routing", "d": "a derivative", "delta": "a derivative"},
    **{"e": "the base of exponentials", "pi": "the number 3.14159...", "eta": "the learning rate"},
    **{"sigma": "the sigmoid", "Phi": "the normal distribution", "phi": "any function"},
    **{"T": "any tensor", "F": "any tensor", "i": "any index", "j": "any index"},
    **{"n": "the number of a sample"},
}
"""What else letters stand for in a document; none of them is a tensor's."""

_GREEK = (
    "alpha|beta|gamma|epsilon|zeta|eta|theta|iota|kappa|lamda|mu|nu|xi|pi|rho|sigma|tau|"
    "upsilon|phi|chi|psi|omega|Gamma|Theta|Lamda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_NEVER_SIZES = {
    letter: what for letter, what in _TAKEN.items() if letter not in ("T", "F", "i", "j", "phi")
}
"""What letters for sizes cannot be; formulas for all sizes have no general tensor in them."""

_SIZE = re.compile(rf"([A-Za-z]|{_GREEK})(_[0-9]{{1,3}})?")
_LETTER = re.compile(rf"([A-Za-z]|{_GREEK})(\^\([1-9][0-9]?\))?")


def checked_letters(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the letters by tensor name.

    Raises:
        SymcnnError: If they are no table of texts.
    """
    if not isinstance(chosen, Mapping):
        raise SymcnnError(f"letters is {shown(chosen)}: give a table of tensor names and letters")
    for name, letter in chosen.items():
        if not isinstance(letter, str):
            raise _no_letter(name, letter)
    return dict(chosen)


def check_letters(chosen: Mapping[str, str], usual: Mapping[str, str]) -> None:
    """Refuse what is no letter, or stands for something else; a tensor's usual one may be counted.

    Args:
        chosen: The letters by tensor name.
        usual: Those that layers and losses give their tensors, such as the ell of a softmax.

    Raises:
        SymcnnError: Names the tensor and the letter.
    """
    for name, letter in chosen.items():
        own, _, number = letter.partition("^")
        if own == usual.get(name) and (not number or _LETTER.fullmatch(f"w^{number}")):
            continue
        if not _LETTER.fullmatch(letter):
            raise _no_letter(name, letter)
        if own in _TAKEN:
            raise SymcnnError(
                f"letters: {shown(name)} cannot be called {letter}: {own} stands for "
                f"{_TAKEN[own]} in formulas: choose another letter"
            )


def _no_letter(name: str, letter: object) -> SymcnnError:
    return SymcnnError(
        f"letters: {shown(name)} cannot be called {shown(letter)}: use a Latin letter "
        'or the name of a Greek one, such as "K", "theta" or "W^(2)"'
    )


def check_sizes(sizes: Iterable[Symbol], chosen: Mapping[str, str]) -> None:
    """Refuse a letter for a size that stands for something else, or that is no letter.

    Raises:
        SymcnnError: Names the letter, and what it stands for.
    """
    owners = {letter: name for name, letter in (RESERVED | dict(chosen)).items()}
    for size in sizes:
        if not _SIZE.fullmatch(size.name):
            raise SymcnnError(
                f"a size cannot be called {shown(size.name)}: use a Latin letter or the name of a "
                'Greek one, with a number if need be, such as "H", "K_2" or "kappa"'
            )
        taken = _NEVER_SIZES.get(size.name) or owners.get(size.name)
        if taken:
            raise SymcnnError(
                f"a size cannot be called {size.name}: {size.name} stands for {taken} in formulas: "
                "choose another letter"
            )


def check_owners(chosen: Mapping[str, str], tensors: Collection[str]) -> None:
    """Refuse letters of what is no tensor, and one letter for two.

    Raises:
        SymcnnError: Names the tensors and the letter.
    """
    usual = {name: letter for name, letter in RESERVED.items() if name in tensors}
    owners: dict[str, str] = {}
    for name, letter in (usual | dict(chosen)).items():
        if name not in tensors or (name == "loss" and name in chosen):
            there = ", ".join(tensor for tensor in tensors if tensor != "loss")
            raise SymcnnError(f"letters: there is no tensor {shown(name)}: choose from {there}")
        if letter in owners:
            raise SymcnnError(
                f"letters: {owners[letter]} and {name} would share the letter {letter}: "
                "choose different letters"
            )
        owners[letter] = name
