"""Who may do what at the desk: people with roles, their sessions, and keys for programs."""

from licet.desk.people.model import ROLES, SCOPES, Key, Person, Role, Session
from licet.desk.people.store import People, people_file

__all__ = ["ROLES", "SCOPES", "Key", "People", "Person", "Role", "Session", "people_file"]
