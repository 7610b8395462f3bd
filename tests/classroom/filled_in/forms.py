"""Forms of PDFs filled in by pypdf, as a viewer does it."""

import io

import pypdf


def named(figure):
    """Return what a figure's field is called in a PDF, where a dot means something else."""
    return figure.replace(".", ":")


def fields_of(content):
    """Return the names of the fields of a PDF, and how many boxes each has."""
    form = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/AcroForm"]
    made = [field.get_object() for field in form["/Fields"]]
    return {field["/T"]: len(field["/Kids"]) for field in made}


def filled(content, answers):
    """Type answers into the boxes of their fields."""
    book = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for page in book.pages:
        if "/Annots" in page:
            texts = {named(name): text for name, text in answers.items()}
            book.update_page_form_field_values(page, texts, auto_regenerate=False)
    made = io.BytesIO()
    book.write(made)
    return made.getvalue()
