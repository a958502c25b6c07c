"""What may be said to whom, as `permission.v1` last told: facts of several sources side by side, and any "no" wins."""

from typing import Literal

from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1

What = Literal["proactive", "reactive", "agent"]


class PermissionBook:
    """Holds only those chats of which something was ever said; nothing is forbidden to write to any other."""

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

    def forget(self, key: str) -> None:
        """Drop a fact whose tombstone came."""
        chat_contact_id, _, fact = key.partition("/")
        facts = self._facts.get(chat_contact_id, {})
        facts.pop(fact, None)
        if not facts:
            self._facts.pop(chat_contact_id, None)

    def forbids(self, chat_contact_id: str, what: What) -> str | None:
        """Say which fact forbids it, or None where it may be sent. What forbids an agent forbids everybody."""
        for name, fact in self._facts.get(chat_contact_id, {}).items():
            if not fact.agent or not getattr(fact, what):
                return name
        return None

    def allows(self, chat_contact_id: str, what: What) -> bool:
        """Tell whether nothing forbids it."""
        return self.forbids(chat_contact_id, what) is None
