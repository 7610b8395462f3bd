"""The sentences around the formulas of a statement; each is said only where it is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from sympy import Integer, Le, Lt
from sympy.core.relational import Relational

from symcnn.derivation.general import forward_form
from symcnn.derivation.statement import defined_length, terms_of
from symcnn.document.blocks import Inline, Text, joined
from symcnn.document.theorems.functions import called, definition
from symcnn.document.theory.conventions import kinks
from symcnn.document.theory.descriptions import described, setting_names, smoothed
from symcnn.document.theory.domain import Domain, domains
from symcnn.document.theory.statement import (
    Printed,
    Statement,
    TensorFormula,
    hypotheses,
    shape_told,
)
from symcnn.document.theory.trial import Trial
from symcnn.document.words.maxima import attaining
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed, noun
from symcnn.equations import Max, Recurrence, Tensor, accesses
from symcnn.equations.sizes import Length
from symcnn.network.layers.pooling import Pool
from symcnn.writing.formula.build import row
from symcnn.writing.printing.names import named


def givens(p: Printed) -> Text:
    """Say what is given, and what is computed from it."""
    made = p.made
    given = _series(p, (*made.inputs, *made.parameters, *made.given))
    computed = [f.tensor for f in made.forward]
    verb = "is" if len(computed) == 1 else "are"
    return ("Given ", *given, ", ", *_series(p, computed, "the"), f" {verb}")


def _series(p: Printed, tensors: Sequence[Tensor], article: str = "") -> Text:
    """Return an input x of shape H x W x C, a weight w of ..., and a bias b of ...."""
    parts = [
        (
            f"{_with_article(_word(p, t), article)} ",
            p.letter(t),
            *_extent(p, t),
            *_kind(p, t),
        )
        for t in tensors
    ]
    between = [", "] * (len(parts) - 2) + [", and " if len(parts) > 2 else " and "]
    first, *others = parts
    return (
        *first,
        *(x for comma, part in zip(between, others, strict=False) for x in (comma, *part)),
    )


def _with_article(word: str, article: str) -> str:
    """Return "a mask" or "an input", and "indices" or "factors", of which there are several."""
    if word.endswith("s") and not word.endswith(("as", "is", "ss", "us")):
        return f"{article} {word}".strip()
    return f"{article or ('an' if word[0] in 'aeiou' else 'a')} {word}"


def _extent(p: Printed, tensor: Tensor) -> Text:
    """Say how many entries a tensor has; nothing of a single number."""
    if tensor.shape == (1,):
        return ()
    return (" of shape " if len(shape_told(tensor)) > 1 else " of length ", p.shape(tensor))


def _kind(p: Printed, tensor: Tensor) -> Text:
    """Say of what numbers indices are."""
    if tensor.name in p.made.network.indexing:
        last = p.printer.tree(Integer(-1) + p.made.network.indexing[tensor.name])
        return (" whose entries are whole numbers from 0 to ", Inline(last))
    return ()


def _word(p: Printed, tensor: Tensor) -> str:
    """Say what a tensor is."""
    if tensor in p.made.inputs:
        return "output" if p.made.output.role == "loss" else "input"
    if tensor == p.made.output:
        return "loss" if tensor.role == "loss" else "output"
    if tensor in p.made.given:
        return "given gradient" if tensor.name == "gradient" else noun(tensor)
    said = noun(tensor)
    return "intermediate result" if said == tensor.label else said


def remarks(p: Printed, trial: Trial, positive: Collection[str]) -> Text:
    """Say what the forward formulas take for granted.

    Args:
        p: What prints the statement.
        trial: At which sizes its formulas were tried.
        positive: The letters that are positive here, though not in every statement beside it.
    """
    borders = _borders(p) if trial.reads_outside else ()
    functions = _functions(p, p.made.forward)
    steps = map(partial(_steps, p), p.made.network.recurrences)
    told = (described(p), setting_names(p), smoothed(p), _usually(p), _lengths(p))
    own = (*told, *functions, *steps, borders, _constants(p), _usual(p))
    return joined([_supposed(p, positive), *own])


def _functions(
    p: Printed, formulas: Sequence[TensorFormula], known: Sequence[TensorFormula] = ()
) -> Iterator[Text]:
    """Define the functions that formulas call by a letter, if none that are known do."""
    before, own = (called(f.general.right for f in some) for some in (known, formulas))
    return (definition(p.made.derivation, p.printer, f) for f in own if f not in before)


def _supposed(p: Printed, positive: Collection[str]) -> Text:
    """Say for which letters formulas are defined, where it is not for all."""
    letters = (str(s) for s in p.made.network.real_letters if s.is_positive)
    own = [Inline(row(named(name), ">", "0")) for name in letters if name in positive]
    entries = (said for domain in domains(p.made) for said in _within(p, domain))
    usual = p.made.network.loss.supposed()
    needed = [one for one in hypotheses(p.made) if one not in usual]
    found = [*own, *entries, *(_condition(p, *one) for one in _ranges(needed))]
    windows = "We assume that every window contains an entry of the input."
    said: Text = ("We assume ", *listed(found), ".") if found else ()
    return joined((said, (windows,) if _needs_entries(p.made) else ()))


def _needs_entries(made: Statement) -> bool:
    """Tell whether a maximum or a mean has no value for a window that lies in its padding."""
    last, counts = made.network.layers[-1], (f.tensor.role == "constant" for f in made.forward)
    pads = isinstance(last, Pool) and last.needs_entries and bool(last.padding)
    return pads and (bool(made.derivation.routings) or any(counts))


def _usually(p: Printed) -> Text:
    """Say from which ranges the settings of a loss are, which its derivatives do not need."""
    found = [_condition(p, *one) for one in _ranges(p.made.network.loss.supposed())]
    return ("Usually, ", *listed(found), ".") if found else ()


def _within(p: Printed, domain: Domain | Relational) -> Iterator[Inline]:
    """Print which numbers an entry may be: 0 < y_q < 1, or b_q not 0."""
    if isinstance(domain, Relational):
        yield p.formula(domain)
        return
    entry, tree, never = p.printer.tree(domain.entry), p.printer.tree, domain.never
    low, high = domain.above, domain.below
    if not high.is_infinite:
        least = () if low.is_infinite else (tree(low), "<" if low in never else r"\le")
        yield Inline(row(*least, entry, "<" if high in never else r"\le", tree(high)))
    elif not low.is_infinite:
        yield Inline(row(entry, ">" if low in never else r"\ge", tree(low)))
    if domain.other_than is not None and low < domain.other_than < high:
        yield Inline(row(entry, r"\neq", tree(domain.other_than)))


def _ranges(conditions: Sequence[Relational]) -> Iterator[tuple[Relational, ...]]:
    """Run over conditions, a lower and an upper bound of a letter together: 0 <= alpha <= 1."""
    lower = {c.rhs: c for c in conditions if isinstance(c, Le) and c.lhs.is_number}
    upper = [c for c in conditions if isinstance(c, Le | Lt) and c.lhs in lower]
    both = {lower[c.lhs]: c for c in upper}
    for one in conditions:
        if one not in upper:
            yield (one, both[one]) if one in both else (one,)


def _condition(p: Printed, one: Relational, *above: Relational) -> Inline:
    """Print a condition: an upper bound as it stands, P <= H - 1."""
    if not isinstance(one, Le):
        return p.formula(one)
    made = row(p.printer.tree(one.lhs), r"\le", p.printer.tree(one.rhs))
    for bound in above:
        made = row(made, r"\le" if isinstance(bound, Le) else "<", p.printer.tree(bound.rhs))
    return Inline(made)


def _lengths(p: Printed) -> Text:
    """Define the lengths that follow from other sizes."""
    shapes = (n for tensor in p.made.tensors for n in tensor.shape)
    used = dict.fromkeys([*shapes, *p.made.network.relations])
    lengths = [n for n in used if isinstance(n, Length)]
    others = {n.definition: n for n in lengths}
    found = [Inline(defined_length(n, others)) for n in lengths]
    return ("Here ", *listed(found), ".") if found else ()


def _steps(p: Printed, recurrence: Recurrence) -> Text:
    """Say in which order the steps of a recurrence are computed, and what is known before them."""
    own = [e for e in p.made.network.equations if e.target.base in recurrence.order]
    axis = recurrence.axis
    earlier = dict.fromkeys(
        read.base
        for e in own
        for read in accesses(e.value)
        if read.base in recurrence.order and read.indices[axis] != e.target.indices[axis]
    )
    letters = listed([p.letter(p.made.derivation.tensors[base]) for base in earlier])
    verb = "is" if len(earlier) == 1 else "are"
    first, last = ("last", "first") if recurrence.back else ("first", "last")
    order = f"Steps are computed from the {first} to the {last}; before the {first} one, "
    return (order, *letters, f" {verb} 0.")


def through_steps(p: Printed) -> Text:
    """Say in which order the error signals of a recurrence follow from each other."""
    found = p.made.network.recurrences
    if not found:
        return ()
    first, last = ("last", "first") if found[0].back else ("first", "last")
    return (
        "The results of a step enter into later steps. Error signals are therefore computed from "
        f"the {last} step to the {first}, and each is a derivative along all paths, those through "
        "later steps included.",
    )


def _borders(p: Printed) -> Text:
    """Say what becomes of entries outside the input."""
    made = {f.tensor.base for f in p.made.forward}
    own = [e for e in p.made.network.equations if e.target.base in made]
    if any(isinstance(e.reduction, Max) for e in own):
        return ("Entries outside the input take no part in the maximum.",)
    return ("Entries outside the input count as 0.",)


def _usual(p: Printed) -> Text:
    """Say what a loss is whose textbook formula is another one, if its target sums to 1."""
    stage = p.made.network.loss_stage
    if p.made.output != stage.loss or not stage.usual or not p.made.given:
        return ()
    form = forward_form(p.made.derivation, stage.usual)
    equal = row(p.printer.tree(form.left), "=", *terms_of(form, p.printer))
    return ("Where the entries of ", p.letter(p.made.given[0]), " sum to 1, ", Inline(equal), ".")


def _constants(p: Printed) -> Text:
    """Say what the letters of constants stand for."""
    pairs = (pair for f in p.made.formulas for pair in p.constants.called(f.general.right))
    every = [Inline(row(letter, "=", value)) for letter, value in dict.fromkeys(pairs)]
    return ("Here ", *listed(every), ".") if every else ()


def supposition(p: Printed) -> Text:
    """Say what is differentiated: any L that depends on the output."""
    output = p.made.output
    apart = kinks(p)
    alone = "every maximum is attained by one entry alone" if p.made.derivation.routings else ""
    if output.role == "loss":
        several = len(p.made.backward) > 1
        said = "derivatives of the loss are" if several else "derivative of the loss is"
        if not (apart or alone):
            return (f"The {said}",)
        between = " and " if apart and alone else ""
        return ("If ", *listed(apart), f"{between}{alone}, the {said}")
    return filled(
        "If $L$ is a differentiable function of {output}{where}, and {signal}, then",
        p.letters,
        output=p.letter(output),
        where=(*(x for one in apart for x in (", ", one)), f", {alone}" if alone else ""),
        signal=p.definition(output),
    )


def independence(p: Printed) -> Text:
    """Say that an output depends on none of the inputs."""
    (read, *_), made = p.made.inputs, p.made.output
    return filled(
        "No entry of {output} is computed from {input}. If $L$ depends on {input} through {output} "
        "alone, its derivative with respect to every entry of {input} is 0.",
        p.letters,
        output=p.letter(made),
        input=p.letter(read),
    )


def meanings(p: Printed) -> Text:
    """Define what derivatives hold and the forward formulas do not: functions, and maxima's R."""
    routings = p.made.derivation.routings
    functions = _functions(p, p.made.backward, known=p.made.forward)
    maxima = (("Here ", *attaining(r, p.printer.tree)) for r in routings)
    return joined([*functions, *maxima, _idle(p)])


def _idle(p: Printed) -> Text:
    """Say that what is only compared has no other derivative than 0."""
    moved = {*p.made.network.indexing, *(f.tensor.name for f in p.made.backward)}
    idle = [p.letter(tensor) for tensor in p.made.inputs if tensor.name not in moved]
    of = ("The derivative of $L$ with respect to {inputs} is 0 wherever it exists.",)
    return filled(*of, p.letters, inputs=listed(idle)) if idle else ()
