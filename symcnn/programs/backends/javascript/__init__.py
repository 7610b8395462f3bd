"""The JavaScript backend: one module for Node and for web pages, in plain statements.

Small plans become one statement for each entry, as in ``scalar``; larger ones become loops over
typed arrays, equation by equation.
"""
