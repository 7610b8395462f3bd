"""The network entry by entry: as many edges as terms, one winner a window, one colour a filter."""

from collections import Counter
from itertools import combinations

import pytest
from sympy import Rational, Symbol

import symcnn as sc
from symcnn.document.pictures.edges import edges
from symcnn.document.pictures.graph import graph
from symcnn.document.pictures.network import asked_network, network
from symcnn.document.pictures.texts import Texts
from symcnn.document.story.pictures import network_picture
from symcnn.writing.drawing.bounds import label_bounds
from symcnn.writing.drawing.picture import Box, Disc, Label, Line
from symcnn.writing.formula.latex import latex
from tests.document.networks import problem_of
from tests.document.pictures.contexts import MAKERS, context, material_of, said
from tests.draws import some


def drawn(*layers, shape=(4, 4, 1), loss=None, **more):
    made = sc.Network(shape, layers, loss or sc.HalfSquaredError(), **more)
    return material_of(problem_of(made, "drawn"))


def ends(made):
    return Counter((str(e.source), str(e.target), str(e.weight)) for e in edges(made))


def test_the_seed_has_the_edges_that_one_counts_by_hand():
    pairs = ends(context("seed"))
    convolution = Counter(
        (f"x_{i + u}", f"z_{i + 1}{k}", f"w_{u}{k}")
        for i in range(2)
        for u in (1, 2)
        for k in (1, 2, 3)
    )
    rest = [(f"z_{i}{k}", f"p_{k}", "None") for i in (1, 2) for k in (1, 2, 3)]
    rest += [(f"p_{k}", f"f_{k}", "None") for k in (1, 2, 3)]
    rest += [(f"f_{k}", "z^(2)", f"w^(2)_{k}") for k in (1, 2, 3)]
    rest += [("z^(2)", "a", "None"), ("a", "L", "None"), ("t", "L", "None")]
    assert pairs == convolution + Counter(rest)


def test_padding_has_no_edges_and_strides_leave_entries_out():
    made = drawn(sc.Conv2D(1, 3, stride=2, padding=1))
    expected = Counter(
        (f"x_{r + 1}{c + 1}", f"z_{i + 1}{j + 1}", f"w_{u + 1}{v + 1}")
        for i in range(2)
        for j in range(2)
        for u in range(3)
        for v in range(3)
        if 0 <= (r := 2 * i + u - 1) < 4 and 0 <= (c := 2 * j + v - 1) < 4
    )
    biases = Counter(("None", f"z_{i}{j}", "b") for i in (1, 2) for j in (1, 2))
    loss = Counter((f"{n}_{i}{j}", "L", "None") for n in "zt" for i in (1, 2) for j in (1, 2))
    assert ends(made) == expected + biases + loss


@pytest.mark.parametrize(("ties", "winners"), [("first", 1), ("split", 3)])
def test_a_window_with_a_tie_has_the_winners_of_its_rule(ties, winners):
    layers = [sc.MaxPool2D(2, ties=ties)]
    made = sc.Network((2, 2, 1), layers, sc.SumOfOutputs())
    kinds = [e.kind for e in edges(material_of(sc.Problem(made, {"x": [1, 3, 3, 3]})))]
    assert kinds[:4] == ["loser", *["winner"] * winners, *["loser"] * (3 - winners)]


@pytest.mark.parametrize("name", ["seed", "yrgo-cnn-by-hand", "strided, padded, grouped"])
def test_every_window_has_one_winner(name):
    pools = [e for e in edges(context(name)) if e.kind in ("winner", "loser")]
    won = Counter(str(e.target) for e in pools if e.kind == "winner")
    assert set(won) == {str(e.target) for e in pools}
    assert set(won.values()) == {1}


def test_the_largest_entry_of_every_window_wins():
    made = context("yrgo-cnn-by-hand")
    pools = [e for e in edges(made) if e.kind in ("winner", "loser")]
    largest = {e.target: made.value(e.source) for e in pools if e.kind == "winner"}
    assert len(largest) == 4
    assert all(made.value(e.source) <= largest[e.target] for e in pools)


def lines(picture):
    return [shape for shape in picture.shapes if isinstance(shape, Line)]


def test_winners_are_thick_and_losers_dashed():
    picture, *_ = network(context("seed"))
    assert sum(line.thick for line in lines(picture)) == 3
    assert {line.ink for line in lines(picture) if line.thick} == {1, 2, 3}
    dashed = [line for line in lines(picture) if line.dashed]
    assert [line.ink for line in dashed] == [1, 2, 3]
    assert not any(line.thick and line.dashed for line in lines(picture))


