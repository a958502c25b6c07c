"""What may be sent to whom: facts of several sources side by side, and any "no" wins."""

from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1
from shared.contracts.sending import Origin


class PermissionBook:
    """Every fact of `permission.v1`, by its key. A chat contact that nothing is said of may be written to."""

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

    def forbids(self, chat_contact_id: str, origin: Origin) -> str | None:
        """Say which fact forbids a message, or None where it may be sent."""
        for name, fact in self._facts.get(chat_contact_id, {}).items():
            if not fact.agent or (origin == "scenario" and not fact.reactive):
                return name
        return None
