"""The text of a module: what it exports, what it refuses, and what a page may do with it."""

import json

import pytest

import symcnn as sc
from symcnn import SymcnnError
from symcnn.cli import main
from symcnn.programs.export.module import exported
from tests.programs.backends.javascript.node import module, needs_node, node

LINE = sc.Network((2, 1), [sc.Flatten(), sc.Dense(2, name="δ'")], sc.HalfSquaredError())
VALUES = {"x": [[1], [2]], "δ'.weight": [[1, 0], [0.5, 1]], "δ'.bias": [0, 1], "target": [0, 1]}


def printed(text, folder, script):
    """Save a module and run a script that imports it; return what the script prints as JSON."""
    (folder / "model.mjs").write_text(text, encoding="utf-8")
    imports = 'import * as model from "./model.mjs";\n'
    return json.loads(node(f"{imports}console.log(JSON.stringify(({script})(model)));", folder))


def test_the_command_writes_a_module(tmp_path, capsys):
    target = tmp_path / "model.mjs"
    main(["export", "--to", "javascript", "-o", str(target)])
    assert capsys.readouterr().out == f"wrote {target}\n"
    problem = sc.examples.cnn_by_hand()
    text = exported(problem.derivation, problem.values, problem.title, "javascript")
    assert target.read_text(encoding="utf-8") == text
    assert "import" not in text
    assert "// z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u, j + v, c]\n" in text
    assert "const z_11 = w_11*x_1 + w_21*x_2;\n" in text


def test_python_cannot_call_it():
    with pytest.raises(SymcnnError, match=r"use symcnn export --to javascript$"):
        sc.lambdify(sc.derive(LINE), "javascript")


def test_letters_for_sizes_are_one_line():
    derivation = sc.derive(sc.Network((sc.size("N"),), [sc.Dense(1)], sc.HalfSquaredError()))
    with pytest.raises(SymcnnError, match=r"\.at\(") as caught:
        exported(derivation, {}, "", "javascript")
    assert "\n" not in str(caught.value)


@needs_node
@pytest.mark.parametrize("way", ["entries", "loops"])
def test_results_have_the_names_and_shapes_of_evaluate(way, tmp_path):
    made = printed(
        module(sc.derive(LINE), VALUES, way),
        tmp_path,
        "(m) => [Object.keys(m), m.VALUES, m.lossAndGradients(m.VALUES)]",
    )
    names, values, results = made
    assert names == ["SHAPES", "VALUES", "lossAndGradients", "stages"]
    assert values == VALUES
    assert results == {
        "loss": 3.625,
        "outputs": {"flatten1": [1, 2], "δ'": [1, 3.5]},
        "gradients": {
            "x": [[2.25], [2.5]],
            "flatten1": [2.25, 2.5],
            "δ'.weight": [[1, 2], [2.5, 5]],
            "δ'.bias": [1, 2.5],
            "δ'": [1, 2.5],
        },
    }


REFUSED = {
    "null": "TypeError: the values are null: give an object such as VALUES",
    "{...V, y: 1}": 'TypeError: the network takes no numbers for "y": choose from '
    "x, δ'.weight, δ'.bias, target",
    "(({x, ...rest}) => rest)(V)": 'TypeError: numbers for "x" are missing: give them in the '
    "values",
    "{...V, x: [1, 2, 3]}": "RangeError: x has the shape 3, but 2x1 is needed: give nested arrays "
    "of that shape or one flat array of 2 numbers",
    "{...V, x: 4}": "RangeError: x has the shape of a single number, but 2x1 is needed: give "
    "nested arrays of that shape or one flat array of 2 numbers",
    "{...V, x: [[1], 2]}": "TypeError: x is ragged: give every row the same number of entries",
    '{...V, x: [1, "2"]}': 'TypeError: x, number 2, is "2": a finite number is needed',
    "{...V, x: [NaN, 2]}": "TypeError: x, number 1, is NaN: a finite number is needed",
    "{...V, x: [1, 10n]}": "TypeError: x, number 2, is 10: a finite number is needed",
    "{...V, x: [null, 1]}": "TypeError: x, number 1, is null: a finite number is needed",
    "{...V, x: [1, {}]}": "TypeError: x, number 2, is [object Object]: a finite number is needed",
    "{...V, target: [1e200, 0]}": "RangeError: loss, number 1, is Infinity: a division by 0, a "
    "logarithm of 0 or an overflow occurs: choose other numbers",
}
ACCEPTED = ("V", "{...V, x: [1, 2]}", "{...V, x: Float64Array.of(1, 2)}", "{...V, x: [[1], [2]]}")


@needs_node
@pytest.mark.parametrize("way", ["entries", "loops"])
def test_what_is_wrong_is_one_line_with_its_place(way, tmp_path):
    tried = ", ".join(f"() => ({given})" for given in (*ACCEPTED, *REFUSED))
    attempt = f"""({{ VALUES: V, lossAndGradients }}) => [{tried}].map((given) => {{
      try {{ return lossAndGradients(given()).loss; }} catch (error) {{ return String(error); }}
    }})"""
    made = printed(module(sc.derive(LINE), VALUES, way), tmp_path, attempt)
    assert made == [*[3.625] * len(ACCEPTED), *REFUSED.values()]


@needs_node
def test_indices_are_whole_and_select_an_entry(tmp_path):
    network = sc.Network((2,), [sc.Embedding(3, 1)], sc.SumOfOutputs())
    values = {"x": [2, 0], "embedding1.weight": [[5], [6], [7]]}
    attempt = """({ VALUES: V, lossAndGradients: f }) => [[2, 0], [3, 0], [0, 0.5], [-1, 0]].map(
      (x) => { try { return f({...V, x}).loss; } catch (error) { return String(error); } })"""
    needed = "but it is an index: give a whole number from 0 to 2"
    assert printed(module(sc.derive(network), values), tmp_path, attempt) == [
        12,
        f"RangeError: x, number 1, is 3, {needed}",
        f"RangeError: x, number 2, is 0.5, {needed}",
        f"RangeError: x, number 1, is -1, {needed}",
    ]


NASTY = ("__proto__", "constructor", "</script><script>alert(1)</script>", '"*/`${x}\\', "new")


@needs_node
@pytest.mark.parametrize("way", ["entries", "loops"])
def test_no_name_or_title_becomes_a_script(way, tmp_path):
    layers = [sc.Dense(1, name=name) for name in NASTY]
    derivation = sc.derive(sc.Network((1,), layers, sc.SumOfOutputs()))
    values = {"x": [1]}
    values |= {f"{name}.weight": [[2]] for name in NASTY} | {f"{name}.bias": [0] for name in NASTY}
    title = "</script>\u2028alert(1)\n*/ <!-- `${alert(1)}"
    text = module(derivation, values, way).replace("an example", "")
    assert printed(text, tmp_path, "(m) => m.lossAndGradients(m.VALUES).loss") == 32
    made = printed(text, tmp_path, "(m) => Object.keys(m.lossAndGradients(m.VALUES).outputs)")
    assert made == [*NASTY]
    whole = exported(derivation, values, title, "javascript")
    assert "</" not in whole
    assert "<!--" not in whole
    assert "\u2028" not in whole
