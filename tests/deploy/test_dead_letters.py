"""`kith dead-letters`, on a real broker."""

import asyncio
import json
from pathlib import Path

import pytest
from aiokafka import ConsumerRecord
from typer.testing import CliRunner

from deploy.cli.main import app
from shared.contracts import topics
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.publisher import Publisher
from shared.messaging.reading import reading, until_now
from shared.messaging.topics_admin import create_topics
from shared.settings import KithSettings
from tests.servers import Kafka

TOPIC = topics.OUTBOUND.name


@pytest.fixture
def settings(kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KithSettings:
    monkeypatch.setenv("KITH_HOME", str(tmp_path))
    monkeypatch.setenv("KITH_KAFKA", kafka.bootstrap)
    return KithSettings()


def _record(value: bytes) -> "ConsumerRecord[bytes, bytes]":
    return ConsumerRecord(
        topic=TOPIC, partition=0, offset=7, timestamp=0, timestamp_type=0, key=b"ws/cn/5551", value=value,
        checksum=None, serialized_key_size=0, serialized_value_size=0, headers=(("ce_id", b"1"),),
    )  # fmt: skip


async def _put_aside(settings: KithSettings, value: bytes) -> None:
    await create_topics(settings)
    publisher = Publisher(settings, "test")
    await publisher.start()
    try:
        await DeadLetters(publisher, "broadcast.outbound.v1").put(_record(value), why="undecodable", error="no JSON")
    finally:
        await publisher.stop()


async def _values_in(settings: KithSettings, topic: str) -> list[bytes | None]:
    async with reading(settings, "test") as reader:
        return [record.value async for record in until_now(reader, topic)]


def test_a_dead_letter_is_listed_shown_and_given_back(settings: KithSettings) -> None:
    value = b'{"broken": "\xff'
    asyncio.run(_put_aside(settings, value))
    kith = CliRunner()

    listed = kith.invoke(app, ["dead-letters", "list", "--topic", TOPIC, "--json"])

    assert listed.exit_code == 0, listed.output
    newest = json.loads(listed.stdout)[-1]
    assert newest["why"] == "undecodable"
    assert newest["group"] == "broadcast.outbound.v1"
    shown = kith.invoke(app, ["dead-letters", "show", newest["id"], "--json"])
    assert json.loads(shown.stdout)["value"] == '{"broken": "\\xff'
    replayed = kith.invoke(app, ["dead-letters", "replay", newest["id"], "--json"])
    assert json.loads(replayed.stdout) == [{"id": newest["id"], "topic": TOPIC, "result": "given back"}]
    assert value in asyncio.run(_values_in(settings, TOPIC))


def test_one_that_is_not_there_is_said(settings: KithSettings) -> None:
    asyncio.run(_put_aside(settings, b"x"))

    refused = CliRunner().invoke(app, ["dead-letters", "replay", "0-999999"])

    assert refused.exit_code == 1
