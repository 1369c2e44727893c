"""Chips and places: names in two languages, and figures with their sources.

``licet.catalog.chips`` and ``licet.catalog.places`` hold the two; ``licet.catalog.names`` how names are compared.
"""
