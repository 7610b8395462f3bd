"""Plain statements in a language of braces: what JavaScript and C have in common.

Small plans become one statement for each entry; larger ones become loops over arrays, equation by
equation. What a language writes differently is in its ``Language``, a table of spellings.
"""
