r"""Errors planted in the code itself: the document fails, and names the row.

Each plant changes one rule of the package for one test. What is planted in the printing alone
is seen by the document, which reads its rows back, and by the reader of these tests.
"""

import dataclasses
import importlib
import re
from decimal import Context as Decimals

import pytest
from sympy import Rational, S, Symbol, exp
from sympy import Sum as SymbolicSum

import symcnn as sc
from symcnn.derivation.entries import Entries
from symcnn.derivation.point import Point
from symcnn.document.context import Context
from symcnn.document.rows.read_back import RowReader
from symcnn.equations import LogSumExp, Mean, accesses
from symcnn.equations.functions import Iverson, first_largest, relu
from symcnn.errors import UnverifiedError
from symcnn.writing.formula import read
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.numerals import Numeral, Numerals
from tests.document.networks import problem
from tests.document.test_printed import Letters, wrong_rows
from tests.draws import one_of, some

adjoint, derivation, general, reduction = (
    importlib.import_module(f"symcnn.{name}")
    for name in (
        "derivation.adjoint",
        "derivation.derivation",
        "derivation.general",
        "equations.reduction",
    )
)


ROW = re.compile(r"[A-Z].*: the row .* does not hold: .*; please report this")
"""The section, the row, both sides."""


SHARED = "a residual connection with a shared kernel"


def seed():
    return dataclasses.replace(sc.examples.cnn_by_hand(), reconciliation=None)


# The plants: what is replaced, and by what.


def a_sign_of_the_chain_rule(plant):
    def chain_rule(*arguments):
        for step in adjoint.chain_rule(*arguments):
            turned = dataclasses.replace(step.equation, value=-step.equation.value)
            yield dataclasses.replace(step, equation=turned)

    plant(derivation, "chain_rule", chain_rule)


def a_local_factor_left_out(plant):
    plant(adjoint, "partial_by", lambda value, access: S.One)


def half_a_local_factor(plant):
    right = adjoint.partial_by
    plant(adjoint, "partial_by", lambda value, access: right(value, access) / 2)


def an_upstream_factor_left_out(plant):
    right = derivation._upstream
    plant(derivation, "_upstream", lambda *a: right(*a) and S.One)


def an_index_of_the_general_form_moved(plant):
    right = derivation.gather

    def gather(equation, free):
        made = right(equation, free)
        moved = {r: r.base[(r.indices[0] + 1, *r.indices[1:])] for r in accesses(made)}
        return made.xreplace({r: m for r, m in moved.items() if r.base.label.name == "x"})

    plant(derivation, "gather", gather)


def a_limit_of_the_general_form_lowered(plant):
    def shortened(form):
        limits = [(s, low, high - 1) for s, low, high in form.limits]
        return form.func(form.function, *limits)

    right = derivation.gather
    plant(
        derivation,
        "gather",
        lambda e, free: (lambda made: made.replace(lambda p: p.func.__name__ == "Sum", shortened))(
            right(e, free)
        ),
    )


def the_mask_of_another_position(plant):
    def swapped(terms, chosen):
        return first_largest(terms, (chosen + 1) % len(terms))

    plant(reduction, "first_largest", swapped)


def the_last_of_equal_entries(plant):
    def last_largest(terms, chosen):
        return first_largest(terms[::-1], len(terms) - 1 - chosen)

    plant(reduction, "first_largest", last_largest)


def a_term_of_the_by_hand_form_left_out(plant):
    right = Entries.terms

    def terms(self, equation, tensor, position, *leaf):
        made = right(self, equation, tensor, position, *leaf)
        return made[:-1] if tensor.role == "adjoint" and len(made) > 1 else made

    plant(Entries, "terms", terms)


