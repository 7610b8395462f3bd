"""From a problem to the text of a problem file: what ``load`` reads, the other way round.

Rationals are written exactly: 2/5 as 0.4, a third as "1/3". A root or a logarithm, which
no file can hold, becomes the nearest float, with 17 digits.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from sympy import Expr, Rational

from symcnn.equations import Tensor
from symcnn.equations.values import exact
from symcnn.equations.values.archive import archived
from symcnn.equations.values.evaluation import FILTERS_LAST
from symcnn.errors import SymcnnError
from symcnn.network.layers import Layer
from symcnn.network.losses import Loss
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.problems.arrays import apart as kept_apart
from symcnn.problems.catalog import LAYERS, LOSSES, Kind, key_of
from symcnn.problems.layouts import has_one_order, kernels_of
from symcnn.problems.optimizers import stated
from symcnn.problems.problem import Problem, check_problem
from symcnn.problems.weights.written import origin_lines
from symcnn.problems.worth import Accuracy, Worth
from symcnn.writing.lettering import written
from symcnn.writing.wrapping import MARGIN, filled

_WIDTH = 88


Numbers = Mapping[str, Sequence[Expr | str]]
"""What is written, by the names of tensors: numbers, or texts as they are."""


def problem_file(
    problem: Problem,
    comments: Sequence[str] = (),
    arrays: str = "",
    apart: Container[str] = (),
    instead: Numbers | None = None,
) -> str:
    """Return the text of a TOML file that states a problem.

    What was published of a source's problem (``[[published]]``, ``reconcile``) is left out.

    Args:
        problem: The problem.
        comments: What stands above it, a text for each line.
        arrays: The .npz file beside it that holds numbers, if there is one.
        apart: The tensors whose numbers are there.
        instead: What is written in place of the numbers of tensors, if anything is.

    Raises:
        SymcnnError: If a layer or the loss is of a class that problem files do not know.
    """
    head = [f"# {comment}" for comment in comments]
    network = problem.network
    values = problem.values if instead is None else instead
    numbers = {name: row for name, row in values.items() if name not in apart}
    stated = {"title": problem.title, "source": problem.source, "arrays": arrays}
    stated["layout"] = _layout(network, numbers)
    head += [f"{key} = {_text(value)}" for key, value in stated.items() if value or key == "title"]
    parts = [head, [*_input(network, numbers)]]
    parts += [[*_layer(stage, numbers)] for stage in network.stages]
    parts += [[*_loss(network, numbers)], [*_training(problem)], [*_answers(problem)]]
    parts += [[*_letters(problem)], [*origin_lines(problem.origin)]]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def save(problem: Problem, path: str | Path, arrays: str | Path | None = None) -> None:
    """Write a problem file, which ``load`` reads as the same problem.

    What was published of a source's problem (``[[published]]``, ``reconcile``) is left out.

    Args:
        problem: The problem.
        path: The problem file.
        arrays: An .npz file for the numbers, relative to the folder of the problem file. Those
            that no float holds exactly, such as 1/3, remain in the problem file.

    Raises:
        SymcnnError: If a layer or the loss is of a class that problem files do not know, or a
            file cannot be written.
    """
    check_problem(problem)
    beside = {} if arrays is None else kept_apart(problem)
    name = "" if arrays is None else Path(arrays).as_posix()
    files = {Path(path): problem_file(problem, (), name, beside).encode()}
    if arrays is not None:
        files[Path(path).parent / arrays] = archived(beside)
    for file, content in files.items():
        write_file(file, content)


def write_file(file: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        SymcnnError: If it cannot be written.
    """
    try:
        file.write_bytes(content)
    except OSError as error:
        reason = error.strerror or "it is not a file"
        raise SymcnnError(f"cannot write {file}: {reason}: choose another place") from None


def _layout(network: Network, numbers: Numbers) -> str:
    """Return the layout of kernels, if somebody could take their flat lists for another one."""
    flat = (kernel for kernel in kernels_of(network) if kernel.name in numbers)
    return "" if all(has_one_order(kernel.shape) for kernel in flat) else FILTERS_LAST


def _input(network: Network, numbers: Numbers) -> Iterator[str]:
    yield "[input]"
    yield f"shape = {_setting(network.input_shape, 'shape')}"
    if network.batch is not None:
        yield f"batch = {network.batch}"
    yield from _array("values", network.input, numbers)


def _layer(stage: Stage, numbers: Numbers) -> Iterator[str]:
    yield "[[layers]]"
    yield from _settings(stage.layer, LAYERS)
    own = {**stage.own, **stage.givens}
    for key, tensor in own.items():
        yield from _array(key_of(key), tensor, numbers)


