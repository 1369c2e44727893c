"""``python -m licet`` is the command ``licet``."""

from licet.cli import main

main()
