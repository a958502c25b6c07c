"""Golden examples of every version of every event must parse for ever, and say the same when written again."""

import json
from pathlib import Path
from typing import Any

import pytest

import shared.contracts
from shared.contracts.event import Event
from shared.contracts.topics import TOPICS, Topic

EXAMPLES = Path(shared.contracts.__file__).parent / "examples"


def _name(event: type[Event]) -> str:
    return str(event.model_fields["type"].default)


KNOWN = {_name(event): topic for topic in TOPICS for event in topic.events}


def test_every_event_has_examples_and_every_example_an_event() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(KNOWN)


@pytest.mark.parametrize(("name", "topic"), KNOWN.items(), ids=list(KNOWN))
def test_an_example_parses_and_nothing_of_it_is_lost(name: str, topic: Topic) -> None:
    for example in json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")):
        event = topic.adapter.validate_json(json.dumps(example))
        again = json.loads(event.model_dump_json())
        assert _missing(example, again) == []
        assert event.key()


@pytest.mark.parametrize(("name", "topic"), KNOWN.items(), ids=list(KNOWN))
def test_a_newer_producers_field_does_not_stop_us(name: str, topic: Topic) -> None:
    example = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))[0]
    assert topic.adapter.validate_python(example | {"a_field_of_next_year": 1})


def test_each_topic_is_read_by_somebody_and_written_by_somebody() -> None:
    for topic in TOPICS:
        assert topic.producers, topic.name
        assert topic.consumers or topic.tails or not topic.events, topic.name


def _missing(example: Any, again: Any, place: str = "") -> list[str]:
    """Name what stands in an example and no longer in what is written, times compared as moments."""
    if isinstance(example, dict):
        return [
            fault
            for key, value in example.items()
            for fault in (_missing(value, again[key], f"{place}.{key}") if key in again else [f"{place}.{key}"])
        ]
    if isinstance(example, list):
        pairs = zip(example, again, strict=True)
        return [fault for number, (a, b) in enumerate(pairs) for fault in _missing(a, b, f"{place}.{number}")]
    return [] if example == again else [f"{place}: {example!r} became {again!r}"]
