"""What may be said to whom, as `permission.v1` last told. Any "no" wins."""

from typing import Literal

from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1


class Permissions:
    """Holds only those chats of which something was ever forbidden."""

    def __init__(self) -> None:
        self._facts: dict[str, dict[str, PermissionStateV1]] = {}

    def take(self, event: Event) -> None:
        """Take in one fact; an older one changes nothing."""
        if not isinstance(event, PermissionStateV1):
            return
        facts = self._facts.setdefault(event.chat_contact_id, {})
        there = facts.get(event.fact)
        if there is None or event.supersedes(there):
            facts[event.fact] = event

    def gone(self, key: str) -> None:
        """Forget a fact whose chat contact is gone."""
        chat, _, fact = key.partition("/")
        facts = self._facts.get(chat)
        if facts is not None:
            facts.pop(fact, None)

    def allows(self, chat_contact_id: str, what: Literal["proactive", "reactive", "agent"]) -> bool:
        """Tell whether nothing forbids it."""
        facts = self._facts.get(chat_contact_id)
        return facts is None or all(getattr(fact, what) for fact in facts.values())
