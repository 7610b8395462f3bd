"""How Sphinx builds the site: its parts, its theme, and what it is strict about.

    python -m sphinx -W --keep-going -n docs build/site

Pages are Markdown that GitHub shows as well. The gallery and the atlas are made from
``derivations/`` (see ``site_pages.py``), the reference from docstrings (``site_api.py``), and
formulas are MathML: a reader's browser asks nobody else for anything.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import symcnn  # noqa: E402  # found so

project, release = "symcnn", symcnn.__version__
html_title = "symcnn"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "site_api",
    "site_math",
    "site_pages",
    "symcnn",
]

html_math_renderer = "mathml"
smartquotes = False  # what is quoted is mostly code

# Markdown as GitHub reads it, with directives.
myst_enable_extensions = ["attrs_inline", "colon_fence", "dollarmath"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 4


# The reference: classes with what they say of their fields, in the order of their files.
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
autodoc_preserve_defaults = True
napoleon_use_ivar = True
napoleon_use_rtype = False
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True
add_module_names = False

# Names of other packages cannot be linked without fetching their lists.
nitpick_ignore_regex = [("py:.*", r"(?!symcnn\.\w+$).*")]  # and what is not public has no page

html_theme = "pydata_sphinx_theme"
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["symcnn.css", "site.css"]
html_context = {"default_mode": "auto"}
html_copy_source = False
html_show_sphinx = False
html_sidebars = {"index": []}
html_theme_options = {
    "logo": {"text": "symcnn"},
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "navigation_with_keys": False,
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
    "show_toc_level": 2,
    "show_nav_level": 1,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"
