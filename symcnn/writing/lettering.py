r"""Letters that users choose for tensors: {"conv1.weight": "K", "x": r"\mathbf{x}", "loss": "J"}.

A letter is one symbol, in LaTeX or by its name, and is kept under the name that SymPy reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from sympy import Symbol

from symcnn.equations import Tensor
from symcnn.equations.notation import letter_of, without_subscript
from symcnn.errors import SymcnnError, shown
from symcnn.writing.formula import FormulaError
from symcnn.writing.formula.labels import GREEK, LabelError, label_of, letter
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.names import letters_of, named

RESERVED = {"x": "x", "target": "t", "gradient": "g", "loss": "L"}
"""The tensors that are no layer's, and their letters."""

SIGNAL = "error signal"
"""Under what the letter of error signals is chosen, which is no tensor's."""

_TAKEN = {
    **{"R": "the selector of a maximum", "d": "a derivative", "T": "any tensor", "F": "any tensor"},
    **{"e": "the base of exponentials", "pi": "the number 3.14159...", "eta": "the learning rate"},
    **{"sigma": "the sigmoid", "Phi": "the normal distribution", "phi": "any function"},
    **{"varphi": "any function", "i": "any index", "j": "any index"},
    **{"n": "the number of a sample"},
}
"""What else letters stand for in a document; none of them is a tensor's."""

_ABOVE = {"D": "a direction", "H": "a second derivative", "J": "a Jacobian", "M": "a maximum"}
"""What else has the letter of a tensor above it, so that no error signal is called so."""

_NOT_IN_THEOREMS = ("T", "F", "i", "j", "phi", "varphi", "R")
"""What may be the letter of a size: formulas for all sizes have no general tensor in them, and a
selector only where there is a maximum."""

_SIZE = re.compile(rf"([A-Za-z]|{'|'.join(GREEK)})(_[0-9]{{1,3}})?")
_NUMBER = re.compile(r"\([1-9][0-9]?\)")


def signal_of(chosen: Mapping[str, str]) -> str:
    """Return the letter of the derivatives of the loss with respect to entries: delta."""
    return chosen.get(SIGNAL, "delta")


def kept_letters(chosen: Mapping[str, str]) -> set[str]:
    """Return what no other tensor is called: the chosen letters, and W where W_1 was chosen."""
    return {*chosen.values(), *map(without_subscript, chosen.values())}


class Lettered(Protocol):
    """A network, as far as its letters are concerned."""

    @property
    def tensors(self) -> Mapping[str, Tensor]:
        """All tensors by name."""

    @property
    def letters(self) -> Mapping[str, str]:
        """The letters that were chosen for tensors."""

    @property
    def sizes(self) -> Iterable[Symbol]:
        """The letters for sizes."""

    @property
    def real_letters(self) -> Iterable[Symbol]:
        """The letters for other settings."""

    @property
    def relations(self) -> Iterable[Symbol]:
        """The letters of lengths that follow from the sizes."""


def taken_letters(network: Lettered) -> set[str]:
    """Return all letters that an index cannot have: each has one meaning in a formula.

    They are those of tensors and of error signals, without scripts, and those of sizes and of
    other settings, with and without.
    """
    numbers = (s.name for s in (*network.sizes, *network.real_letters, *network.relations))
    written = {part for name in numbers for part in (name, letter_of(name))}
    return letters_of(network.tensors.values()) | {signal_of(network.letters)} | written