def an_index_of_the_by_hand_form_moved(plant):
    right = Entries._term
    x_1, x_2 = (Symbol(name, real=True) for name in ("x_1", "x_2"))

    def term(self, listed, row, leaf):
        made = right(self, listed, row, leaf)
        backward = listed.equation.target.base.label.name.startswith("delta")
        return made.xreplace({x_1: x_2}) if backward else made

    plant(Entries, "_term", term)


def a_condition_that_is_left_out(plant):
    """Who answers for a maximum is said without a word on the other entries."""
    plant(reduction, "first_largest", lambda terms, chosen: S.One)


def weights_one_another(plant):
    """Two neighbouring weights have each other's derivative."""
    right = Entries.formula

    def formula(self, symbol):
        pair = {"delta^w_11": "delta^w_12", "delta^w_12": "delta^w_11"}
        return right(self, Symbol(pair.get(symbol.name, symbol.name), real=True))

    plant(Entries, "formula", formula)


def a_figure_of_another_entry(plant):
    right = Context.numeral

    def numeral(self, symbol):
        other = {"z_12": "z_11"}.get(symbol.name, symbol.name)
        return right(self, Symbol(other, real=True))

    plant(Context, "numeral", numeral)


def ten_times_a_small_number(plant):
    right = Numerals.rounded
    plant(Numerals, "rounded", lambda self, v: put("0.0", "0.", right(self, v), 1))


def a_forward_formula_with_another_constant(plant):
    right = general.forward_form

    def forward_form(derivation, equations):
        made = right(derivation, equations)
        return dataclasses.replace(made, checked=2 * made.checked)

    module = importlib.import_module("symcnn.document.facts.operation")
    plant(module, "forward_form", forward_form)


def a_value_that_is_rounded_on_the_way(plant):
    right = Point.value
    plant(Point, "value", lambda self, symbol: right(self, symbol).evalf(12))


def numbers_cut_off_instead_of_rounded(plant):
    plant(
        importlib.import_module("symcnn.writing.printing.numerals"),
        "Context",
        lambda prec, rounding: Decimals(prec=prec, rounding="ROUND_DOWN"),
    )


def rounded_numbers_called_equal(plant):
    right = Numerals.__call__
    plant(Numerals, "__call__", lambda self, v: Numeral(right(self, v).formula, exact=True))


SEED_PLANTS = [
    a_sign_of_the_chain_rule,
    a_local_factor_left_out,
    half_a_local_factor,
    an_upstream_factor_left_out,
    an_index_of_the_general_form_moved,
    a_limit_of_the_general_form_lowered,
    the_mask_of_another_position,
    the_last_of_equal_entries,
    a_condition_that_is_left_out,
    a_term_of_the_by_hand_form_left_out,
    an_index_of_the_by_hand_form_moved,
    weights_one_another,
    a_forward_formula_with_another_constant,
    a_value_that_is_rounded_on_the_way,
    a_figure_of_another_entry,
    ten_times_a_small_number,
    numbers_cut_off_instead_of_rounded,
    rounded_numbers_called_equal,
]


def message(stated):
    with pytest.raises(UnverifiedError) as caught:
        sc.explain(stated, detail="full")
    return str(caught.value)


@pytest.mark.parametrize("planted", some(SEED_PLANTS), ids=lambda p: p.__name__)
def test_the_document_of_the_seed_fails(monkeypatch, planted):
    stated = seed()
    planted(monkeypatch.setattr)
    assert ROW.fullmatch(message(stated))


# Plants in what the seed does not have.


def a_mean_over_one_more(plant):
    plant(Mean, "slope", lambda self, term, result, count: Rational(1, count + 1))


def a_mean_that_is_a_sum(plant):
    plant(Mean, "over", lambda self, term, limits: SymbolicSum(term, *limits))


def a_softmax_without_its_normaliser(plant):
    plant(LogSumExp, "slope", lambda self, term, result, count: exp(term))


