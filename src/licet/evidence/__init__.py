"""Where the halves meet: mentions of the law in articles, snapshots behind clauses."""
