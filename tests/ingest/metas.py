"""What the tests of all Meta's channels share: a shape to compare, and a fuzzer."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import ConsumerRecord
from hypothesis import strategies as st

from services.ingest.channels.contract import Account, Inbound, MalformedError, ReceiptReceivedV1
from services.ingest.channels.meta.hook import MetaHook, Reading
from shared.contracts import topics
from shared.contracts.chat import Channel
from shared.messaging.records import decode, encode

SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
APP_SECRET = "0123456789abcdef0123456789abcdef"


class Recorded:
    """The recorded updates of one channel, in Meta's documented form."""

    def __init__(self, channel: Channel, account_id: str, reading: Reading) -> None:
        secrets = {"token": "EAAB", "app_secret": APP_SECRET, "verify_token": "v3rify"}
        self.account = Account("ws_1", "con_1", channel, secrets, account_id)
        self.hook = MetaHook(reading, now=lambda: NOW)
        self._folder = Path(__file__).parent / channel

    def names(self) -> set[str]:
        return {path.stem for path in self._folder.glob("*.json")}

    def body(self, name: str) -> bytes:
        return (self._folder / f"{name}.json").read_bytes()

    def read(self, body: bytes) -> Sequence[Inbound]:
        return self.hook.parse(self.account, body).events

    def says(self, name: str, wanted: list[dict[str, Any]]) -> None:
        """Compare what an update says, in the fields that the table names."""
        events = [event.model_dump() for event in self.read(self.body(name))]
        found = [{key: event[key] for key in want} for event, want in zip(events, wanted, strict=True)]
        assert found == wanted
        assert {event["workspace_id"] for event in events} <= {"ws_1"}
        assert [event["id"] for event in events] == [event.id for event in self.read(self.body(name))]
        assert len({event["id"] for event in events}) == len(events)

    def check(self, body: bytes) -> None:
        """Whatever bytes come: an error that names its place, or events that survive being written and read again."""
        try:
            events = self.read(body)
        except MalformedError as error:
            refused = (error.field, error.message)
            assert all(refused)
            return
        for event in events:
            topic = topics.RECEIPT if isinstance(event, ReceiptReceivedV1) else topics.CONVERSATION
            record = encode(event)
            for _, header in record.headers:
                header.decode()
            arrived = ConsumerRecord(
                topic=topic.name, partition=0, offset=0, timestamp=0, timestamp_type=0, key=record.key,
                value=record.value, checksum=None, serialized_key_size=0, serialized_value_size=0,
                headers=record.headers,
            )  # fmt: skip
            assert decode(topic, arrived) == event


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 2**31, 2**63, 2**64, 10**30, 4_102_444_800, 4_102_444_801, 4_102_444_800_001]),
    st.floats(),
    st.text(),
    st.sampled_from(["", "\x00", "a\x00b", "\ud800", "\udfff tail", "\u202e", "$where", "a.b", "0" * 400, "1" * 400]),
)
FIELDS = ["object", "entry", "changes", "value", "messages", "messaging", "sender", "from", "id", "text", "contacts"]
values = st.recursive(
    odd,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=4),
)
deep = st.integers(1, 400).map(
    lambda depth: b'{"object":"page","entry":' + b"[" * depth + b"]" * depth + b"}",
)
anything = st.binary() | values.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")) | deep


def mutated(bodies: Callable[[], list[bytes]]) -> st.SearchStrategy[bytes]:
    """Take a recorded update and put something odd in a place or two of it."""

    @st.composite
    def make(draw: st.DrawFn) -> bytes:
        update = json.loads(draw(st.sampled_from(bodies())))
        for _ in range(draw(st.integers(1, 3))):
            _put(update, draw(st.integers(0, 10_000)), draw(values))
        body = json.dumps(update, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
        return body[: draw(st.none() | st.integers(0, len(body)))]

    return make()


def _put(update: dict[str, Any], where: int, value: Any) -> None:
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [update]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            keyed: dict[str, Any] = one
            places += [(keyed, key) for key in keyed]
            waiting += keyed.values()
        elif isinstance(one, list):
            listed: list[Any] = one
            places += [(listed, number) for number in range(len(listed))]
            waiting += listed
    if places:
        inside, key = places[where % len(places)]
        inside[key] = value
