"""What identity knows of connections: a read model in memory, filled by the tail of `connection.v1`."""

from dataclasses import dataclass

from shared.contracts.accounts import BecomesClient, ConnectionStateV1
from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class Connection:
    """One account of a workspace on one channel, in short."""

    id: str
    workspace_id: str
    rev: int
    name: str
    account_id: str
    becomes_client: BecomesClient


class Connections:
    """All connections by id. The newest rev wins."""

    def __init__(self) -> None:
        self._by_id: dict[str, Connection] = {}

    def take(self, event: Event) -> None:
        """Take in one state."""
        if not isinstance(event, ConnectionStateV1):
            return
        there = self._by_id.get(event.id)
        if there is None or event.rev > there.rev:
            self._by_id[event.id] = Connection(
                event.id, event.workspace_id, event.rev, event.name, event.account_id, event.becomes_client
            )

    def forget(self, key: str) -> None:
        """Drop a connection that is gone."""
        self._by_id.pop(key, None)

    def get(self, workspace_id: str, id_: str) -> Connection | None:
        found = self._by_id.get(id_)
        return found if found is not None and found.workspace_id == workspace_id else None
