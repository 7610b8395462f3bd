"""Documents as files: LaTeX, Typst, HTML, Markdown and text, and how their pages are filled."""
