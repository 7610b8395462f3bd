"""What the talk of this folder inputs: python talk.py FOLDER writes it there."""

import sys
from pathlib import Path

from gated import GatedConv1D, example

import symcnn as sc

PARTS = ("forward", "backward", "weights")


def written(folder):
    """Write the theorem, the macros, two pictures, and the frames of a derivation."""
    problem = example()
    layer, bare = GatedConv1D(sc.size("K")), {"checks": False, "proof": False}
    theorem = sc.theorem_for_paper(layer, title="Gated convolution", display="align*", **bare)
    by_hand = sc.explain(problem, detail="brief", sections=PARTS, digits=3)
    made = {
        "talk-theorem": theorem,
        "talk-macros": sc.macros(problem.derivation, conditions=False),
        "talk-window": sc.figure(problem, "window").to_tikz(),
        "talk-path": sc.figure(problem, "path", weight="v_1", digits=3).to_tikz(),
        "talk-frames": by_hand.to_latex(fragment=True, heading_level="frame"),
    }
    for name, text in made.items():
        (folder / f"{name}.tex").write_text(text)


if __name__ == "__main__":
    written(Path(sys.argv[1]))
