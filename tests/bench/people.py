"""Who writes in the benches of identity, and how they stand in the database."""

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pymongo import UpdateOne

from services.identity.domain.millis import to_millis
from services.identity.domain.recognise import recognise
from services.identity.store.documents import chat_contact_to
from shared.contracts import topics
from shared.contracts.chat import ChatEvent, ChatRef, MessageReceivedV1, Sender
from shared.contracts.ids import chat_contact_id
from shared.settings import KithSettings
from shared.storage.mongo import Document
from tests.bench.accounts import WORKSPACE
from tests.bench.requests import CONNECTIONS

BATCH = 500
NEW_SHARE = 0.1
FIRST_NEW = 10**9
"""Numbers from here on are people whom nobody knows yet."""
_YEAR_SECONDS = 365 * 24 * 3600

Batch = Sequence[MessageReceivedV1]


def message(number: int, at: datetime | None = None) -> MessageReceivedV1:
    """Return a message of a person; by default of this moment."""
    connection = CONNECTIONS["telegram"]
    return MessageReceivedV1(
        id=f"{connection}/{time.time_ns():020d}/{number}",
        time=at or datetime.now(UTC),
        workspace_id=WORKSPACE,
        chat=ChatRef(channel="telegram", connection_id=connection, contact_id=str(10**9 + number)),
        sender=Sender(name=f"Ann Example {number % 10_000}", username=f"ann{number}", language="en"),
        message_id=str(number),
        text="hello there, " * 8,
    )


def messages(known: range) -> Batch:
    """Return a batch: each from somebody else, a tenth of them new."""
    chosen = random.sample(known, BATCH)
    return [
        message(number if random.random() > NEW_SHARE else random.randrange(10, 10**3) * FIRST_NEW + number)
        for number in chosen
    ]


def decode(batch: Sequence[bytes]) -> list[ChatEvent]:
    """Read a batch as identity's consumer does."""
    events = [topics.CONVERSATION.adapter.validate_json(one) for one in batch]
    return [event for event in events if isinstance(event, ChatEvent)]


def documents(batch: Sequence[ChatEvent]) -> list[Document]:
    """Return the chat contacts that a batch makes, in the form in which identity itself keeps them."""
    return [chat_contact_to(contact) for contact in recognise(batch, {}, datetime.now(UTC)).contacts.values()]


def known_documents(numbers: range) -> list[Document]:
    """Return people who wrote once within the last year.

    The first is made by identity's code and the others after it, which takes a seventh of the time. Raises
    `AssertionError` where identity would have written the last one differently.
    """
    now = datetime.now(UTC)
    model, last = (documents([message(number, now)])[0] for number in (numbers[0], numbers[-1]))
    made = [_like(model, number, _moment_before(now)) for number in numbers]
    expected = _like(model, numbers[-1], now)
    for place in ("name", "username", "language"):
        expected[place]["event_id"] = last[place]["event_id"]
    expected["first_message"]["told_by"] = last["first_message"]["told_by"]
    assert {**last, "changed_at": model["changed_at"]} == expected, "identity's documents have changed"
    return made


def _moment_before(now: datetime) -> datetime:
    return now - timedelta(seconds=random.randrange(_YEAR_SECONDS))


def _like(model: Document, number: int, at: datetime) -> Document:
    """Return somebody else's document."""
    millis, bare = to_millis(at), at.replace(tzinfo=None, microsecond=at.microsecond // 1000 * 1000)
    contact_id = str(10**9 + number)
    mark = {**model["first_message"], "id": str(number), "at": bare, "told_at": millis}
    return {
        **model,
        "_id": chat_contact_id(WORKSPACE, model["connection_id"], contact_id),
        "contact_id": contact_id,
        "created_at": bare,
        "newest": bare,
        "name": {**model["name"], "value": f"Ann Example {number % 10_000}", "at": millis},
        "username": {**model["username"], "value": f"ann{number}", "at": millis},
        "language": {**model["language"], "at": millis},
        "first_message": mark,
        "last_message": mark,
        "words": sorted([f"i:{contact_id}", f"w:{number % 10_000}", "w:ann", "w:example"]),
    }


def bare_upserts(batch: Batch) -> list[UpdateOne]:
    """Return the floor's work: the same documents, written without being read."""
    return [UpdateOne({"_id": doc["_id"]}, {"$set": doc}, upsert=True) for doc in documents(batch)]


def floor(settings: KithSettings) -> KithSettings:
    """Return where the floor's database is."""
    return settings.model_copy(update={"database_prefix": f"{settings.database_prefix}_floor"})
