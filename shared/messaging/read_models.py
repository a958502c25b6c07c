"""What a service keeps of another's states: of whom, how to tell two apart, and how one is made anew."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

from shared.contracts.event import Event

_MOST = 1 << 128


class ReadModel(Protocol):
    """States by key, taken in any order, the newest kept."""

    def take(self, event: Event) -> None:
        """Take in one state; an older one changes nothing."""
        ...

    def forget(self, key: str) -> None:
        """Drop what a tombstone named."""
        ...

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give of each state its workspace, its key, and all that is kept of it."""
        ...

    def fresh(self) -> Self:
        """Make an empty one of the same kind."""
        ...

    def adopt(self, other: Self) -> None:
        """Hold from now on what the other holds, in one step; what we learned ourselves and no topic told yet stays."""
        ...


@dataclass(frozen=True, slots=True)
class Content:
    """How much somebody knows of a workspace, and a digest of it."""

    states: int
    digest: str


def digest_of(model: ReadModel) -> Mapping[str, Content]:
    """Digest a read model, by workspace. The order in which states came makes no difference."""
    counts: dict[str, int] = {}
    sums: dict[str, int] = {}
    for workspace_id, key, kept in model.contents():
        whole = f"{key}\0{kept}".encode()
        counts[workspace_id] = counts.get(workspace_id, 0) + 1
        one = int.from_bytes(hashlib.blake2b(whole, digest_size=16).digest())
        sums[workspace_id] = (sums.get(workspace_id, 0) + one) % _MOST
    return {workspace_id: Content(count, f"{sums[workspace_id]:032x}") for workspace_id, count in counts.items()}


def in_short(contents: Mapping[str, Content]) -> Content:
    """Return one digest for all workspaces together."""
    lines = sorted(f"{workspace_id} {one.states} {one.digest}" for workspace_id, one in contents.items())
    digest = hashlib.blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()
    return Content(sum(one.states for one in contents.values()), digest)
