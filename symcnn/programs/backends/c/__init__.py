"""The C backend: C99 that allocates nothing and needs the functions of math.h at most.

Small plans become one statement for each entry, as in ``scalar``; larger ones become loops over a
static workspace, equation by equation, where tensors that are not needed at the same time lie in
the same memory.
"""
