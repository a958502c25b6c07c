"""The connections as ingest last told of them."""

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

    def get(self, connection_id: str) -> ConnectionStateV1 | None:
        return self._states.get(connection_id)
