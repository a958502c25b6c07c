"""Forms that come in while processes of notification are killed: each in the log once, each agent told once."""

import asyncio
import os
import random
import time

import pytest

from shared.storage.mongo import connect, database
from tests.bench.agents import Heard
from tests.bench.office import WORKSPACE, Left, Office, an_office, listening
from tests.bench.report import percentile
from tests.faults.house import GENEROUS
from tests.faults.load import Tell

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.mark.timeout(600)
async def test_two_replicas_and_two_kills(tell: Tell, dice: random.Random) -> None:
    async with an_office(replicas=2, queues=4, each=5) as office:
        tell(await _soak(office, dice, rate=10, kills=2, pause=(1.0, 2.0), seconds=0))


@pytest.mark.timeout(3600)
async def test_minutes_of_kills(tell: Tell, dice: random.Random) -> None:
    """`KITH_SOAK_SECONDS` and `KITH_SOAK_RATE` make it shorter, or gentler, than the 600 s at 50 forms a second."""
    seconds = float(os.environ.get("KITH_SOAK_SECONDS", "600"))
    rate = float(os.environ.get("KITH_SOAK_RATE", "50"))
    async with an_office(replicas=3, queues=20, each=25) as office:
        tell(await _soak(office, dice, rate=rate, kills=round(seconds / 30), pause=(10.0, 40.0), seconds=seconds))


async def _soak(
    office: Office, dice: random.Random, *, rate: float, kills: int, pause: tuple[float, float], seconds: float
) -> str:
    """Leave forms at a rate while replicas are killed one after the other; check all that came of it."""
    async with listening(office.ports, office.agents) as listeners:
        await office.warm(listeners)
        before = await _log(office)
        ended = asyncio.Event()
        visitors = asyncio.create_task(_visitors(office, rate, ended))
        began = time.monotonic()
        for _ in range(kills):
            await asyncio.sleep(dice.uniform(*pause))
            await office.kill(dice.randrange(len(office.replicas)))
        await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
        ended.set()
        left = await visitors
        heard = await listeners.heard(len(left) * office.each, GENEROUS)
        await asyncio.sleep(1)  # what nobody should hear has time to come
        late = await listeners.heard(0, 0)
    log = await _log(office)
    _check(left, heard, late, office.each)
    assert sorted(log[len(before) :]) == sorted(one.request_id for one in left)
    waits = [at - one.answered for one in left for at in heard.at[one.request_id]]
    return (
        f"{kills} kills of {len(office.replicas)} replicas: {len(left)} forms, each once in the log, "
        f"{heard.lines} lines to {len(office.agents) - 1} agents, each once; {heard.came_back} streams came back; "
        f"{office.sent_again} forms were sent again; "
        f"p50 {percentile(waits, 0.5) * 1000:,.0f} ms, p99 {percentile(waits, 0.99) * 1000:,.0f} ms"
    )


def _check(left: list[Left], heard: Heard, late: Heard, each: int) -> None:
    told = {id_: len(at) for id_, at in heard.at.items()}
    assert told == {one.request_id: each for one in left}
    assert (heard.twice, heard.strays, heard.resets) == (0, 0, 0)
    assert (late.lines, late.twice, late.strays, late.resets) == (0, 0, 0, 0)


async def _visitors(office: Office, rate: float, ended: asyncio.Event) -> list[Left]:
    began, tasks = time.monotonic(), list[asyncio.Task[Left]]()
    while not ended.is_set():
        await asyncio.sleep(max(0.0, began + len(tasks) / rate - time.monotonic()))
        tasks.append(asyncio.create_task(office.leave(len(tasks))))
    return await asyncio.gather(*tasks)


async def _log(office: Office) -> list[str]:
    """Return the requests by their numbers. Each came in once; a killed process may take numbers along."""
    client = connect(office.settings)
    try:
        owned = database(client, office.settings, "notification")
        rows = await owned["requests"].find({"workspace_id": WORKSPACE}).sort("n", 1).to_list(None)
        received = await owned["request_history"].find({"kind": "received"}).to_list(None)
        waiting = await owned["live_waiting"].find({}).to_list(None)
        timers = await owned["timers"].find({}, {"_id": True}).to_list(None)
    finally:
        client.close()
    numbers = [row["n"] for row in rows]
    assert numbers == sorted(set(numbers))
    assert not waiting, "a line was left without its number"
    assert sorted(row["request_id"] for row in received) == sorted(row["_id"] for row in rows)
    assert sorted(row["_id"] for row in timers) == sorted(row["_id"] for row in rows)  # each will escalate, once
    return [row["_id"] for row in rows]
