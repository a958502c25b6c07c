"""Keep conversations and messages, and run the scenario: ingest's own reading of `conversation.v1`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from pymongo.errors import PyMongoError

from services.ingest.domain.conversation import Changes, follow
from services.ingest.domain.front_desk import FrontDesk
from services.ingest.domain.kept_chat import Conversation, StoredMessage, keys_touched
from services.ingest.domain.outputs import Output
from services.ingest.domain.scenario import Scenario
from services.ingest.store.conversations import Conversations, Messages, UnknownUpdates
from shared.contracts import topics
from shared.contracts.chat import ChatEvent, DetailsProvidedV1, FormLeftV1, UpdateUnknownV1
from shared.contracts.event import Event
from shared.contracts.permissions import PermissionBook
from shared.contracts.queues import ContactFormReceivedV1
from shared.contracts.sending import MessageRequestedV1
from shared.messaging.publisher import Publisher
from shared.observability.metrics import DEDUPLICATED
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Client, Session
from shared.storage.transactions import StaleError, in_transaction, is_duplicate

ATTEMPTS = 5


class Scenarios(Protocol):
    """Where a connection's scenario is found."""

    async def scenario(self, connection_id: str) -> Scenario | None: ...


class Desks(Protocol):
    """Where the queue is found that a connection feeds."""

    def desk(self, workspace_id: str, connection_id: str) -> FrontDesk | None: ...


class KeepConversations:
    """Handles a batch: one read, a pure fold per chat, one transaction, then what follows is published."""

    def __init__(
        self,
        *,
        client: Client,
        conversations: Conversations,
        messages: Messages,
        unknown: UnknownUpdates,
        scenarios: Scenarios,
        permissions: PermissionBook,
        publisher: Publisher,
        desks: Desks | None = None,
        erased: ErasedChats | None = None,
    ) -> None:
        self._client = client
        self._conversations = conversations
        self._messages = messages
        self._unknown = unknown
        self._scenarios = scenarios
        self._permissions = permissions
        self._publisher = publisher
        self._desks = desks
        self._erased = erased

    async def __call__(self, events: Sequence[Event]) -> None:
        await self._unknown.keep([event for event in events if isinstance(event, UpdateUnknownV1)])
        changes = await self._follow_all([event for event in events if isinstance(event, ChatEvent)])
        outputs = [output for change in changes for output in change.outputs]
        await self._publish(outputs)
        DEDUPLICATED.labels(topics.CONVERSATION.name).inc(sum(change.repeated for change in changes))

    async def _by_chat(self, events: list[ChatEvent]) -> dict[str, list[ChatEvent]]:
        """Part events by chat, without what belongs to somebody who was erased since: a topic may be read again."""
        chats: dict[str, list[ChatEvent]] = {}
        for event in await self._erased.without(events) if self._erased is not None else events:
            chats.setdefault(event.chat_contact_id, []).append(event)
        return chats

    async def _follow_all(self, events: list[ChatEvent]) -> list[Changes]:
        for attempt in range(1, ATTEMPTS + 1):
            chats = await self._by_chat(events)
            if not chats:
                return []
            known = await self._conversations.of(chats)
            stored = await self._messages.of([key for events in chats.values() for key in keys_touched(events)])
            changes = [await self._follow(id_, events, known.get(id_), stored) for id_, events in chats.items()]
            try:
                await self._save(changes, known, stored)
            except (StaleError, PyMongoError) as error:
                somebody_was_faster = isinstance(error, StaleError) or is_duplicate(error)
                if not somebody_was_faster or attempt == ATTEMPTS:
                    raise
            else:
                return changes
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _follow(
        self,
        id_: str,
        events: list[ChatEvent],
        conversation: Conversation | None,
        stored: dict[str, StoredMessage],
    ) -> Changes:
        first = events[0]
        conversation = conversation or Conversation(id=id_, workspace_id=first.workspace_id, chat=first.chat)
        held = conversation.held_at(datetime.now(UTC)) is not None
        may_speak = not held and self._permissions.allows(id_, "reactive")
        scenario = await self._scenarios.scenario(first.chat.connection_id) if may_speak else None
        desk = self._desks.desk(first.workspace_id, first.chat.connection_id) if may_speak and self._desks else None
        return follow(conversation, events, stored, scenario, desk)

    async def _save(
        self, changes: list[Changes], known: dict[str, Conversation], stored: dict[str, StoredMessage]
    ) -> None:
        """Write what changed, and only that: a repeated delivery writes nothing."""
        conversations = [
            replace(change.conversation, rev=change.conversation.rev + 1)
            for change in changes
            if change.conversation != known.get(change.conversation.id)
        ]
        messages = [
            (change.conversation.workspace_id, change.conversation.id, message)
            for change in changes
            for message in change.messages.values()
        ]
        if not conversations and not messages:
            return

        async def write(session: Session) -> None:
            await self._conversations.save_all(conversations, session)
            await self._messages.save_all(messages, stored, session)

        await in_transaction(self._client, write)

    async def _publish(self, outputs: Sequence[Output]) -> None:
        await self._publisher.publish(
            topics.CONTACT_FORM, [output for output in outputs if isinstance(output, ContactFormReceivedV1)]
        )
        await self._publisher.publish(
            topics.CONVERSATION, [output for output in outputs if isinstance(output, DetailsProvidedV1 | FormLeftV1)]
        )
        await self._publisher.publish(
            topics.OUTBOUND, [output for output in outputs if isinstance(output, MessageRequestedV1)]
        )
