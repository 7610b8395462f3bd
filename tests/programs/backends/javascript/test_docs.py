"""The example of the documentation prints what its comments say."""

import re
from pathlib import Path

import symcnn as sc
from tests.programs.backends.javascript.node import module, needs_node, node

PAGE = Path(__file__).parents[4] / "docs" / "javascript.md"


@needs_node
def test_the_example_prints_what_it_says(tmp_path):
    (example,) = re.findall(r"```js\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    problem = sc.examples.cnn_by_hand()
    text = module(problem.derivation, problem.values)
    (tmp_path / "model.mjs").write_text(text, encoding="utf-8")
    said = re.findall(r"// ([^:]+):", example)
    printed = [
        re.sub(r".*\[ (.*) \]", r"\1", line) for line in node(example, tmp_path).splitlines()
    ]
    assert len(said) == len(printed) == 3
    for expected, line in zip(said, printed, strict=True):
        assert line.startswith(expected.removesuffix("..."))


@needs_node
def test_the_example_of_a_page_runs(tmp_path):
    page = PAGE.read_text(encoding="utf-8")
    (example,) = re.findall(r'```html\n<script type="module">\n(.*?)</script>', page, re.DOTALL)
    problem = sc.examples.cnn_by_hand()
    text = module(problem.derivation, problem.values)
    (tmp_path / "model.mjs").write_text(text, encoding="utf-8")
    weights = problem.values | {"dense1.weight": [0.1, 0.4, 0.6]}
    expected = sc.lambdify(problem.derivation)(weights).loss
    assert node(f"{example}\nconsole.log(loss);", tmp_path) == f"{expected}\n"
