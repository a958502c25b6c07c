"""Records straight onto `conversation.v1`, past everything that would refuse them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.ingest.channels.contract import Account
from services.ingest.channels.telegram.parse import parse_update
from shared.contracts import topics
from shared.contracts.chat import MessageReceivedV1
from shared.messaging.kafka import make_producer
from shared.messaging.records import Record, encode
from tests.faults.house import House
from tests.faults.load import Written, an_update

GROUPS = tuple(f"{service}.conversation.v1" for service in topics.CONVERSATION.consumers)
"""Each group reads the topic by itself, and puts aside by itself what it cannot handle."""


class Past:
    """Makes records of one bot's connection, and puts them onto the topic."""

    def __init__(self, house: House, bot: Mapping[str, Any]) -> None:
        demo = json.loads((house.kith.home / "demo.json").read_text(encoding="utf-8"))
        self._account = Account(demo["workspace_id"], bot["id"], "telegram", {})
        self._settings = house.settings

    def good(self, written: Written) -> Record:
        """Return what ingest itself publishes of a message."""
        return encode(self._event(written))

    def with_null_header(self, written: Written) -> Record:
        """Return a record that is whole but for a header: the wire allows null, aiokafka's types do not."""
        nothing: Any = None
        record = self.good(written)
        return replace(record, headers=[*record.headers, ("x-trace", nothing)])

    def with_foreign_header(self, written: Written) -> Record:
        """Return a record that is whole but for a header that is not UTF-8."""
        record = self.good(written)
        return replace(record, headers=[*record.headers, ("x-trace", b"\xff\xfe")])

    def without_value(self, written: Written) -> Record:
        return replace(self.good(written), value=None)

    def without_sense(self, written: Written) -> Record:
        return replace(self.good(written), value=b'{"type": "message.received.v1", ')

    def that_always_fails(self, written: Written) -> Record:
        """Return a sound event that ingest cannot handle: no moment comes after it, where its answer would stand."""
        end = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
        return encode(self._event(written).model_copy(update={"time": end}))

    def _event(self, written: Written) -> MessageReceivedV1:
        (event,) = parse_update(self._account, json.dumps(an_update(written)).encode(), lambda: datetime.now(UTC))
        assert isinstance(event, MessageReceivedV1)
        return event

    async def put(self, records: Sequence[Record]) -> None:
        """Put records onto one partition, in their order."""
        producer = make_producer(self._settings, "tests")
        await producer.start()
        try:
            for record in records:
                await producer.send(
                    topics.CONVERSATION.name,
                    key=record.key,
                    value=record.value,
                    headers=record.headers,
                    partition=0,
                )
            await producer.flush()
        finally:
            await producer.stop()