def _loss(network: Network, numbers: Numbers) -> Iterator[str]:
    target = network.target
    yield "[loss]"
    yield from _settings(network.loss, LOSSES)
    if target is not None:
        yield from _array(target.name, target, numbers)
    for key, tensor in network.loss_stage.givens.items():
        yield from _array(key, tensor, numbers)


def _training(problem: Problem) -> Iterator[str]:
    chosen = [*stated(problem.optimizer)]
    if problem.learning_rate is not None or chosen:
        yield "[training]"
    if problem.learning_rate is not None:
        yield f"learning_rate = {_number(problem.learning_rate)}"
    yield from (f"{name} = {_setting(value, name)}" for name, value in chosen)


def _answers(problem: Problem) -> Iterator[str]:
    """Write how exact answers have to be, and what they earn, where that is not the usual way."""
    stated = [f for f in fields(Accuracy) if getattr(problem.answers, f.name) != f.default]
    if stated or problem.worth != Worth():
        yield "[answers]"
    for field in stated:
        yield f"{field.name} = {_setting(getattr(problem.answers, field.name), field.name)}"
    if problem.worth.carried != 1:
        yield f"carried = {_setting(problem.worth.carried, 'carried')}"
    if problem.worth.quantities is not None:
        yield "quantities = ["
        yield from (f"{MARGIN}{_text(name)}," for name in problem.worth.quantities)
        yield "]"
    if problem.worth.points:
        yield "[answers.points]"
    for name, points in problem.worth.points.items():
        yield f"{_text(name)} = {_setting(points, name)}"


def _letters(problem: Problem) -> Iterator[str]:
    if problem.network.letters:
        yield "[letters]"
    for name, letter in problem.network.letters.items():
        yield f"{_text(name)} = {_text(written(letter))}"


def _settings(made: Layer | Loss, kinds: Mapping[str, Kind]) -> Iterator[str]:
    """Write the type, and every setting that is not the usual one."""
    names = [name for name, kind in kinds.items() if kind.made is type(made)]
    if not names:
        own = type(made).__name__
        raise SymcnnError(
            f"{own} has no name in problem files and cannot be written: call "
            f"symcnn.problems.register({own}), or use one of those that have"
        )
    yield f"type = {_text(names[0])}"
    for field in fields(made):
        value = getattr(made, field.name)
        if value is not None and value != field.default:
            yield f"{field.name} = {_setting(value, field.name)}"


def _setting(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(_setting(part, name) for part in value)}]"
    return _number(exact(value, name))


def _array(key: str, tensor: Tensor, numbers: Numbers) -> Iterator[str]:
    """Write the numbers in one flat list, row by row, and their shape beside it."""
    if tensor.name not in numbers:
        return
    row = ", ".join(n if isinstance(n, str) else _number(n) for n in numbers[tensor.name])
    if len(key) + len(row) + 5 <= _WIDTH:
        yield f"{key} = [{row}]"
        return
    yield f"{key} = [  # {' x '.join(map(str, tensor.shape))}"
    yield MARGIN + filled(f"{row},", _WIDTH - len(MARGIN))
    yield "]"


def _text(text: str) -> str:
    """Quote a text; what JSON escapes on one line of print, TOML escapes alike."""
    return json.dumps(text, ensure_ascii=False)


def _number(value: Expr) -> str:
    text = in_digits(value)
    return f'"{text}"' if "/" in text else text


def in_digits(value: Expr) -> str:
    """Write a number exactly, as 0.4, 1.5e-9 or 1/3; one that is none as the nearest float."""
    if not isinstance(value, Rational):
        return repr(float(value))
    numerator, denominator = int(value.p), int(value.q)
    if denominator == 1:
        return str(numerator)
    places = _decimal_places(denominator)
    if places is None:
        return f"{numerator}/{denominator}"
    return _decimal(numerator * 10**places // denominator, places)


def _decimal_places(denominator: int) -> int | None:
    """Return the least n for which 10^n is a multiple of the denominator, if there is one."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _decimal(digits: int, places: int) -> str:
    """Write digits / 10^places: 0.015 or, where many zeros would come first, 1.5e-9."""
    sign, text = "-" if digits < 0 else "", str(abs(digits))
    if places - len(text) > 4:
        fraction = f".{text[1:]}" if text[1:] else ""
        return f"{sign}{text[0]}{fraction}e-{places - len(text) + 1}"
    text = text.zfill(places + 1)
    return f"{sign}{text[:-places]}.{text[-places:]}"