def test_a_filter_has_one_colour_wherever_it_is_used():
    made = graph(context("seed"))
    inks = Counter(
        (edge.weight.name[-1], ink)
        for (_, _, edge), ink in zip(made.lines, made.line_inks, strict=True)
        if edge.filter
    )
    assert inks == {("1", 1): 4, ("2", 2): 4, ("3", 3): 4}


@pytest.mark.parametrize(
    ("layers", "loss"),
    [
        ([sc.Conv1D(1, 2)], sc.SumOfOutputs()),
        ([sc.Conv1D(1, 2), sc.ReLU()], sc.HalfSquaredError()),
        ([sc.Conv1D(1, 2), sc.Flatten()], sc.SoftmaxCrossEntropy()),
    ],
)
def test_the_loss_has_no_filters_colour(layers, loss):
    made = graph(drawn(*layers, shape=(4, 1), loss=loss))
    tensors = [made.tensor(end) for _, end, _ in made.lines]
    into = [i for t, i in zip(tensors, made.line_inks, strict=True) if t.name.startswith("loss")]
    assert len(into) >= 2
    assert set(into) == {0}
    assert made.inks[made.context.derivation.network.loss_tensor.symbol((0,))] == 0
    assert made.passes_on == any(isinstance(layer, sc.ReLU) for layer in layers)


def test_weights_that_are_used_once_have_no_colour():
    made = graph(context("mazur-2015"))
    assert set(made.line_inks) == {0}
    assert not any(edge.filter for edge in made.every)


def test_a_kernel_that_two_layers_share_has_the_same_colours_in_both():
    kernel = sc.Conv1D(2, 1, bias=False, name="first")
    again = sc.Conv1D(2, 1, bias=False, weight_from="first")
    made = graph(drawn(kernel, again, shape=(2, 2), loss=sc.SumOfOutputs()))
    colours = {
        (edge.filter, ink)
        for (_, _, edge), ink in zip(made.lines, made.line_inks, strict=True)
        if edge.filter
    }
    assert colours == {(("first.weight", (0,)), 1), (("first.weight", (1,)), 2)}


def test_copies_share_the_nodes_of_what_they_copy():
    made = graph(context("seed"))
    assert made.merged == {"flatten1": "pool1"}
    names = [[str(key) for key in column] for column in made.columns]
    assert names == [
        ["x_1", "x_2", "x_3"],
        ["z_11", "z_21", "z_12", "z_22", "z_13", "z_23"],
        ["p_1", "p_2", "p_3"],
        ["z^(2)"],
        ["a", "t"],
        ["L"],
    ]


def test_a_skip_connection_passes_the_columns_in_lanes():
    made = graph(drawn(sc.Tanh(), sc.Sigmoid(), sc.Add(inputs=("x", "sigmoid1")), shape=(2,)))
    assert [(str(lane.source), lane.column) for lane in made.passing] == [
        ("x_1", 1),
        ("x_1", 2),
        ("x_2", 1),
        ("x_2", 2),
    ]


def test_edges_pass_a_column_between_their_ends():
    """In geoj's network, z^(2) leads to L past the normaliser: no edge makes an arch."""
    made = material_of(MAKERS["geoj-cs231n-two-layer"](), detail="full")
    picture = network(made).picture
    bent = [s for s in picture.shapes if isinstance(s, Line) and len(s.points) > 3]
    assert len(bent) == 3
    for line in bent:
        (_, start), *between, (_, end) = line.points
        assert all(min(start, end) <= y <= max(start, end) + 15 for _, y in between)


def labels(picture):
    return [said(shape) for shape in picture.shapes if isinstance(shape, Label)]


def test_every_disc_has_its_symbol_and_value():
    picture, *_ = network(context("seed"))
    assert len([s for s in picture.shapes if isinstance(s, Disc)]) == 16
    texts = Counter(labels(picture))
    assert texts >= Counter(
        ["x_{1}", "z_{23}", "z^{(2)}", "a", "t", "L", r"\sigma\left(\cdot\right)"]
    )
    values = ["1", "0.4", "0.7", "0.24", "0.15", "0.26", "0.05", "-0.02", "0.1"]
    values += ["0.24", "0.26", "0.1", "0.214", r"\approx 0.5533", "0.8", r"\approx 0.03043"]
    assert texts >= Counter(values)
    assert texts >= Counter(
        ["input", "conv1", "pool1, flatten1", "dense1", "sigmoid1, target", "loss"]
    )


