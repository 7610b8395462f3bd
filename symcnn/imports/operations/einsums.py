"""Sums of products whose axes are named by letters, with tensors and constants as factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_letters

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import Operand, stretched
from symcnn.imports.operations.matrices import dense
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Placed, one_a_sample
from symcnn.network.layers import Einsum

_SAMPLES = "samples are summed over or combined with each other: give all factors the same letter"


def explicit(equation: str, ranks: Sequence[int]) -> str:
    """Return an equation with letters for an ellipsis, and with the letters of its output."""
    text = "".join(equation.split())
    factors, arrow, made = text.partition("->")
    listed = factors.split(",")
    if not arrow:
        every = [letter for letter in factors if letter.isalpha()]
        once = sorted(letter for letter in {*every} if every.count(letter) == 1)
        made = ("..." if "..." in factors else "") + "".join(once)
    longest = max(
        (r - len(f) + 3 for f, r in zip(listed, ranks, strict=True) if "..." in f), default=0
    )
    spare = [letter for letter in ascii_letters if letter not in text][:longest]

    def spelled(word: str, count: int) -> str:
        return word.replace("...", "".join(spare[len(spare) - count :]))

    pairs = zip(listed, ranks, strict=True)
    named = [spelled(f, max(0, r - len(f) + 3) if "..." in f else 0) for f, r in pairs]
    return f"{','.join(named)}->{spelled(made, longest)}"


def product_of_matrices(first: int, second: int) -> str:
    """Return the equation of a product of matrices, or vectors, of these ranks."""
    axes = "abcdefgh"
    rows, columns = ("" if rank == 1 else letter for rank, letter in ((first, "r"), (second, "s")))
    one, other = (axes[len(axes) - max(0, rank - 2) :] for rank in (first, second))
    return f"{one}{rows}k,{other}k{columns}->{max(one, other, key=len)}{rows}{columns}"


@dataclass(frozen=True)
class _Factor:
    """A factor with the letters of its axes."""

    value: Operand
    letters: str

    @property
    def lengths(self) -> Iterator[tuple[str, int]]:
        """The letters with the lengths of their axes."""
        value = self.value
        shape = value.shape if isinstance(value, Placed) else value.array.shape
        return zip(self.letters, shape, strict=True)


def einsum(b: Builder, equation: str, operands: Sequence[Operand]) -> Placed:
    """Return the sum of products that an equation states, each of whose letters is one axis."""
    named, _, made = equation.partition("->")
    factors = [_Factor(x, word) for x, word in zip(operands, named.split(","), strict=True)]
    parts = dict(_parts(factors))
    factors = [_whole(b, _apart(f, parts)) for f in factors]
    merged = next((x.value.merged for x in factors if isinstance(x.value, Placed)), (0, 0))
    lengths = _lengths(factors)
    factors = [_unspread(b, f, lengths) for f in factors]
    tensors = [f for f in factors if isinstance(f.value, Placed)]
    (sample, *others) = {f.letters[f.value.samples] for f in tensors if isinstance(f.value, Placed)}
    result = "".join(parts.get(letter, letter) for letter in made)
    if others or sample not in result:
        raise SymcnnError(_SAMPLES)
    constants = [_once(f, sample) for f in factors if isinstance(f.value, Constant)]
    merged = merged if sample in "".join(parts.values()) else (0, 0)
    if result == sample and merged != (0, 0):
        raise SymcnnError("one number per sample is left: keep an axis")
    out = _made(b, tensors, constants, result, sample, lengths)
    return replace(out, merged=merged) if merged != (0, 0) else out


def _made(
    b: Builder,
    tensors: Sequence[_Factor],
    constants: Sequence[_Factor],
    result: str,
    sample: str,
    lengths: Mapping[str, int],
) -> Placed:
    kept = {*result, *(letter for f in tensors for letter in f.letters)}
    learned = _joined([c for c in constants if _is_learned(c)], kept)
    given = _joined([c for c in constants if not _is_learned(c)], kept)
    if result != sample and (made := _dense(b, tensors, learned, given, result)) is not None:
        return made
    single = [c for c in (learned, given) if c is not None and not c.letters]
    named = {k: c for k, c in (("weight", learned), ("factor", given)) if c and c.letters}
    own = {k: c.value for k, c in named.items() if isinstance(c.value, Constant)}
    words = [_own_letters(f) for f in tensors] + [c.letters for c in named.values()]
    order = (result.index(sample), *(at for at, letter in enumerate(result) if letter != sample))
    shapes = {f"{key}_shape": c.array.shape for key, c in own.items()}
    layer = Einsum(f"{','.join(words)}->{result.replace(sample, '')}", **shapes)
    name = b.add(layer, [f.value for f in tensors if isinstance(f.value, Placed)], own)
    out = Placed(name, tuple(lengths[letter] for letter in result), order)
    if result == sample:
        out = one_a_sample(name, lengths[sample])
    for c in single:
        assert isinstance(c.value, Constant), "it has no letters"
        out = stretched(b, out, c.value)
    return out


def _own_letters(factor: _Factor) -> str:
    """Return the letters in the order of symcnn's axes, without that of the samples."""
    assert isinstance(factor.value, Placed), "constants have no samples"
    return "".join(factor.letters[axis] for axis in factor.value.order[1:])