def a_path_through_a_shared_weight_left_out(plant):
    right, seen = derivation.chain_rule, set()

    def chain_rule(*arguments):
        for step in right(*arguments):
            if step.of.name != "first.weight" or step.of.name not in seen:
                yield step
            seen.add(step.of.name)

    plant(derivation, "chain_rule", chain_rule)


def all_of_it_to_the_first_of_equal_entries(plant):
    plant(reduction, "equal_share", first_largest)


def a_kink_on_the_other_side(plant):
    """At 0 the rectifier's slope is 0: its definition says so, whatever is differentiated."""
    plant(relu, "fdiff", lambda self, argindex=1: Iverson(self.args[0] >= 0))


def padding_that_counts(plant):
    """The general form says nothing of the terms that a guard leaves out."""
    plant(general, "conditions", lambda equation, guards: ())


def pooled(layer):
    network = sc.Network((2, 2, 1), [sc.Conv2D(1, 1), layer], sc.HalfSquaredError("sum"))
    given = {t.name: t.size for t in network.tensors.values() if t.is_given}
    values = {
        name: [(7 * n * n + 3) % 10 / 10 for n in range(size)] for name, size in given.items()
    }
    return sc.Problem(network, values)


OTHER_PLANTS = [
    (a_mean_over_one_more, lambda: problem("batch normalisation")),
    (a_mean_that_is_a_sum, lambda: problem("batch normalisation")),
    (a_softmax_without_its_normaliser, lambda: problem("logits")),
    (a_path_through_a_shared_weight_left_out, lambda: problem(SHARED)),
    (padding_that_counts, lambda: problem(SHARED)),
    (all_of_it_to_the_first_of_equal_entries, lambda: pooled(sc.MaxPool2D(2, ties="split"))),
    (a_kink_on_the_other_side, lambda: pooled(sc.ReLU())),
]


@pytest.mark.parametrize(("planted", "made"), one_of(OTHER_PLANTS), ids=lambda p: p.__name__)
def test_other_documents_fail(monkeypatch, planted, made):
    stated = made()
    planted(monkeypatch.setattr)
    assert ROW.fullmatch(message(stated))


# Plants in the printing: both readers of printed rows find them.


def put(old, new, formula, count=-1):
    """Return a formula with something else printed in it."""
    return read(latex(formula).replace(old, new, count))


def every_minus_a_plus(plant):
    right = MathPrinter._signed
    plant(MathPrinter, "_signed", lambda self, term: put("-", "+", right(self, term), 1))


def factors_that_are_not_printed(plant):
    right = MathPrinter._print_Mul
    plant(MathPrinter, "_print_Mul", lambda self, e: right(self, e.func(*e.args[:2])))


def indices_from_zero(plant):
    right = MathPrinter._print_Indexed
    plant(MathPrinter, "_print_Indexed", lambda self, e: put("u-1", "u", right(self, e)))


def strict_comparisons(plant):
    right = MathPrinter._print_Relational
    plant(MathPrinter, "_print_Relational", lambda self, e: put(r"\geq", "<", right(self, e)))


def a_rounded_number_of_a_line(plant):
    right = MathPrinter.__init__

    def init(self, *arguments, **named):
        right(self, *arguments, **named)
        for name, number in self._numbers.items():
            self._numbers[name] = put("0.24", "0.25", number)

    plant(MathPrinter, "__init__", init)


@pytest.mark.parametrize(
    "planted",
    [
        every_minus_a_plus,
        factors_that_are_not_printed,
        indices_from_zero,
        strict_comparisons,
        a_rounded_number_of_a_line,
    ],
    ids=lambda p: p.__name__,
)
def test_what_is_printed_wrongly_is_read(monkeypatch, planted):
    stated = seed()
    planted(monkeypatch.setattr)
    assert ROW.fullmatch(message(stated))
    monkeypatch.setattr(RowReader, "fault", lambda self, row: None)
    assert wrong_rows(sc.explain(stated, detail="full"), Letters(stated)) != {}
