"""Accept what a provider sent: check, read, make durable; only then is it accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from services.ingest.channels.contract import Account, Headers, Hook, Inbound, MalformedError, ReceiptReceivedV1
from services.ingest.domain.refusals import refusal_of
from services.ingest.usecases.one_person import OnePerson
from shared.contracts import topics
from shared.contracts.chat import Channel, UpdateUnknownV1
from shared.contracts.queues import ContactFormReceivedV1
from shared.messaging.publisher import BrokerAwayError, Publisher, RecordTooLargeError
from shared.messaging.records import encode
from shared.observability.metrics import ACCEPTED, REFUSED, UNKNOWN_UPDATES


class Accounts(Protocol):
    """Where the connection of a webhook is found."""

    def account(self, connection_id: str) -> Account | None:
        """Return an enabled connection, its secrets open."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was accepted. Nothing was published, or nothing is promised of it."""

    status: Literal[400, 401, 404, 405, 409, 413, 422, 503]
    slug: str
    detail: str
    field: str | None = None
    errors: tuple[tuple[str, str], ...] = ()
    """Of several fields: each, and what is wrong with it."""


NO_SUCH_HOOK = Refusal(404, "not-found", "There is no such connection, or it is switched off. Check the address.")
NOT_POST = Refusal(405, "method-not-allowed", "Webhooks are sent with POST.")
NOT_GENUINE = Refusal(401, "not-genuine", "The secret or signature is missing or wrong. Check what the provider has.")
AWAY = Refusal(503, "away", "It could not be stored just now. Send it again in a moment.")
TOO_LARGE = Refusal(413, "too-large", "This is larger than any update Kith takes.")


class Accept:
    """Takes webhooks of all channels in the register."""

    def __init__(
        self, *, accounts: Accounts, hooks: Mapping[Channel, Hook], people: OnePerson, publisher: Publisher
    ) -> None:
        self._accounts = accounts
        self._hooks = hooks
        self._people = people
        self._publisher = publisher

    def account(self, channel: str, connection_id: str) -> Account | None:
        """Find the connection that an address names."""
        account = self._accounts.account(connection_id)
        if account is None or account.channel != channel or account.channel not in self._hooks:
            return None
        return account

    def asks_by_get(self, account: Account) -> bool:
        return self._hooks[account.channel].asks_by_get

    def most_bytes(self, account: Account) -> int:
        """Return how large a body this channel's provider sends; 0: never above the common limit."""
        return self._hooks[account.channel].most_bytes

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        """Answer a provider that asks whether this address is ours; None: whoever asks proves nothing."""
        answer = self._hooks[account.channel].challenge(account, query)
        if answer is None:
            _refused(account.channel, NOT_GENUINE)
        return answer

    async def webhook(self, account: Account, headers: Headers, body: bytes) -> Refusal | None:
        """Accept one body. None: every event in it is durable."""
        hook = self._hooks[account.channel]
        if not hook.is_genuine(account, headers, body):
            return _refused(account.channel, NOT_GENUINE)
        try:
            events = await self._people.events(account, hook.parse(account, body))
        except MalformedError as error:
            return _refused(account.channel, Refusal(400, "malformed", str(error), error.field))
        except PyMongoError:
            return _refused(account.channel, AWAY)
        return await self.make_durable(account.channel, events)

    async def make_durable(self, channel: str, events: Sequence[Inbound]) -> Refusal | None:
        """Publish, and wait. A person's refusal to be written to is published with it, before we answer."""
        try:
            waiting = {self._publisher.offer(_topic_of(event), encode(event)) for event in events}
            for event in events:
                said_no = refusal_of(event)
                if said_no is not None:
                    waiting.add(self._publisher.offer(topics.PERMISSION.name, encode(said_no, "ingest")))
            for future in waiting:
                await future
        except RecordTooLargeError:
            return _refused(channel, TOO_LARGE)
        except (BrokerAwayError, KafkaError, OSError):
            return _refused(channel, AWAY)
        for event in events:
            accepted(channel, event.type).inc()
            if isinstance(event, UpdateUnknownV1):
                UNKNOWN_UPDATES.labels(channel, event.kind).inc()
        return None


def _topic_of(event: Inbound) -> str:
    match event:
        case ReceiptReceivedV1():
            return topics.RECEIPT.name
        case ContactFormReceivedV1():
            return topics.CONTACT_FORM.name
        case _:
            return topics.CONVERSATION.name


accepted = cache(ACCEPTED.labels)
"""Looking a counter up costs as much as counting."""


def _refused(channel: str, refusal: Refusal) -> Refusal:
    REFUSED.labels(channel, refusal.slug).inc()
    return refusal
