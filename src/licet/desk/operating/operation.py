"""What the parts around the requests work with."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from licet.desk.operating.forwarded import networks
from licet.desk.operating.measures import Measures
from licet.desk.operating.rates import Rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from licet.desk.settings import Settings

SHARED = "LICET_MEASURES"
"""The variable in which ``licet serve --workers`` tells its workers where they leave their counts."""


class Operation:
    """``clock`` gives seconds that only grow, for limits and the pace of leaving counts."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self.proxies = networks(settings.trusted_proxies)
        self.rates = Rates(clock)
        shared = os.environ.get(SHARED, "")
        self.measures = Measures(clock, Path(shared) if shared else None)
