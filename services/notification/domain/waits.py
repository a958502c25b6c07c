"""How long forms waited, counted in buckets: percentiles to within 1 percent, however many forms there are."""

import math
from collections import Counter
from collections.abc import Iterable

Histogram = Counter[int]
"""Forms by bucket; bucket b holds waits from e^(b/PER_E) seconds on."""
PER_E = 50
"""Buckets for each factor of e."""
SHORTEST = 0.001
"""Seconds; clocks differ, and no wait is shorter than this."""


def percentile(waits: Histogram, share: float) -> float | None:
    """Return the seconds within which this share of forms got there; None where none did."""
    left = math.ceil(sum(waits.values()) * share)
    for bucket in sorted(waits):
        left -= waits[bucket]
        if left <= 0:
            return round(math.exp((bucket + 0.5) / PER_E), 3)
    return None


def together(parts: Iterable[Histogram]) -> Histogram:
    """Add histograms up."""
    found: Histogram = Counter()
    for part in parts:
        found += part
    return found
