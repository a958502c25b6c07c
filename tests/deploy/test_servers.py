"""The embedded servers keep what they acknowledged, whatever ends them."""

from pathlib import Path
from typing import Any

import pymongo
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import ports
from deploy.local.errors import CannotStart
from deploy.local.kafka import LocalKafka
from deploy.local.mongod import LocalMongo


async def _write(bootstrap: str, topic: str, values: list[bytes]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def _read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        return [(await consumer.getone()).value or b"" for _ in range(count)]
    finally:
        await consumer.stop()


@pytest.mark.faults
async def test_kafka_keeps_what_it_acknowledged_through_kill_9_and_a_clean_restart(tmp_path: Path) -> None:
    port, controller_port = ports.free(2)
    with LocalKafka(tmp_path, port, controller_port) as kafka:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        await admin.start()
        await admin.create_topics([NewTopic("people", 1, 1)])
        await admin.close()
        await _write(kafka.bootstrap, "people", [b"Ada", b"Agnes"])

        kafka.kill()
        assert not kafka.is_ready
        kafka.start()
        await _write(kafka.bootstrap, "people", [b"Mark"])
        kafka.restart()

        assert await _read(kafka.bootstrap, "people", 3) == [b"Ada", b"Agnes", b"Mark"]


@pytest.mark.faults
def test_mongod_keeps_its_documents_through_kill_9_and_a_change_of_port(tmp_path: Path) -> None:
    port, other_port = ports.free(2)
    with LocalMongo(tmp_path, port) as mongo:
        with pymongo.MongoClient[dict[str, Any]](mongo.uri, w="majority") as client:
            client.kith.people.insert_one({"_id": "Ada"})
        mongo.kill()
        assert not mongo.is_ready

    with LocalMongo(tmp_path, other_port) as moved, pymongo.MongoClient[dict[str, Any]](moved.uri) as client:
        with client.start_session() as session, session.start_transaction():
            client.kith.people.insert_one({"_id": "Agnes"}, session=session)

        assert [person["_id"] for person in client.kith.people.find().sort("_id")] == ["Ada", "Agnes"]


def test_one_home_has_one_mongod(tmp_path: Path) -> None:
    port, other_port = ports.free(2)
    with LocalMongo(tmp_path, port), pytest.raises(CannotStart, match="running already"):
        LocalMongo(tmp_path, other_port).start()
