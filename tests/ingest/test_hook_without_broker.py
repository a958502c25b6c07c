"""While the broker is away a webhook is answered 503 in time, memory stays bounded, and nothing is lost after it."""

import asyncio
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.channels.contract import Account
from services.ingest.settings import IngestSettings
from services.ingest.store.aliases import Aliases
from services.ingest.store.conversations import Conversations, Messages
from services.ingest.store.visitor_lines import VisitorLines
from services.ingest.usecases.accept import Accept
from services.ingest.usecases.leave_form import LeaveForm
from services.ingest.usecases.one_person import OnePerson
from services.ingest.usecases.queue_book import QueueBook
from services.ingest.usecases.visit import BrokerIsAwayError, Visit
from shared.contracts.permissions import PermissionBook
from shared.messaging import publisher as publishing
from shared.messaging.publisher import BrokerAwayError, Publisher
from shared.messaging.records import Record
from shared.messaging.topics_admin import create_topics
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import connect
from tests import servers
from tests.ingest.door import Door, a_publisher, refused, update
from tests.ingest.queues import GIVEN, a_queue
from tests.ingest.site import KEY, an_item

SECONDS = 0.7
FILLER = b'{"id": "filler", "text": "%s"}' % (b"x" * 10_000)


@pytest.fixture(scope="module")
def own_kafka() -> Generator[servers.Kafka]:
    with servers.a_kafka() as running:
        yield running


@pytest.mark.faults
async def test_503_in_time_then_everything_again(own_kafka: servers.Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = IngestSettings(kafka=own_kafka.bootstrap, accept_seconds=SECONDS, partitions_hot=2, partitions=1)
    await create_topics(settings)
    async with a_publisher(settings) as publisher:
        door = Door(settings, publisher)
        assert (await door.gets(update(1, text="before"))).status == 200

        own_kafka.kill()
        before, began = refused("telegram", "away"), time.monotonic()
        answer = await door.gets(update(2, text="while it is away"))
        assert time.monotonic() - began < SECONDS + 4
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert answer.body["request_id"]
        assert refused("telegram", "away") == before + 1

        monkeypatch.setattr(publishing, "MAX_WAITING_BYTES", 100_000)
        await _fill(publisher)
        assert (await door.gets(update(3))).status == 503

        own_kafka.restart()
        for _ in range(600):
            if (await door.gets(update(2, text="while it is away"))).status == 200:
                break
            await asyncio.sleep(0.1)
        else:
            raise AssertionError("no 2xx within the time after the broker came back")

        said = {event["id"]: event["text"] for event in await door.published()}
        assert [said[key] for key in sorted(said)][:2] == ["before", "while it is away"]


async def _fill(publisher: Publisher) -> None:
    """Offer until nothing more is taken."""
    for _ in range(9):
        publisher.offer("conversation.v1", Record(b"k", FILLER, []))
    with pytest.raises(BrokerAwayError, match="too much waits"):
        publisher.offer("conversation.v1", Record(b"k", FILLER, []))


async def test_a_publisher_that_never_reached_its_broker_refuses_at_once() -> None:
    settings = IngestSettings(kafka="127.0.0.1:9")
    door = Door(settings, Publisher(settings, "ingest"))
    answer = await door.gets(update(1))
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")


async def test_a_visitor_is_asked_to_send_again_while_the_broker_is_away() -> None:
    settings = IngestSettings(kafka="127.0.0.1:9")
    door = Door(settings, Publisher(settings, "ingest"))
    account = Account("ws_1", door.connection_id, "widget", {"device_key": "k"})
    client = connect(settings)
    ours = client.get_database("never_asked")
    people = OnePerson(Aliases(ours), Conversations(ours), PermissionBook())
    accept = Accept(accounts=door, hooks={}, people=people, publisher=door.publisher)
    queues = QueueBook()
    queues.take(a_queue("ws_1", door.connection_id))
    visit = Visit(accept, LeaveForm(queues, SecretKeys(KEY)), VisitorLines(client, ours), Messages(ours))
    for item in (an_item("message", {"text": "x"}), an_item("form", {"answers": GIVEN})):
        with pytest.raises(BrokerIsAwayError):
            await visit.tell(account, "dv_1", [item], now=datetime.now(UTC), behind=timedelta())
    client.close()
