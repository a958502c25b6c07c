"""What a run of the sandbox decides once, for every provider."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ambient:
    """The clock, the dice, and what the settings say."""

    clock: Callable[[], float]
    """Seconds since 1970."""
    dice: Callable[[], float]
    """Numbers from 0 to 1."""
    limits: bool
    """Whether accounts are held to rate limits at all."""
    further_hosts: frozenset[str]
    """Hosts besides this machine to which webhooks may be delivered."""
