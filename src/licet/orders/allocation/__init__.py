"""An order book through law and ledger in a declared order: a plan that is reviewed, then posted or thrown away."""

from licet.orders.allocation.plan import Plan, read_plan
from licet.orders.allocation.planning import Planned, allocate_files
from licet.orders.allocation.posting import Posted, discard, post, reserve

__all__ = ["Plan", "Planned", "Posted", "allocate_files", "discard", "post", "read_plan", "reserve"]
