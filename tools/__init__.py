"""Programs for those who work on Guanxi; the product itself imports nothing from here."""
