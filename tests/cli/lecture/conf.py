"""A lecture whose formulas, figures and numbers are symcnn's."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from gated import GatedConv1D

from symcnn.problems import register

register(GatedConv1D)

project = "A lecture"
extensions = ["myst_parser", "symcnn"]
myst_enable_extensions = ["dollarmath"]
numfig = True
latex_elements = {"fontpkg": "", "papersize": "a4paper"}
exclude_patterns = ["_build"]
