"""Chips, the systems that hold them, and places: names in two languages, and figures with their sources.

``licet.catalog.chips``, ``systems`` and ``places`` hold the three; ``items`` looks up chips and systems together;
``names`` and ``nearness`` compare names; ``own_names`` are the operator's names of places.
"""
