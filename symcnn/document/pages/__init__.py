"""Documents as files: LaTeX, HTML, Markdown and text."""
