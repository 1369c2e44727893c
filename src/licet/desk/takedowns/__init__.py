"""Asking for something to be taken down, and deciding about it: pages and API."""

from licet.desk.takedowns import api, asking, reviewing
from licet.desk.takedowns.unavailable import unavailable

HANDLERS = (*asking.HANDLERS, *reviewing.HANDLERS, *api.HANDLERS)

__all__ = ["HANDLERS", "unavailable"]