def test_below_each_value_stands_the_error_signal():
    """The derivatives of the seed, as FINDINGS has them; each label stands below its value."""
    drawn = network(context("seed"))
    assert drawn.has_signals
    signals = [text for text in labels(drawn.picture) if text.startswith(r"\delta")]
    assert set(signals) >= {
        *(r"\delta\, \approx -0.06098", r"\delta\, \approx -0.006098", r"\delta\, = 0"),
        *(
            r"\delta\, \approx -0.03049",
            r"\delta\, \approx -0.03659",
            r"\delta\, \approx -0.2467",
        ),
        *(
            r"\delta\, \approx -0.01037",
            r"\delta\, \approx 0.006098",
            r"\delta\, \approx -0.007317",
        ),
    }
    assert sum(text.startswith(r"\delta") for text in signals) == 14
    assert "The error signals are δ ≈ -0.01037 at x₁, δ" in drawn.picture.alt
    assert {"values", "error signals"} <= set(labels(drawn.picture))
    ends = [s.points for s in lines(drawn.picture) if s.arrow]
    assert sorted(x1 > x0 for (x0, _), (x1, _) in ends) == [False, True]


def test_students_find_the_error_signals_themselves():
    asked = asked_network(network(context("seed")).graph).picture
    assert {text for text in labels(asked) if text.startswith(r"\delta")} == {r"\delta"}
    assert "δ" not in asked.alt


def boxes(picture):
    return [shape for shape in picture.shapes if isinstance(shape, Box)]


def test_students_have_a_box_for_every_number_that_the_solution_prints():
    solved = network(context("seed"))
    asked = asked_network(solved.graph)
    answers = Counter(labels(solved.picture)) - Counter(labels(asked.picture))
    assert len(boxes(asked.picture)) == answers.total() == 12 + 14
    assert Counter(labels(asked.picture))[r"\delta"] == 14
    assert set(labels(asked.picture)) >= {"1", "0.4", "0.7", "0.8", "w_{23}", "w^{(2)}_{3}"}
    assert all(box.width > 30 and box.height > 12 for box in boxes(asked.picture))


@pytest.mark.parametrize("name", some(MAKERS))
def test_boxes_stand_below_the_discs_of_computed_entries(name):
    solved = network(context(name))
    asked = solved and asked_network(solved.graph)
    if not asked or not asked.look.has_values:
        return
    texts = Texts(context(name))
    computed = {s for s in solved.graph.column if isinstance(s, Symbol) and texts.is_answer(s)}
    own = boxes(asked.picture)
    below = [
        disc
        for disc in asked.picture.shapes
        if isinstance(disc, Disc)
        for box in own
        if pytest.approx(disc.x) in (box.x + box.width / 2, box.x + box.width + 1)
        and box.y == pytest.approx(disc.y + asked_radius(asked) + 2)
    ]
    assert len(below) == len(computed)
    signals = labels(asked.picture).count(r"\delta")
    assert len(own) == len(computed) + signals


def asked_radius(asked):
    return next(s.radius for s in asked.picture.shapes if isinstance(s, Disc))


LAYERS = {
    "a pool": [sc.Conv1D(2, 2), sc.MaxPool1D(2), sc.Flatten(), sc.Dense(1), sc.Tanh()],
    "cases": [sc.Conv1D(1, 2), sc.LeakyReLU(), sc.Flatten(), sc.Dense(2), sc.Softmax()],
}


@pytest.mark.parametrize("units", [8, 10, 12])
def test_there_are_boxes_for_both_or_for_neither(units):
    """Where two boxes have no room one below the other, they stand beside each other."""
    solved = network(drawn(sc.Dense(units), sc.Tanh(), shape=(1,), loss=sc.SumOfOutputs()))
    asked = asked_network(solved.graph)
    assert asked.look.is_beside is (units > 8)
    below = Counter((box.width, box.height) for box in boxes(asked.picture))
    assert list(below.values()) == [2 * 2 * units + 2]  # L, and the error signal of the input
    assert labels(asked.picture).count(r"\delta") == 2 * units + 1
    outlines = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in boxes(asked.picture)]
    pairs = combinations(outlines, 2)
    assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in pairs)


def test_that_there_is_a_picture_does_not_depend_on_values():
    """Twelve columns are too many for long numbers; then the discs and edges are there."""
    made = sc.Network((1,), [sc.Tanh() for _ in range(10)], sc.SumOfOutputs())
    drawn = network(material_of(sc.Problem(made, {"x": [Rational(1, 3)]}, title="long")))
    assert not drawn.look.has_values
    assert len([s for s in drawn.picture.shapes if isinstance(s, Disc)]) == 12
    (_, _, shown) = network_picture(drawn.graph.context)
    assert shown.caption[1] == "There is no room for the values that are computed."


def test_where_boxes_have_no_room_there_is_nothing_below_the_discs():
    """Thirteen columns of short numbers fill the width of the page."""
    made = sc.Network((1,), [sc.ReLU() for _ in range(12)], sc.SumOfOutputs())
    solved = network(material_of(sc.Problem(made, {"x": [3]}, title="a long chain")))
    assert labels(solved.picture).count("3") == 14
    asked = asked_network(solved.graph).picture
    assert labels(asked).count("3") == 1
    assert boxes(asked) == []


