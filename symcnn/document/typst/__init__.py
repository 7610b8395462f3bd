"""Documents as Typst markup, for the PDF that needs no TeX."""
