"""Teaches the JVM what Kafka loads as it starts, once, so that each later start takes half as long.

It watches a broker of its own, with a home of its own that is thrown away: no data are near it.
"""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from deploy.local import artifacts, layout, ports
from deploy.local.errors import CannotStart
from deploy.local.java import java
from deploy.local.jvm import Jvm
from deploy.local.kafka import LocalKafka

WRITES_WITHIN = 180.0
"""Seconds. The JVM writes what it learnt as it ends, which takes 5 to 10 of them."""

_RECORDS = 20


def train(cache: Path) -> bool:
    """Write the class cache, unless it is there. Gives False where it is not; that costs seconds, and nothing else."""
    jvm = Jvm(java(), artifacts.jars_in(cache))
    if jvm.cache.exists():
        return True
    with tempfile.TemporaryDirectory(prefix="kith-training-") as home:
        learnt = Path(home) / jvm.cache.name
        port, controller_port = ports.free(2)
        kafka = LocalKafka(Path(home), port, controller_port, cache=cache)
        try:
            kafka.start(train=learnt)
            asyncio.run(_exercise(kafka.bootstrap))
        finally:
            kafka.stop(grace=WRITES_WITHIN)
        if not learnt.exists():
            return False
        beside = jvm.cache.with_suffix(".new")
        beside.write_bytes(learnt.read_bytes())
        beside.replace(jvm.cache)
    return True


async def _exercise(bootstrap: str) -> None:
    """Do what services do to a broker, so that the classes of that are learnt too."""
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic

    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("training", 2, 1, topic_configs={"cleanup.policy": "compact"})])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as producer:
        for number in range(_RECORDS):
            await producer.send_and_wait("training", b"", key=str(number).encode())
    consumer = AIOKafkaConsumer(
        "training",
        bootstrap_servers=bootstrap,
        group_id="training",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    async with consumer:
        for _ in range(_RECORDS):
            await consumer.getone()
        await consumer.commit()


def main() -> None:
    """Fetch Kafka's jars and train: `python -m deploy.local.training`."""
    cache = layout.cache()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # that a coordinator is still being chosen is no news
    try:
        if not artifacts.are_in(cache):
            print("Fetching Kafka's jars; this is done once.", flush=True)
        jars = artifacts.jars_in(cache)
    except CannotStart as trouble:
        sys.exit(str(trouble))
    if Jvm(java(), jars).cache.exists():
        return
    print("Teaching the JVM what Kafka loads, so that it starts faster; this is done once.", flush=True)
    try:
        if not train(cache):
            print("That did not work here; Kafka starts a little slower without.")
    except CannotStart as trouble:
        print(f"That did not work here; Kafka starts a little slower without. {trouble}")


if __name__ == "__main__":
    main()
