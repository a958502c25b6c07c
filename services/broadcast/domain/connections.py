"""The connections as ingest last told of them."""

from collections.abc import Iterable

from shared.contracts.accounts import ConnectionStateV1
from shared.contracts.event import Event


class ConnectionBook:
    """Every connection by id. The newest rev wins."""

    def __init__(self) -> None:
        self._states: dict[str, ConnectionStateV1] = {}

    def take(self, event: Event) -> None:
        if not isinstance(event, ConnectionStateV1):
            return
        there = self._states.get(event.id)
        if there is None or event.rev > there.rev:
            self._states[event.id] = event

    def forget(self, key: str) -> None:
        self._states.pop(key, None)

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each connection's workspace, key, and all that is known of it."""
        for state in self._states.values():
            yield state.workspace_id, state.key(), state.kept()

    def fresh(self) -> "ConnectionBook":
        return ConnectionBook()

    def adopt(self, other: "ConnectionBook") -> None:
        self._states = other._states  # noqa: SLF001 - a book, too

    def get(self, connection_id: str) -> ConnectionStateV1 | None:
        return self._states.get(connection_id)