@pytest.mark.parametrize("name", LAYERS)
def test_a_students_picture_does_not_depend_on_what_is_computed(name):
    """The input and the target are printed, the weights are not: others make the same picture."""
    made = sc.Network((3, 1), LAYERS[name], sc.HalfSquaredError())
    values = {"x": [1, 2, 3], "target": [1, 1][: made.target.size]}
    pictures = []
    for scale in (1, Rational(-1, 10**4)):
        weights = {t.name: [scale * (n + 1) for n in range(t.size)] for t in made.parameters}
        drawn = network(material_of(sc.Problem(made, values | weights, title="drawn")))
        pictures.append(asked_network(drawn.graph).picture)
    assert pictures[0] == pictures[1]


def test_edges_bend_past_the_boxes():
    asked = asked_network(network(context("seed")).graph)
    assert asked.has_weights
    assert asked.has_functions
    drawn_edges = lines(asked.picture)
    assert not any(line.thick or line.dashed for line in drawn_edges)
    firsts = [line.points for line in drawn_edges if len(line.points) > 2]
    assert all(points[0][1] == points[1][1] or points[-1][1] == points[-2][1] for points in firsts)


@pytest.mark.parametrize("name", MAKERS)
def test_all_edges_with_weights_are_labelled_or_none(name):
    drawn = network(context(name))
    if drawn is None:
        return
    texts = Texts(context(name)).symbol
    wanted = Counter(latex(texts(e.weight)) for *_, e in drawn.graph.lines if e.weight is not None)
    found = Counter(labels(drawn.picture))
    shown = {text: found[text] for text in wanted}
    assert shown == (wanted if drawn.has_weights else dict.fromkeys(wanted, 0))


def test_every_weight_of_the_seed_finds_room():
    weights = {f"w_{{{u}{k}}}" for u in (1, 2) for k in (1, 2, 3)}
    weights |= {f"w^{{(2)}}_{{{k}}}" for k in (1, 2, 3)}
    assert weights <= set(labels(network(context("seed"))[0]))


@pytest.mark.parametrize("name", ["mazur-2015", "d2l-corr2d", "dsse-27506-backprop-in-cnn"])
def test_labels_of_edges_keep_apart(name):
    """Four points are free between any two labels of edges, two on the side of each."""
    drawn = network(context(name))
    weights = {
        latex(Texts(context(name)).symbol(e.weight)) for *_, e in drawn.graph.lines if e.weight
    }
    shown = [s for s in drawn.picture.shapes if isinstance(s, Label) and said(s) in weights]
    around = [label_bounds(label).widened(2) for label in shown]
    assert len(around) >= 8
    assert not any(one.meets(other) for one, other in combinations(around, 2))


def test_the_alt_text_tells_what_is_seen_and_keeps_answers_from_students():
    drawn = network(context("seed"))
    picture, asked = drawn.picture, asked_network(drawn.graph).picture
    assert "x₁ = 1, x₂ = 0.4, x₃ = 0.7; z₁₁ = 0.24" in picture.alt
    assert "a ≈ 0.5533, t = 0.8; L ≈ 0.03043. 24 edges" in picture.alt
    assert "windows are z₁₁, z₁₂, z₂₃." in picture.alt
    assert "x₁ = 1, x₂ = 0.4, x₃ = 0.7; z₁₁, z₂₁" in asked.alt
    assert "a, t = 0.8; L. 24 edges" in asked.alt
    assert "windows" not in asked.alt


def test_large_networks_are_not_drawn_entry_by_entry():
    assert network(context("strided, padded, grouped")) is None
    assert network(drawn(sc.Conv2D(1, 3), shape=(30, 30, 1), loss=sc.Upstream())) is None


def test_many_small_networks_are():
    """A third or so; which ones are drawn does not decide whether a quarter is reached."""
    small = [name for name in MAKERS if name.startswith("small")]
    assert sum(network(context(name)) is not None for name in small) >= len(small) / 4


def test_an_edge_with_several_weights_is_drawn_once_and_says_so():
    """The notebook multiplies each sum of weights by each sum of entries."""
    problem = sc.examples.cnn_by_hand_as_published()
    made = graph(material_of(problem))
    ends = [(start, end, edge.kind) for start, end, edge in made.lines]
    assert len(ends) == len(set(ends))
    assert made.has_several_weights
    *_, drawn = network_picture(material_of(problem, detail="full"))
    assert "An edge may carry several weights; they are not shown." in "".join(drawn.caption)
    assert not graph(material_of(sc.examples.cnn_by_hand())).has_several_weights
