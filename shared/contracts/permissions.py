"""What may be said to whom, as `permission.v1` last told: facts of several sources side by side, and any "no" wins."""

from collections.abc import Iterable
from typing import Literal

from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1

What = Literal["proactive", "reactive", "agent"]


class PermissionBook:
    """Holds only those chats of which something was ever said; nothing is forbidden to write to any other."""

    def __init__(self) -> None:
        self._facts: dict[str, dict[str, PermissionStateV1]] = {}
        self._learned: dict[str, PermissionStateV1] = {}
        self._overtaken: dict[str, PermissionStateV1] = {}

    def take(self, event: Event) -> None:
        """Take in one fact; an older one changes nothing."""
        if not isinstance(event, PermissionStateV1):
            return
        learned = self._learned.get(event.key())
        if learned is not None and not learned.supersedes(event):
            del self._learned[event.key()]  # the topic has told it, or what takes its place
        facts = self._facts.setdefault(event.chat_contact_id, {})
        there = facts.get(event.fact)
        if there is None or event.supersedes(there):
            facts[event.fact] = event
        elif event.kept() != there.kept():
            self._overtaken[event.key()] = there
            return
        self._overtaken.pop(event.key(), None)

    def learn(self, event: PermissionStateV1) -> None:
        """Take in what we saw ourselves, and have still to publish: it holds from here on."""
        self.take(event)
        self._learned[event.key()] = event

    def forget(self, key: str) -> None:
        """Drop a fact whose tombstone came."""
        chat_contact_id, _, fact = key.partition("/")
        facts = self._facts.get(chat_contact_id, {})
        facts.pop(fact, None)
        self._overtaken.pop(key, None)
        if not facts:
            self._facts.pop(chat_contact_id, None)

    def overtaken(self) -> list[PermissionStateV1]:
        """Return the facts that hold, and behind which an older one stands on the topic.

        Compaction would leave the older one alone: whoever started after it would not know of the newer.
        """
        return list(self._overtaken.values())

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each fact's workspace, key, and all that it says."""
        for facts in self._facts.values():
            for fact in facts.values():
                yield fact.workspace_id, fact.key(), fact.kept()

    def fresh(self) -> "PermissionBook":
        return PermissionBook()

    def adopt(self, other: "PermissionBook") -> None:
        """Hold what the other holds, and what we learned and no topic told yet."""
        self._facts, self._overtaken = other._facts, other._overtaken  # noqa: SLF001 - a book, too
        for fact in list(self._learned.values()):
            self.learn(fact)

    def forbids(self, chat_contact_id: str, what: What) -> str | None:
        """Say which fact forbids it, or None where it may be sent. What forbids an agent forbids everybody."""
        for name, fact in self._facts.get(chat_contact_id, {}).items():
            if not fact.agent or not getattr(fact, what):
                return name
        return None

    def knows(self, chat_contact_id: str) -> bool:
        """Tell whether anything was ever said of a chat: then there is one."""
        return chat_contact_id in self._facts

    def allows(self, chat_contact_id: str, what: What) -> bool:
        """Tell whether nothing forbids it."""
        return self.forbids(chat_contact_id, what) is None
