"""Take what adapters send: each item by itself, in order; accepted only when it is durable."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiokafka.errors import KafkaError

from services.ingest.channels.contract import Account, Inbound, MalformedError
from services.ingest.channels.custom.items import InboundItem, ReceiptItem
from services.ingest.channels.custom.parse import about, became, check_fields, happened, read_item
from services.ingest.domain.contact_form import FormFaultsError
from services.ingest.domain.form_words import FAULTS
from services.ingest.domain.refusals import refusal_of
from services.ingest.usecases.accept import Accounts, accepted
from services.ingest.usecases.leave_form import Filled, LeaveForm, NoFormError
from shared.contracts import topics
from shared.contracts.queues import ContactFormReceivedV1
from shared.contracts.topics import Topic
from shared.messaging.publisher import BrokerAwayError, Publisher, RecordTooLargeError
from shared.messaging.records import Record, encode
from shared.observability.metrics import REFUSED

CHANNEL = "custom"
_NAMES = ("id", "message_id", "delivery_id")
TRY_AGAIN = "it could not be stored just now; try again in a moment, with the same id"
NO_SUCH_CONNECTION = "there is no such connection of channel custom in this workspace, or it is switched off"
NO_SUCH_QUEUE = "there is no such queue that takes forms; name one, or let one be fed by this connection"
TOO_LARGE = "with all that belongs to it this is larger than Kith takes; shorten it"


class NothingStoredError(Exception):
    """The broker is away, and nothing was accepted: all of it is to be sent again."""


@dataclass(slots=True)
class Verdict:
    """What became of one item; without an error it is durable."""

    id: str | None
    error: MalformedError | None = None
    away: bool = False
    events: Sequence[Inbound] = ()
    waiting: "set[asyncio.Future[None]]" = field(default_factory=set["asyncio.Future[None]"])

    def put_off(self) -> None:
        self.error, self.away = MalformedError("id", TRY_AGAIN), True


M = TypeVar("M", InboundItem, ReceiptItem)


class TakeItems:
    """Takes items for the connections of one workspace. Raises `NothingStoredError`."""

    def __init__(self, *, accounts: Accounts, leave: LeaveForm, publisher: Publisher) -> None:
        self._accounts = accounts
        self._leave = leave
        self._publisher = publisher

    async def inbound(self, workspace_id: str, items: Sequence[object]) -> Sequence[Verdict]:
        """Take what people did."""
        return await self._take(workspace_id, items, InboundItem, self._happened, topics.CONVERSATION)

    async def receipts(self, workspace_id: str, items: Sequence[object]) -> Sequence[Verdict]:
        """Take what became of messages."""
        return await self._take(workspace_id, items, ReceiptItem, became, topics.RECEIPT)

    async def _take(
        self,
        workspace_id: str,
        items: Sequence[object],
        model: type[M],
        say: Callable[[Account, M, datetime], Sequence[Inbound]],
        topic: Topic,
    ) -> Sequence[Verdict]:
        now = datetime.now(UTC)
        verdicts: list[Verdict] = []
        away = False
        for given in items:
            verdict = Verdict(_name_of(given))
            verdicts.append(verdict)
            try:
                item = read_item(model, given)
                verdict.events = say(self._account(workspace_id, item.connection_id), item, now)
                if away:
                    verdict.put_off()  # it would overtake what could not be stored
                else:
                    verdict.waiting = self._offer(verdict.events, topic)
            except MalformedError as error:
                verdict.error = error
            except RecordTooLargeError:
                verdict.error = MalformedError("text", TOO_LARGE)
            except BrokerAwayError:
                verdict.put_off()
            away = away or verdict.away
        await _settle(verdicts)
        return verdicts

    def _account(self, workspace_id: str, connection_id: str) -> Account:
        account = self._accounts.account(connection_id)
        if account is None or account.workspace_id != workspace_id or account.channel != CHANNEL:
            raise MalformedError("connection_id", NO_SUCH_CONNECTION)
        return account

    def _happened(self, account: Account, item: InboundItem, now: datetime) -> Sequence[Inbound]:
        if item.type != "form":
            return happened(account, item, now)
        check_fields(item)
        if item.answers is None:
            raise MalformedError("answers", "a form needs the answers to the queue's questions")
        common = about(account, item, now)
        filled = Filled(**common, via="api", language=item.sender.language, answers=item.answers)
        try:
            if item.queue_id is not None:
                return self._leave.in_queue(item.queue_id, filled)
            return self._leave.at_connection(filled)
        except NoFormError:
            raise MalformedError("queue_id", NO_SUCH_QUEUE) from None
        except FormFaultsError as error:
            first = error.faults[0]
            raise MalformedError(f"answers.{first.field}", FAULTS[first.kind]["en"]) from None

    def _offer(self, events: Sequence[Inbound], topic: Topic) -> "set[asyncio.Future[None]]":
        """Queue events, and with each what it means for sending: a refusal is known before it is accepted."""
        records: list[tuple[str, Record]] = [
            (topics.CONTACT_FORM.name if isinstance(event, ContactFormReceivedV1) else topic.name, encode(event))
            for event in events
        ]
        for event in events:
            said_no = refusal_of(event)
            if said_no is not None:
                records.append((topics.PERMISSION.name, encode(said_no, "ingest")))
        return {self._publisher.offer(name, record) for name, record in records}


async def _settle(verdicts: Sequence[Verdict]) -> None:
    everything = set[asyncio.Future[None]]().union(*(verdict.waiting for verdict in verdicts))
    if everything:
        await asyncio.wait(everything)
    for verdict in verdicts:
        try:
            for future in verdict.waiting:
                future.result()
        except (BrokerAwayError, KafkaError, OSError):
            verdict.put_off()
        _count(verdict)
    if any(verdict.away for verdict in verdicts) and all(verdict.error for verdict in verdicts):
        raise NothingStoredError


def _count(verdict: Verdict) -> None:
    if verdict.error is not None:
        REFUSED.labels(CHANNEL, "away" if verdict.away else "malformed").inc()
        return
    for event in verdict.events:
        accepted(CHANNEL, event.type).inc()


def _name_of(given: Any) -> str | None:  # noqa: ANN401 - any JSON
    """Return what the adapter calls an item, so that the answer can be told apart by more than its place."""
    if not isinstance(given, dict):
        return None
    return next((name for field in _NAMES if isinstance(name := given.get(field), str)), None)
