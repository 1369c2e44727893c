"""A transaction under a law: verdict, trace, obligations, what is missing."""
