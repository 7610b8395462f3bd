"""PDFs with forms, byte by byte, as no writer of symcnn's makes them."""

import zlib


def pdf(*objects, trailer=""):
    """Return a PDF of objects, which are numbered from 1; the first is the catalogue."""
    made, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        body = content.encode("latin-1") if isinstance(content, str) else content
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    end = f"trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
    return made + end.encode()


PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"


def form(*fields, more=""):
    """Return a PDF with fields, which are objects from number 5 on."""
    listed = " ".join(f"{5 + n} 0 R" for n in range(len(fields)))
    catalogue = "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>"
    return pdf(catalogue, PAGES, PAGE, f"<</Fields[{listed}]{more}>>", *fields)


def field(name, value, more=""):
    return f"<</FT/Tx/T({name})/V({value}){more}>>"


def answered(**answers):
    return form(*(field(name, value) for name, value in answers.items()))


def stream(content, entries=""):
    """Return a compressed stream."""
    made = zlib.compress(content, 9)
    head = f"<</Length {len(made)}/Filter/FlateDecode{entries}>>\nstream\n".encode()
    return head + made + b"\nendstream"


def bomb(size):
    """Return a PDF whose fields stand in a stream that unfolds to so many bytes."""
    objects = stream(
        b"5 0 " + b"<</FT/Tx/T(loss)/V(0.03)>>" + b" " * size, "/Type/ObjStm/N 1/First 4"
    )
    made = b"%PDF-1.5\n"
    parts = ["<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>", PAGES, PAGE, objects]
    places = []
    for number, content in enumerate(parts, start=1):
        places.append(len(made))
        body = content.encode() if isinstance(content, str) else content
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), (2, 4, 0), (1, start, 0)]
    table = b"".join(bytes([k]) + p.to_bytes(4, "big") + g.to_bytes(2, "big") for k, p, g in rows)
    xref = stream(table, f"/Type/XRef/Size {len(rows)}/W[1 4 2]/Root 1 0 R")
    return made + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 2, xref, start)
