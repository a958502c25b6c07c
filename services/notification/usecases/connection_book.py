"""The connections that there are, as this process knows them from `connection.v1`."""

from collections.abc import Iterable

from shared.contracts.accounts import ConnectionStateV1
from shared.contracts.event import Event


class ConnectionBook:
    """Which connection is whose. Secrets stay sealed."""

    def __init__(self) -> None:
        self._states: dict[str, ConnectionStateV1] = {}

    def take(self, event: Event) -> None:
        """Take in one state; an older rev changes nothing."""
        if isinstance(event, ConnectionStateV1):
            there = self._states.get(event.id)
            if there is None or event.rev > there.rev:
                self._states[event.id] = event

    def forget(self, key: str) -> None:
        self._states.pop(key, None)

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each connection's workspace, key, and all that is known of it."""
        for state in self._states.values():
            yield state.workspace_id, state.key(), state.model_dump_json()

    def fresh(self) -> "ConnectionBook":
        return ConnectionBook()

    def adopt(self, other: "ConnectionBook") -> None:
        self._states = other._states  # noqa: SLF001 - a book, too

    def ids_of(self, workspace_id: str) -> frozenset[str]:
        """Return the ids of a workspace's connections."""
        return frozenset(state.id for state in self._states.values() if state.workspace_id == workspace_id)
