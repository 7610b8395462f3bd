"""Attention: means of values with weights that queries and keys determine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr, S, Symbol, exp, sqrt

from symcnn.equations import Equation, LogSumExp, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, positive_integer
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, quotient
from symcnn.network.layers.merge import Merge
from symcnn.network.meaning import Meaning, When

_BEFORE = "klopqr"
_WEIGHTS = "attention weights"


_ROOT = (
    ", divided by the square root of the number of features",
    When("heads", "", "of a head", value=1),
)
_SCALE = When(
    "scale", When("features_of_a_head", "", _ROOT, value=1), ", times {scale}", value=None
)
_KEY = (
    "key",
    When("has_sequences", "of its own sequence", When("is_batched", "of its own sample")),
)
"""A key that a query meets: rows of other samples, or of other leading indices, are apart."""


def _all(of: str) -> When:
    """Return what queries, keys or values are in a matrix: rows, or entries if it is a column."""
    return When(of, "entries", "rows", value=1)


def _one(of: str) -> When:
    return When(of, "an entry", "a row", value=1)


@dataclass(frozen=True)
class Attention(Merge):
    """Scaled dot-product attention: every query takes a mean of the values.

        s[h,i,j] = sum over u of q[i, D h + u] k[j, D h + u] / sqrt(D)      D features a head
        ell[h,i] = log(sum over j of exp(s[h,i,j]))
        a[h,i,j] = exp(s[h,i,j] - ell[h,i])
        y[i, E h + m] = sum over j of a[h,i,j] v[j, E h + m]                E values a head

    The inputs are the queries q, the keys k and the values v; for self-attention, all three are
    computed from one layer. With ``causal``, sums run over the
    keys j <= i only. Axes before the last two run over separate attentions.

    Shapes: q (..., queries, heads D), k (..., keys, heads D), v (..., keys, heads E),
    y (..., queries, heads E).

    Attributes:
        heads: The number of heads, blocks of features that are treated separately.
        causal: Whether query i sees only the keys j <= i.
        scale: The factor of the scalar products; by default 1 / sqrt(D).

    Source: Vaswani et al. (2017).
    """

    heads: Size = 1
    causal: bool = False
    scale: Real | None = None

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "scores": (
                When(
                    "repeats",
                    (
                        "The",
                        _all("features"),
                        "of {x1} serve as queries, keys and values at once. Every query is "
                        "compared with every",
                        _KEY,
                        ":",
                    ),
                    (
                        "Every query,",
                        _one("features"),
                        "of {x1}, is compared with every",
                        _KEY,
                        ",",
                        _one("features"),
                        "of {x2}:",
                    ),
                ),
                When(
                    "features",
                    "the score is their product",
                    "the score is their inner product",
                    value=1,
                ),
                _SCALE,
                ".",
                When(
                    "heads",
                    "",
                    (
                        "Each of the {heads} heads does so with its own",
                        When("features_of_a_head", "feature", "block of the features", value=1),
                        ".",
                    ),
                    value=1,
                ),
                When("has_sequences", "The axes before the last two number the sequences."),
            ),
            "normaliser": (
                "For each query, it is the logarithm of the sum of the exponentials of its scores",
                When("causal", "with the keys up to its own position"),
                ".",
            ),
            "weights": (
                "The attention weights of a query are the softmax of its scores",
                When("causal", "with the keys up to its own position"),
                ": positive numbers that sum to 1.",
                When("causal", "Later keys get 0."),
            ),
            "y": (
                When("heads", "Every", "In each head, every", value=1),
                "query takes the mean of the values,",
                When("heads", "the", "which are the head's part of the", value=1),
                _all("features_of_values"),
                "of {x3}, weighted by its attention weights.",
            ),
        },
        backward={
            "weights": (
                "An attention weight receives the",
                When(
                    "features_of_values",
                    "product of the error signal of its query and the value that it weighs.",
                    "inner product of the error signal of its query with the value that it weighs.",
                    value=1,
                ),
            ),
            "normaliser": "As {normaliser} grows, all attention weights of its query shrink in "
            "proportion: its error signal is minus the sum of theirs, each times the weight.",
            "scores": "A score raises its own attention weight and lowers the others of its query.",
            "x1": (
                "A query collects the error signals of its scores, each times the key that it was "
                "compared with",
                _SCALE,
                ".",
            ),
            "x2": (
                "A key collects the error signals of its scores, each times the query that it was "
                "compared with",
                _SCALE,
                ".",
            ),
            "x3": "A value collects the error signals of all queries, each times the attention "
            "weight that it had there.",
        },
    )
    source: ClassVar[str] = sources.ATTENTION
    prefix: ClassVar[str] = "attention"
    inputs_called: ClassVar[str] = "qkv"

    @staticmethod
    def has_sequences(queries: Shape, keys: Shape, values: Shape) -> bool:
        """Tell whether there are several separate attentions in a sample."""
        return any(n != 1 for n in queries[:-2])

    @staticmethod
    def features(queries: Shape, keys: Shape, values: Shape) -> Size:
        """Return the length of a query and of a key."""
        return queries[-1]

    @staticmethod
    def features_of_values(queries: Shape, keys: Shape, values: Shape) -> Size:
        """Return the length of a value."""
        return values[-1]

    def features_of_a_head(self, queries: Shape, keys: Shape, values: Shape) -> Size | None:
        """Return how many numbers of a query and of a key a head compares."""
        return quotient(queries[-1], self.heads)

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the queries and the values of all heads."""
        positive_integer(self.heads, "heads")
        if len(shapes) != 3 or len({len(s) for s in shapes}) > 1 or len(shapes[0]) < 2:
            raise SymcnnError(
                f"inputs of shapes {', '.join(map(str, shapes))} are given: attention takes "
                "queries, keys and values, each with a length and features"
            )
        q, k, v = shapes
        if q[:-2] != k[:-2] or k[:-1] != v[:-1] or q[-1] != k[-1]:
            raise SymcnnError(
                f"queries {q}, keys {k} and values {v} do not fit: queries and keys need equally "
                "many features, and keys and values equal lengths"
            )
        for features in (q[-1], v[-1]):
            if quotient(features, self.heads) is None:
                raise SymcnnError(
                    f"heads = {self.heads} does not divide {features} features: choose a divisor"
                )
        return (*q[:-1], v[-1])

    def joined_auxiliaries(self, shapes: Sequence[Shape]) -> Mapping[str, Auxiliary]:
        """Return the scores, their log-sum-exp and the attention weights."""
        *before, queries, _ = shapes[0]
        axes, keys = f"{_BEFORE[: len(before)]}hi", shapes[1][-2]
        rows = (*before, self.heads, queries)
        return {
            "scores": Auxiliary((*rows, keys), "s", f"{axes}j"),
            "normaliser": Auxiliary(rows, "ell", axes, noun="log-sum-exp"),
            "weights": Auxiliary((*rows, keys), "a", f"{axes}j", noun=_WEIGHTS, instead="A"),
        }

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the scores, the weights and the means of values."""
        q, k, v = xs
        s, ell, a = (tensors[key] for key in ("scores", "normaliser", "weights"))
        *rows, j = s.indices
        *before, h, i = rows
        feature, over = self._feature(h, index("u"), q.shape[-1])
        value, others = self._feature(h, index("m"), v.shape[-1])
        seen = [(i - j, q.shape[-2])] if self.causal else []
        product = q[(*before, i, feature)] * k[(*before, j, feature)]
        score = s[(*rows, j)]
        return (
            define(score, self._scale(q.shape[-1]) * product, over=over),
            define(ell[tuple(rows)], score, inside=seen, reduction=LogSumExp()),
            define(a[(*rows, j)], exp(score - ell[tuple(rows)]), inside=seen),
            define(
                y[(*before, i, value)],
                a[(*rows, j)] * v[(*before, j, value)],
                over=others,
                inside=seen,
            ),
        )

    def _feature(self, h: Symbol, own: Symbol, features: Size) -> tuple[Expr, dict[Symbol, Size]]:
        """Return the index of a feature of a head, and the ranges of the head and the feature."""
        if self.heads == 1:
            return own, {own: features}
        count = quotient(features, self.heads)
        assert count is not None, "the heads divide the features"
        return count * h + own, {h: self.heads, own: count}

    def _scale(self, features: Size) -> Expr:
        if self.scale is not None:
            return setting(self.scale, "scale")
        return 1 / sqrt(S(features) / self.heads)