def _parts(factors: Sequence[_Factor]) -> Iterator[tuple[str, str]]:
    """Yield what the letter of an axis with which samples are merged consists of."""
    spare = iter(sorted({*ascii_letters} - {*"".join(f.letters for f in factors)}))
    seen = dict[str, tuple[int, int]]()
    for factor in factors:
        x = factor.value
        if isinstance(x, Placed) and x.merged != (0, 0):
            letter = factor.letters[x.samples - x.merged[0]]
            if seen.setdefault(letter, x.merged) != x.merged:
                raise SymcnnError(_SAMPLES)
            yield letter, "".join(next(spare) for _ in range(sum(x.merged) + 1))


def _apart(factor: _Factor, parts: Mapping[str, str]) -> _Factor:
    """Return a factor with the axes with which samples are merged apart."""
    value = factor.value
    letters = "".join(parts.get(letter, letter) for letter in factor.letters)
    if letters == factor.letters:
        return factor
    if isinstance(value, Constant) or len(letters) != len(value.shape):
        raise SymcnnError("the samples are merged with an axis of a factor: keep them apart")
    return _Factor(value, letters)


def _whole(b: Builder, factor: _Factor) -> _Factor:
    value = factor.value
    return factor if isinstance(value, Constant) else replace(factor, value=b.plain(value))


def _lengths(factors: Sequence[_Factor]) -> dict[str, int]:
    found = dict[str, int]()
    for factor in factors:
        for letter, length in factor.lengths:
            found[letter] = max(length, found.get(letter, 1))
    return found


def _unspread(b: Builder, factor: _Factor, lengths: Mapping[str, int]) -> _Factor:
    """Return a factor without the axes of length 1 along which it is used again and again."""
    gone = [at for at, (letter, n) in enumerate(factor.lengths) if n == 1 != lengths[letter]]
    if not gone:
        return factor
    letters = "".join(letter for at, letter in enumerate(factor.letters) if at not in gone)
    value = factor.value
    if isinstance(value, Constant):
        axes = tuple(gone)
        return _Factor(value.moved(lambda array: array.squeeze(axes)), letters)
    left = [n for at, n in enumerate(value.shape) if at not in gone]
    if value.merged != (0, 0) or len(left) < 2:
        raise SymcnnError("an axis of length 1 is repeated: repeat it before")
    return _Factor(reshaped(b, value, left), letters)


def _once(factor: _Factor, sample: str) -> _Factor:
    """Return a constant without the axis of samples, along which it may not change."""
    value = factor.value
    assert isinstance(value, Constant), "tensors have samples"
    if sample not in factor.letters:
        return factor
    at = factor.letters.index(sample)
    if not (value.array == value.array.take([0], at)).all():
        raise SymcnnError("an array differs between samples: give it the axis of length 1")
    return _Factor(value.moved(lambda a: a.take(0, at)), factor.letters.replace(sample, ""))


def _is_learned(factor: _Factor) -> bool:
    return isinstance(factor.value, Constant) and bool(factor.value.parameter)


def _joined(constants: Sequence[_Factor], kept: set[str]) -> _Factor | None:
    """Return constants as one, with the letters that others have."""
    if len(constants) < 2:
        return next(iter(constants), None)
    letters = "".join(dict.fromkeys(a for c in constants for a in c.letters if a in kept))
    arrays = [c.value.array for c in constants if isinstance(c.value, Constant)]
    words = ",".join(c.letters for c in constants)
    return _Factor(Constant(np.einsum(f"{words}->{letters}", *arrays)), letters)


def _dense(
    b: Builder,
    tensors: Sequence[_Factor],
    learned: _Factor | None,
    given: _Factor | None,
    result: str,
) -> Placed | None:
    """Return weighted sums along one axis, if that is all."""
    if len(tensors) != 1 or learned is None or given is not None or len(learned.letters) != 2:
        return None
    ((x, letters),) = ((f.value, f.letters) for f in tensors)
    old = [letter for letter in learned.letters if letter not in result]
    new = [letter for letter in learned.letters if letter not in letters]
    if len(old) != 1 or len(new) != 1 or {*letters} - {*old} != {*result} - {*new}:
        return None
    if len({*letters}) < len(letters) or not isinstance(x, Placed) or x.merged != (0, 0):
        return None
    assert isinstance(learned.value, Constant), "it is learned"
    others = [letter for letter in letters if letter != old[0]]
    if letters.index(old[0]) == x.samples:
        return None
    turned = x.permuted(tuple(letters.index(letter) for letter in (*others, *old)))
    is_turned = learned.letters.index(new[0]) == 1
    weight = learned.value.moved(lambda array: array.T) if is_turned else learned.value
    made = b.plain(dense(b, turned, weight, None))
    named = [*others, *new]
    return made.permuted(tuple(named.index(letter) for letter in result))


def kronecker(b: Builder, x: Placed, y: Constant, shape: Sequence[int]) -> Placed:
    """Return the Kronecker product of a tensor and a constant: all products, axis by axis."""
    rank = max(len(x.stated), y.array.ndim)
    first, second = ascii_letters[:rank], ascii_letters[rank : 2 * rank]
    lengths = (*(1,) * (rank - y.array.ndim), *y.array.shape)
    long = [axis for axis, n in enumerate(lengths) if n > 1]
    own = first[rank - len(x.stated) :]
    other = "".join(second[axis] for axis in long)
    pairs = zip(first, second, strict=True)
    made = "".join(c for pair in pairs for c in pair if c in own + other)
    thin = y.moved(lambda array: array.reshape([lengths[axis] for axis in long]))
    return reshaped(b, einsum(b, f"{own},{other}->{made}", [x, thin]), shape)
