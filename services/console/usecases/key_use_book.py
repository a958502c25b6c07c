"""The last day on which each API key was used: kept current from `key-use.v1`, in memory alone."""

from collections.abc import Iterable
from datetime import date

from shared.contracts.accounts import ApiKeyUsedV1
from shared.contracts.event import Event


class KeyUseBook:
    """Answers without asking anybody."""

    def __init__(self) -> None:
        self._states: dict[str, ApiKeyUsedV1] = {}

    def take(self, event: Event) -> None:
        """Take in one state; an earlier day changes nothing."""
        if isinstance(event, ApiKeyUsedV1):
            there = self._states.get(event.id)
            if there is None or event.rev > there.rev:
                self._states[event.id] = event

    def forget(self, key: str) -> None:
        """Drop a key that is gone."""
        self._states.pop(key, None)

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each key's workspace, its id, and all that is known of it."""
        for state in self._states.values():
            yield state.workspace_id, state.key(), state.kept()

    def fresh(self) -> "KeyUseBook":
        return KeyUseBook()

    def adopt(self, other: "KeyUseBook") -> None:
        """Hold what the other holds."""
        self._states = other._states  # noqa: SLF001 - a book, too

    def last_used_on(self, workspace_id: str, key_id: str) -> date | None:
        """Return the last day, in UTC, on which a key of a workspace was used."""
        found = self._states.get(key_id)
        return found.day if found is not None and found.workspace_id == workspace_id else None
