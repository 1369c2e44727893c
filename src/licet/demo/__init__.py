"""The demo newsroom: a small news site of our own invention, served on the loopback address.

Its outlets and events are invented; what its pages say about the law and about chips is not. It stands in for the open
web wherever Licet is shown or tested without one: two languages, five page styles, three encodings, one of them
declared under a wrong name. Some pages change, one is printed again by another outlet, one is to be taken down, and a
few give a crawler trouble.
"""

from licet.demo.newsroom import Site, newsroom
from licet.demo.stories import Page, pages

__all__ = ["Page", "Site", "newsroom", "pages"]
