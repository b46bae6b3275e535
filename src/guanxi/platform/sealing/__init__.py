"""Values that are encrypted where they are kept: what of them is stored, and the keys they are encrypted with."""
