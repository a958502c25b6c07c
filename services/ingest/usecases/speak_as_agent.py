"""An agent answers in a chat, takes it over from the scenario, and gives it back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import structlog
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from services.ingest.domain.kept_chat import Conversation, Hold, StoredMessage
from services.ingest.domain.speaking import HELD_FOR, LONGEST, Longest
from services.ingest.domain.windows import Window, window_of
from services.ingest.store.conversations import Conversations, Messages
from shared.contracts import topics
from shared.contracts.permissions import PermissionBook
from shared.contracts.sending import MessageRequestedV1
from shared.messaging.publisher import BrokerAwayError, Publisher
from shared.storage.mongo import Client, Session
from shared.storage.transactions import StaleError, in_transaction, is_duplicate

log = structlog.get_logger(__name__)

WhyNot = Literal["connection", "forbidden", "window"]
"""The connection is gone or off; the person blocked it; they wrote too long ago for the channel."""

ATTEMPTS = 10
SWEEP_EVERY_SECONDS = 5.0
SWEEP_AFTER = timedelta(seconds=10)
SWEEP_AT_ONCE = 100


class NoConversationError(Exception):
    """Nobody has written in this chat, or it is another workspace's."""


class HeldByAnotherError(Exception):
    """Somebody else has taken over."""

    def __init__(self, hold: Hold) -> None:
        super().__init__(hold.user_id)
        self.hold = hold


class MayNotSpeakError(Exception):
    """Nothing may be said here now."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why)
        self.why: WhyNot = why


class TooLongError(Exception):
    """The channel takes no such long text."""

    def __init__(self, longest: Longest) -> None:
        super().__init__(longest)
        self.longest = longest


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands for an agent who looks at it now."""

    conversation: Conversation
    hold: Hold | None
    window: Window
    why_not: WhyNot | None
    """Why nothing may be said; None where an answer may go out."""


class SpeakAsAgent:
    """What agents say is kept before it is published; what a crash leaves between the two, a sweeper publishes."""

    def __init__(
        self,
        *,
        client: Client,
        conversations: Conversations,
        messages: Messages,
        permissions: PermissionBook,
        takes: Callable[[str], bool],
        publisher: Publisher,
    ) -> None:
        self._client = client
        self._conversations = conversations
        self._messages = messages
        self._permissions = permissions
        self._takes = takes
        """Tells whether a connection is there and switched on."""
        self._publisher = publisher

    async def standing(self, workspace_id: str, id_: str) -> Standing:
        """Show how it stands. Raises `NoConversationError`."""
        conversation = await self._one(workspace_id, id_)
        now = datetime.now(UTC)
        window = window_of(conversation.chat.channel, await self._messages.last_at(workspace_id, id_))
        why_not: WhyNot | None = None
        if not self._takes(conversation.chat.connection_id):
            why_not = "connection"
        elif not self._permissions.allows(id_, "agent"):
            why_not = "forbidden"
        elif not window.is_open(now):
            why_not = "window"
        return Standing(conversation, conversation.held_at(now), window, why_not)

    async def say(self, workspace_id: str, id_: str, by: str, key: str, text: str) -> StoredMessage:
        """Say something, once for each `key`, and hold the chat. Raises all of the errors above."""
        standing = await self.standing(workspace_id, id_)
        if standing.why_not is not None:
            raise MayNotSpeakError(standing.why_not)
        longest = LONGEST[standing.conversation.chat.channel]
        if not longest.takes(text):
            raise TooLongError(longest)
        now = _now()
        name = f"{id_}/agent/{key}"
        message = StoredMessage(
            id=name,
            at=now,
            direction="out",
            kind="text",
            text=text,
            cause=name,
            clock=(now, name),
            status="queued",
            by=by,
            human_agent=standing.window.is_a_persons(now),
        )
        held = await self._change(workspace_id, id_, by, lambda _: Hold(by, now + HELD_FOR), message)
        kept = (await self._messages.of([name]))[name]
        try:
            await self._publish([(held, kept)])
        except (BrokerAwayError, KafkaError, OSError) as error:
            log.warning("an agent's words wait for the broker", message_id=name, error=type(error).__name__)
        return kept

    async def take_over(self, workspace_id: str, id_: str, by: str) -> Hold:
        """Silence the scenario here. Raises `NoConversationError`, `HeldByAnotherError`."""
        hold = Hold(by, _now() + HELD_FOR)
        await self._change(workspace_id, id_, by, lambda _: hold)
        return hold

    async def give_back(self, workspace_id: str, id_: str) -> None:
        """Let the scenario speak again, whoever held the chat. Raises `NoConversationError`."""
        await self._change(workspace_id, id_, None, lambda _: None)

    async def sweep(self) -> None:
        """Publish what a crash left unpublished. Runs for as long as the service does."""
        while True:
            try:
                while await self.publish_left() == SWEEP_AT_ONCE:
                    continue
            except (PyMongoError, BrokerAwayError, KafkaError, OSError) as error:
                log.warning("agents' words wait to be published", error=type(error).__name__)
            await asyncio.sleep(SWEEP_EVERY_SECONDS)

    async def publish_left(self, after: timedelta = SWEEP_AFTER) -> int:
        """Publish what has waited for longer than that; returns how many there were."""
        left = await self._messages.unpublished(_now() - after, SWEEP_AT_ONCE)
        chats = await self._conversations.of({chat for chat, _ in left})
        await self._publish([(chats[chat], message) for chat, message in left if chat in chats])
        return len(left)

    async def _publish(self, said: list[tuple[Conversation, StoredMessage]]) -> None:
        if not said:
            return
        await self._publisher.publish(topics.OUTBOUND, [_requested(chat, message) for chat, message in said])
        await self._messages.published([message.id for _, message in said])

    async def _one(self, workspace_id: str, id_: str) -> Conversation:
        found = await self._conversations.one(workspace_id, id_)
        if found is None:
            raise NoConversationError(id_)
        return found

    async def _change(
        self,
        workspace_id: str,
        id_: str,
        by: str | None,
        hold: Callable[[Conversation], Hold | None],
        message: StoredMessage | None = None,
    ) -> Conversation:
        """Set who holds a chat, and keep what was said with it. `by` must not find it held by somebody else."""
        for attempt in range(1, ATTEMPTS + 1):
            before = await self._one(workspace_id, id_)
            there = before.held_at(datetime.now(UTC))
            if by is not None and there is not None and there.user_id != by:
                raise HeldByAnotherError(there)
            after = replace(before, hold=hold(before), rev=before.rev + 1)

            async def write(session: Session, after: Conversation = after) -> None:
                if message is not None and not await self._messages.add_agents(workspace_id, id_, message, session):
                    return  # said before: the same words again hold nothing anew
                await self._conversations.save_all([after], session)

            try:
                await in_transaction(self._client, write)
            except (StaleError, PyMongoError) as error:
                somebody_was_faster = isinstance(error, StaleError) or is_duplicate(error)
                if not somebody_was_faster or attempt == ATTEMPTS:
                    raise
            else:
                return after
        raise AssertionError("unreachable: the last attempt returns or raises")


def _requested(conversation: Conversation, message: StoredMessage) -> MessageRequestedV1:
    return MessageRequestedV1(
        id=message.id,
        time=message.at,
        workspace_id=conversation.workspace_id,
        chat=conversation.chat,
        address=conversation.address,
        text=message.text,
        human_agent=message.human_agent,
        origin="agent",
        cause=message.cause,
    )


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
