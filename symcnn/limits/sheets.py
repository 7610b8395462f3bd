"""The limits on what stands on the front of a sheet."""

INTRODUCTION_LETTERS = 10_000
"""The characters of an introduction: three pages."""

LOGO_BYTES = 2**21
"""The bytes of a logo, which is in every sheet."""

LOGO_PIXELS = 10_000_000
"""The pixels of a logo: a typesetter may unfold it."""
