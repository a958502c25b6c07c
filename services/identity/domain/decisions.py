"""What deciding whose a chat contact is comes to."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from services.identity.domain.client import Client
from services.identity.domain.merging import Merge
from services.identity.domain.people import ChatContact, Evidence, Link

Apart = frozenset[frozenset[str]]
"""Pairs of clients' ids."""
Reason = Literal["held_by_another", "both_verified", "several_hold_it", "claimed_before"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One value because of which two clients may be the same person."""

    evidence: Evidence
    other_client_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be stored, all in one transaction. Each changed thing has its rev raised by one."""

    chat: ChatContact
    clients: tuple[Client, ...] = ()
    """Those that were made or changed, those that lose a value first."""
    merge: Merge | None = None
    moved: tuple[ChatContact, ...] = ()
    """Other chat contacts of a client that was absorbed."""
    doubts: tuple[Doubt, ...] = ()
    """What waits for a person's judgement, as one suggestion."""
    new_link: Link | None = None


def pair_id(workspace_id: str, one: str, two: str) -> str:
    """Return the id of a pair, whichever of the two comes first."""
    digest = hashlib.blake2b("/".join([workspace_id, *sorted([one, two])]).encode(), digest_size=12)
    return f"su_{digest.hexdigest()}"
