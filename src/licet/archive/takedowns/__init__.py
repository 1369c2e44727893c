"""Taking down: requests, decisions, legal holds, and the erasing of records with a tombstone in their place."""

from licet.archive.takedowns.model import GROUNDS, SCOPES, Case, Erasure, Ground, Hold, Policy, Reporter, Scope, Status

__all__ = ["GROUNDS", "SCOPES", "Case", "Erasure", "Ground", "Hold", "Policy", "Reporter", "Scope", "Status"]
