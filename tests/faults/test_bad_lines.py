"""Slow, cut and silent lines between the services and their broker and database."""

import asyncio
import random
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from deploy.local import kafka_config, ports
from deploy.local.kafka import LocalKafka
from deploy.local.mongod import LocalMongo
from tests.e2e.kith import until
from tests.faults.checker import check
from tests.faults.house import GENEROUS, House, a_house
from tests.faults.load import NewLoad, Tell
from tests.faults.proxy import Proxy

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(3600)]

_ADVERTISED = "advertised.listeners=PLAINTEXT://127.0.0.1:{port}"


@pytest.fixture(scope="module")
async def lines() -> AsyncGenerator[dict[str, Proxy]]:
    """Run a broker and a database, each behind a proxy that nobody can go round."""
    kafka_port, controller_port, kafka_proxy, mongo_port, mongo_proxy = ports.free(5)
    patch = pytest.MonkeyPatch()
    advertised = _ADVERTISED.format(port=kafka_proxy)
    assert _ADVERTISED in kafka_config.BROKER
    patch.setattr(kafka_config, "BROKER", kafka_config.BROKER.replace(_ADVERTISED, advertised))
    with tempfile.TemporaryDirectory(prefix="kith-lines-") as folder:
        kafka = LocalKafka(Path(folder) / "kafka", kafka_port, controller_port)
        mongo = LocalMongo(Path(folder) / "mongo", mongo_port)
        try:
            await asyncio.gather(asyncio.to_thread(kafka.start), asyncio.to_thread(mongo.start))
            async with (
                Proxy(kafka_proxy, kafka_port).running() as to_kafka,
                Proxy(mongo_proxy, mongo_port).running() as to_mongo,
            ):
                yield {"kafka": to_kafka, "mongo": to_mongo}
        finally:
            patch.undo()
            await asyncio.gather(asyncio.to_thread(kafka.stop), asyncio.to_thread(mongo.stop))


@pytest.fixture(scope="module")
async def house(lines: dict[str, Proxy]) -> AsyncGenerator[House]:
    kafka, mongo = lines["kafka"].port, lines["mongo"].port
    # a driver that looked for the replica set's members would go round the proxy
    addresses = {
        "KITH_KAFKA": f"127.0.0.1:{kafka}",
        "KITH_MONGO": f"mongodb://127.0.0.1:{mongo}/?directConnection=true",
    }
    async with a_house(kafka_port=kafka, **addresses) as running:
        yield running


@pytest.mark.parametrize("server", ["kafka", "mongo"])
async def test_slow_line(lines: dict[str, Proxy], people: NewLoad, tell: Tell, server: str) -> None:
    load, line = await people(30), lines[server]

    async with load.going_on(a_second=30):
        line.latency = 0.05
        await asyncio.sleep(15)
        line.latency = 0.0

    tell(f"50 ms each way to {server}: {await check(load)}; answers {dict(load.statuses)}")


@pytest.mark.parametrize("server", ["kafka", "mongo"])
async def test_line_that_is_cut_again_and_again(
    house: House, lines: dict[str, Proxy], people: NewLoad, tell: Tell, dice: random.Random, server: str
) -> None:
    load, before = await people(30), await house.dead_letters()

    async with load.going_on(a_second=50):
        for _ in range(15):
            await asyncio.sleep(dice.uniform(0.2, 2.0))
            lines[server].reset_all()

    found = await check(load)
    assert await house.dead_letters() == before
    tell(f"the line to {server} cut 15 times: {found}; answers {dict(load.statuses)}")


@pytest.mark.parametrize("server", ["kafka", "mongo"])
async def test_line_that_is_silent_for_20_seconds(
    house: House, lines: dict[str, Proxy], people: NewLoad, tell: Tell, server: str
) -> None:
    load, before = await people(30), await house.dead_letters()

    async with load.going_on(a_second=50):
        await asyncio.sleep(2)
        lines[server].fall_silent()
        await asyncio.sleep(20)
        lines[server].speak_again()
        await until(house.is_ready, GENEROUS)

    found = await check(load)
    assert await house.dead_letters() == before
    tell(f"the line to {server} silent for 20 s: {found}; answers {dict(load.statuses)}")