def checked_letters(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the letters by tensor name, each as SymPy reads it.

    Raises:
        SymcnnError: If they are no table of texts, or one letter is chosen twice.
    """
    if not isinstance(chosen, Mapping):
        raise SymcnnError(f"letters is {shown(chosen)}: give a table of tensor names and letters")
    labels = {name: _label(name, letter) for name, letter in chosen.items()}
    owners = dict[str, str]()
    for name, label in ({"x": "x", "loss": "L", SIGNAL: "delta"} | labels).items():
        if label in owners:
            raise _shared(owners[label], name, label)
        owners[label] = name
    return labels


def _label(name: str, chosen: object) -> str:
    """Return the label of a letter; what is none stays, as a layer may call its tensors by it."""
    if not isinstance(chosen, str):
        raise _no_letter(name, chosen)
    try:
        return _read(chosen)
    except FormulaError:
        return chosen


def _read(chosen: str) -> str:
    """Read a letter: by a name such as theta_1 or W^(2), or in LaTeX."""
    named_so = chosen.replace("lambda", "lamda") if "\\" not in chosen else chosen
    is_name = letter(letter_of(named_so)) is not None and not set("\\{} ") & set(chosen)
    return label_of(latex(named(named_so)) if is_name else chosen)


def written(label: str) -> str:
    """Return a letter as it is chosen: in LaTeX, but K and theta, and what is none, as they are."""
    if (label.isalpha() and label in GREEK) or len(label) == 1:
        return label
    try:
        return latex(named(label))
    except FormulaError:
        return label


def check_letters(
    chosen: Mapping[str, str],
    usual: Mapping[str, str],
    planned: Mapping[str, str],
    tensors: Mapping[str, Tensor],
) -> None:
    """Refuse what is no letter, or stands for something else; a tensor's usual one may be counted.

    Args:
        chosen: The letters by tensor name.
        usual: Those that layers and losses give their tensors, such as the ell of a softmax.
        planned: What tensors are called whose letters are not chosen, such as w^q.
        tensors: All tensors by name.

    Raises:
        SymcnnError: Names the tensor and the letter.
    """
    _check_owners(chosen, {name: tensor.label for name, tensor in tensors.items()}, planned)
    for name, label in chosen.items():
        own, _, number = label.partition("^")
        if own == usual.get(name) and (not number or _NUMBER.fullmatch(number)):
            continue
        try:
            _read(label)
        except FormulaError as error:
            raise _no_letter(name, label, error) from None
        if name == SIGNAL and label != letter_of(label):
            raise SymcnnError(
                f"letters: the error signal cannot be called {shown(written(label))}: it has the "
                "letter of a tensor above it, so give a letter without scripts"
            )
        taken = _TAKEN | _ABOVE if name == SIGNAL else _TAKEN
        if (sign := letter_of(label)) in taken:
            raise SymcnnError(
                f"letters: {shown(name)} cannot be called {written(label)}: {sign} stands for "
                f"{taken[sign]} in formulas: choose another letter"
            )


def _no_letter(name: str, given: object, why: FormulaError | None = None) -> SymcnnError:
    symbols = r"give one symbol, such as K, theta, W^(2), W_1, \hat{y} or \mathbf{W}^{[1]}"
    remedy = why if isinstance(why, LabelError) else symbols
    return SymcnnError(f"letters: {shown(name)} cannot be called {shown(given)}: {remedy}")


def check_sizes(sizes: Iterable[Symbol], chosen: Mapping[str, str]) -> None:
    """Refuse a letter for a size that stands for something else, or that is no letter.

    Raises:
        SymcnnError: Names the letter, and what it stands for.
    """
    labels = RESERVED | {SIGNAL: "delta"} | dict(chosen)
    owners = {letter_of(label): _called(name) for name, label in labels.items()}
    never = {sign: what for sign, what in _TAKEN.items() if sign not in _NOT_IN_THEOREMS}
    for size in sizes:
        if not _SIZE.fullmatch(size.name):
            raise SymcnnError(
                f"a size cannot be called {shown(size.name)}: use a Latin letter or the name of a "
                'Greek one, with a number if need be, such as "H", "K_2" or "kappa"'
            )
        taken = (never | owners).get(size.name) or owners.get(letter_of(size.name))
        if taken:
            raise _taken_by(size, taken)


def check_selector(sizes: Iterable[Symbol]) -> None:
    """Refuse R as the letter of a size beside a maximum."""
    for size in sizes:
        if letter_of(size.name) == "R":
            raise _taken_by(size, _TAKEN["R"])


def _taken_by(size: Symbol, taken: str) -> SymcnnError:
    return SymcnnError(
        f"a size cannot be called {size.name}: {letter_of(size.name)} stands for {taken} in "
        "formulas: choose another letter"
    )


def _called(name: str) -> str:
    return {"loss": "the loss", SIGNAL: "a derivative"}.get(name, name)


def _check_owners(
    chosen: Mapping[str, str], tensors: Mapping[str, str], planned: Mapping[str, str]
) -> None:
    """Refuse letters of what is no tensor, and one letter for two.

    Raises:
        SymcnnError: Names the tensors and the letter.
    """
    for name in chosen:
        if name not in tensors and name != SIGNAL:
            there = ", ".join([*tensors, SIGNAL])
            raise SymcnnError(f"letters: there is no tensor {shown(name)}: choose from {there}")
    signal = signal_of(chosen)
    owners = dict[str, str]()
    for name, label in tensors.items():
        if letter_of(label) == signal:
            raise _shared(name, SIGNAL, signal)
        if label in owners:
            raise _shared(owners[label], name, label)
        owners[label] = name
    for name, label in tensors.items():
        if label != planned.get(name):
            _check_scripts(name, label, owners)


def _check_scripts(name: str, label: str, owners: Mapping[str, str]) -> None:
    """Refuse W_1 beside W, whose entry it could be, and R^z beside z, to which it would belong."""
    if (whole := without_subscript(label)) != label and whole in owners:
        raise SymcnnError(
            f"letters: {written(label)} of {name} could be an entry of {written(whole)}, which is "
            f"{owners[whole]}: choose another letter"
        )
    above = label.partition("^")[2]
    if above in owners:
        raise SymcnnError(
            f"letters: {written(label)} of {name} would belong to {written(above)}, which is "
            f"{owners[above]}: choose another letter"
        )


def _shared(one: str, other: str, label: str) -> SymcnnError:
    both = " and ".join(
        {"loss": "the loss", SIGNAL: "the error signal"}.get(n, n) for n in (one, other)
    )
    return SymcnnError(
        f"letters: {both} would share the letter {written(label)}: choose different letters"
    )
