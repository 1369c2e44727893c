"""Subscriptions: what readers follow without an account, and the feeds that tell them."""

from licet.archive.subscribing.feeds import FORMS, MEDIA_TYPES, Entry, Feed, Form
from licet.archive.subscribing.store import Subscription, Subscriptions
from licet.archive.subscribing.wanted import Wanted

__all__ = ["FORMS", "MEDIA_TYPES", "Entry", "Feed", "Form", "Subscription", "Subscriptions", "Wanted"]
