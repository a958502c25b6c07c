"""From an event to a Kafka record, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from aiokafka import ConsumerRecord
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.contracts.event import Event
from shared.contracts.topics import Topic
from shared.observability.traces import current_traceparent

Headers = list[tuple[str, bytes]]


class PoisonError(Exception):
    """A record that can never be handled as it stands."""


@dataclass(frozen=True, slots=True)
class Record:
    """What goes onto a topic. A null value on a state topic means that the thing is gone."""

    key: bytes
    value: bytes | None
    headers: Headers


def encode(event: Event, source: str | None = None) -> Record:
    """Write an event as its JSON, with its CloudEvents attributes beside it."""
    headers: Headers = [
        *_attributes(event.type, source or event.source),
        ("ce_id", event.id.encode()),
        ("ce_time", event.time.isoformat().encode()),
        ("ce_workspace", event.workspace_id.encode()),
    ]
    trace = current_traceparent()
    if trace:
        headers.append(("traceparent", trace.encode()))
    return Record(event.key().encode(), event.model_dump_json().encode(), headers)


@cache
def _attributes(type_: str, source: str) -> Headers:
    return [("ce_specversion", b"1.0"), ("ce_type", type_.encode()), ("ce_source", source.encode())]


def decode(topic: Topic, record: ConsumerRecord[bytes, bytes]) -> Event:
    """Read an event back. Raises `PoisonError` for what can never be one, saying why."""
    for name, value in record.headers:
        # aiokafka types these as bytes; the wire does not promise it
        if value is None:  # pyright: ignore[reportUnnecessaryComparison]
            raise PoisonError(f"header {name!r} is null")
        try:
            value.decode()
        except UnicodeDecodeError as error:
            raise PoisonError(f"header {name!r} is not UTF-8") from error
    if record.value is None:
        raise PoisonError("the value is null")
    try:
        return topic.adapter.validate_json(record.value)
    except ValidationError as error:
        raise PoisonError(describe(error)) from error


def describe(error: ValidationError) -> str:
    """Say where an event is wrong, without repeating what stood there: it may be personal."""
    places = (f"{'.'.join(str(part) for part in e['loc']) or 'value'}: {_said(e)}" for e in error.errors()[:5])
    return "; ".join(places)


def _said(error: ErrorDetails) -> str:
    """Return pydantic's words, but for the ones that quote what they were given."""
    return "there is no such type" if error["type"] == "union_tag_invalid" else error["msg"]


def traceparents(records: Sequence[ConsumerRecord[bytes, bytes]]) -> set[str]:
    """Return the traces that a batch continues."""
    found: set[str] = set()
    for record in records:
        for name, value in record.headers:
            if name == "traceparent" and value is not None:  # pyright: ignore[reportUnnecessaryComparison]
                found.add(value.decode(errors="replace"))
    return found
