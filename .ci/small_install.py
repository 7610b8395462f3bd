"""With SymPy and NumPy alone: derive, evaluate and explain the built-in example."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the checkout; nothing is installed

import symcnn as sc

problem = sc.examples.cnn_by_hand()
derivation = sc.derive(problem.network)
print("dL/dw_11 =", derivation.partial("conv1.weight", (0, 0, 0, 0), staged=True))

evaluation = sc.lambdify(derivation)(problem.values)
print("loss", evaluation.loss)
assert abs(evaluation.loss - 0.03043124508096392) < 1e-15

document = sc.explain(problem)
assert document.to_latex().rstrip().endswith(r"\end{document}")
assert "<math" in document.to_html()
assert not {"torch", "hypothesis", "rich"} & set(sys.modules)
