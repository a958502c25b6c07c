"""What identity knows of connections: a read model in memory, filled by the tail of `connection.v1`."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contracts.accounts import BecomesClient, ConnectionStateV1
from shared.contracts.chat import Channel
from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class Connection:
    """One account of a workspace on one channel, in short."""

    id: str
    workspace_id: str
    rev: int
    channel: Channel
    name: str
    username: str | None
    account_id: str
    enabled: bool
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
                id=event.id,
                workspace_id=event.workspace_id,
                rev=event.rev,
                channel=event.channel,
                name=event.name,
                username=event.username,
                account_id=event.account_id,
                enabled=event.enabled,
                becomes_client=event.becomes_client,
            )

    def forget(self, key: str) -> None:
        """Drop a connection that is gone."""
        self._by_id.pop(key, None)

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each connection's workspace, key, and all that is known of it."""
        for connection in self._by_id.values():
            yield connection.workspace_id, connection.id, repr(connection)

    def fresh(self) -> "Connections":
        return Connections()

    def adopt(self, other: "Connections") -> None:
        self._by_id = other._by_id  # noqa: SLF001 - a book, too

    def get(self, workspace_id: str, id_: str) -> Connection | None:
        found = self._by_id.get(id_)
        return found if found is not None and found.workspace_id == workspace_id else None

    def of(self, workspace_id: str) -> list[Connection]:
        """Return a workspace's connections by channel and name."""
        found = (connection for connection in self._by_id.values() if connection.workspace_id == workspace_id)
        return sorted(found, key=lambda connection: (connection.channel, connection.name.casefold(), connection.id))
