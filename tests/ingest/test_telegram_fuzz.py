"""Whatever bytes come: an error that names its place, or events that survive being written and read again."""

import json
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.channels.contract import MalformedError
from services.ingest.channels.telegram.parse import parse_update
from shared.contracts import topics
from shared.messaging.records import decode, encode
from tests.ingest.test_telegram_updates import ACCOUNT, SAYS, recorded

NOW = datetime(2026, 1, 2, tzinfo=UTC)
UPDATES = [json.loads(recorded(name)) for name in SAYS]
FIELDS = ["update_id", "message", "edited_message", "callback_query", "my_chat_member", "from", "chat", "id", "date"]

odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 2**31, 2**63, 2**64, 10**30, 4_102_444_800, 4_102_444_801]),
    st.floats(),
    st.text(),
    st.sampled_from(["", "\x00", "a\x00b", "\ud800", "\udfff tail", "\u202e", "$where", "a.b", "0" * 400]),
)
values = st.recursive(
    odd,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=4),
)
deep = st.integers(1, 400).map(lambda depth: b'{"update_id":1,"x":' + b"[" * depth + b"]" * depth + b"}")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Take a recorded update and put something odd in a place or two of it."""
    update = json.loads(json.dumps(draw(st.sampled_from(UPDATES))))
    for _ in range(draw(st.integers(1, 3))):
        _put(update, draw(st.integers(0, 10_000)), draw(values))
    body = json.dumps(update, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    cut = draw(st.none() | st.integers(0, len(body)))
    return body[:cut]


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
    inside, key = places[where % len(places)]
    inside[key] = value


def check(body: bytes) -> None:
    try:
        events = parse_update(ACCOUNT, body, lambda: NOW)
    except MalformedError as error:
        refused = (error.field, error.message)
        assert all(refused)
        return
    assert events
    for event in events:
        record = encode(event)
        for _, header in record.headers:
            header.decode()
        arrived = ConsumerRecord(
            topic="conversation.v1", partition=0, offset=0, timestamp=0, timestamp_type=0, key=record.key,
            value=record.value, checksum=None, serialized_key_size=0, serialized_value_size=0, headers=record.headers,
        )  # fmt: skip
        assert decode(topics.CONVERSATION, arrived) == event


@settings(max_examples=250)
@given(mutated())
def test_a_mutated_update(body: bytes) -> None:
    check(body)


@settings(max_examples=200)
@given(st.binary() | values.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")) | deep)
def test_random_bytes_and_random_json(body: bytes) -> None:
    check(body)


@settings(max_examples=100)
@given(st.text(), st.text(), st.text())
def test_any_text_a_person_can_write_arrives_as_they_wrote_it(text: str, name: str, file: str) -> None:
    update = json.loads(recorded("document"))
    update["message"]["caption"], update["message"]["from"]["first_name"] = text, name
    update["message"]["document"]["file_name"] = file
    body = json.dumps(update).encode()
    (event,) = parse_update(ACCOUNT, body, lambda: NOW)
    assert event.model_dump()["text"] == text
    check(body)
