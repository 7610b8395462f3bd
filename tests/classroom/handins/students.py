"""What students of one class hand in, in every format, with the verdicts that were found by hand.

The network is that of "CNN by hand": conv1[0,0,0] is 0.2 + 0.04 = 0.24, conv1[0,0,1] is 0.1 + 0.16,
that is 0.26, and 0.42 and 0.28 are the products of the sums; the loss is 0.0304.
"""

import json

import symcnn as sc

BY_HAND = sc.examples.cnn_by_hand()

SCHEME = {"quantities": ["conv1", "loss"]}
"""Seven figures, of a point each."""

TOML = 'student = "Ada"\nconv1 = [0.24, 0.26, "?", "?", "?", "?"]\nloss = 0.0304\n'
JSON = json.dumps({"conv1": ["0.42", "0.28", "?", "?", "?", "?"], "loss": "0.0304"})
TABLE = 'Name;"conv1[0,0,0]";loss\nCarla;0,24;0,0304\nDörte;0,42;?\n'
PLAIN = 'student,"conv1[0,0,0]",loss\nErik,0.24,0.0304\n'
MOODLE = (
    "\N{BOM}Nachname,Vorname,E-Mail-Adresse,Status,Begonnen,Bewertung/7.00,Antwort 1\n"
    'Weber,Frieda,f@example.org,Beendet,heute,3.00,"Teil 1: 0,24; Teil 2: 0,28; Teil 3: ; '
    'Teil 4: ; Teil 5: ; Teil 6: ; Teil 7: 0,0304"\n'
    "Gesamtdurchschnitt,,,,,3.00,\n"
)

MIXED = {
    "ada.toml": TOML,
    "Ben.json": JSON,
    "form/table.csv": TABLE,
    "form/plain.csv": PLAIN,
    "moodle.csv": MOODLE,
}

EXPECTED = {
    "Ada": {"right": 3, "missing": 4},
    "Ben": {"right": 1, "wrong": 2, "missing": 4},
    "Erik": {"right": 2, "missing": 5},
    "Carla": {"right": 2, "missing": 5},
    "Dörte": {"wrong": 1, "missing": 6},
    "Frieda Weber": {"right": 2, "wrong": 1, "missing": 4},
}


def handed_in(folder, files):
    """Write files into a folder, and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def counts(marking):
    """Return how many figures have each verdict."""
    verdicts = [figure.verdict for figure in marking.figures]
    return {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}


def marked(*paths, problem=BY_HAND, **scheme):
    return sc.mark_class(problem, [*paths], **{**SCHEME, **scheme})
