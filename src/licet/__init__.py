"""Licet: may this AI chip go there?

The law of AI-chip export control as dated, executable data, and the news archive that its evidence comes from.
"""

__version__ = "0.1.0"
