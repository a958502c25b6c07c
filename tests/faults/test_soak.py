"""The same faults for longer, and many more of them: `make faults`."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator

import pytest

from tests.e2e.kith import until
from tests.faults.checker import check, is_planned, is_sent
from tests.faults.house import GENEROUS, SERVICES, SLOW, House, a_house
from tests.faults.load import Load, NewLoad, Tell, Written, an_update, shuffled
from tests.faults.poison import GROUPS, Past

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(3600)]

KILLED = ("ingest", "identity", "broadcast")
STREAMS = ("ingest", "identity", "notification", "broadcast")


@pytest.fixture(scope="module")
async def house() -> AsyncGenerator[House]:
    async with a_house() as running:
        yield running


async def test_10_000_events_and_20_kills(house: House, people: NewLoad, tell: Tell, dice: random.Random) -> None:
    load, before = await people(200), await house.dead_letters()
    await house.faults(load.bot["bot_id"], [SLOW])
    took: list[tuple[float, str]] = []
    killed: Counter[str] = Counter()

    async with load.going_on(a_second=60):
        for _ in range(20):
            await asyncio.sleep(dice.uniform(0.0, 3.0))
            name = dice.choice(KILLED)
            killed[name] += 1
            took.append((await house.kill(name), name))
        await until(lambda: _has(load, 10_000), 1200)

    found = await check(load, ends=killed["broadcast"])
    assert await house.dead_letters() == before
    slowest = ", ".join(f"{name} {seconds:.1f} s" for seconds, name in sorted(took)[-3:])
    tell(f"20 kills {dict(killed)}: {found}; slowest to go again, the supervisor's growing pauses included: {slowest}")


@pytest.mark.parametrize("server", ["kafka", "mongo"])
async def test_server_killed_five_times(
    house: House, people: NewLoad, tell: Tell, dice: random.Random, server: str
) -> None:
    load, before = await people(100), await house.dead_letters()
    took: list[float] = []

    async with load.going_on(a_second=100):
        for _ in range(5):
            await asyncio.sleep(dice.uniform(1.0, 4.0))
            took.append(await house.kill(server))

    found = await check(load)
    assert await house.dead_letters() == before
    tell(f"5 kills of {server}: {found}; going again after {', '.join(f'{one:.1f}' for one in took)} s")


async def test_broker_that_stands_still_for_30_seconds(house: House, people: NewLoad, tell: Tell) -> None:
    load, memory = await people(200), house.memory("ingest")

    async with load.going_on(a_second=50):
        await asyncio.sleep(2)
        async with house.standing_still("kafka"):
            await asyncio.sleep(30)
            grown = house.memory("ingest") - memory
        went_on = time.monotonic()
        await until(house.is_ready, GENEROUS)
        took = time.monotonic() - went_on

    refused = sorted(load.seconds[503])
    assert grown < 100, f"ingest grew by {grown:.0f} MB"
    tell(
        f"broker away for 30 s: {await check(load)}; 503 within {refused[len(refused) // 2]:.1f} s (median), "
        f"{refused[-1]:.1f} s (slowest); ingest grew by {grown:.0f} MB; ready after {took:.1f} s"
    )


async def test_10_000_deliveries_three_times_each(people: NewLoad, tell: Tell, dice: random.Random) -> None:
    load = await people(100)
    began = int(time.time()) - 50_000
    written = [load.write(dice.choice(load.chats), date=began + number) for number in range(3_333)]
    at_once = asyncio.Semaphore(50)

    async def deliver(one: Written) -> None:
        async with at_once:
            await load.until_taken(an_update(one))

    for one in written:
        load.accepted[one.chat_id].append(one)
    await asyncio.gather(*map(deliver, shuffled([one for one in written for _ in range(3)], 50, dice)))
    tell(f"10,000 deliveries, each three times: {await check(load, in_order=False)}")


async def test_one_in_a_hundred_undecodable_and_one_always_failing(
    house: House, people: NewLoad, tell: Tell, dice: random.Random
) -> None:
    clean, load, failing = await people(100), await people(100), await people(1)
    before, seconds = await house.dead_letters(), list[float]()
    for one, bad in ((clean, 0), (load, 50)):
        past = Past(house, one.bot)
        good = [one.write(chat_id) for _ in range(50) for chat_id in one.chats]
        records = [past.good(written) for written in good]
        for _ in range(bad):
            records.insert(dice.randrange(len(records)), past.without_sense(good[0]))
            never = Past(house, failing.bot).that_always_fails(failing.write(failing.chats[0]))
            records.insert(dice.randrange(len(records)), never)
        for written in good:
            one.accepted[written.chat_id].append(written)
        began = time.monotonic()
        await past.put(records)
        await until(lambda load=one: is_planned(load), GENEROUS)
        await until(lambda load=one: is_sent(load), GENEROUS)
        seconds.append(time.monotonic() - began)

    found = await check(load)
    letters = (await house.command("dead-letters", "list"))[before:]
    counted = Counter((letter["why"], letter["group"]) for letter in letters)
    assert counted == {**{("undecodable", group): 50 for group in GROUPS}, ("failing", GROUPS[0]): 50}
    tell(f"1 % undecodable, 1 % always failing: {found}; {seconds[1]:.1f} s, and {seconds[0]:.1f} s without them")


async def test_ten_times_the_load_for_a_minute(house: House, people: NewLoad, tell: Tell) -> None:
    load = await people(300)
    memory = {name: house.memory(name) for name in STREAMS}

    async with load.going_on(a_second=500):
        await asyncio.sleep(60)
    ended = time.monotonic()
    await until(lambda: is_planned(load), 300)
    await until(lambda: is_sent(load), 300)
    drained = time.monotonic() - ended

    grown = {name: round(house.memory(name) - before) for name, before in memory.items()}
    taken = sorted(load.seconds[200])
    assert set(load.statuses) <= {200, 429, 503}, load.statuses
    assert all(mb < 300 for mb in grown.values()), grown
    tell(
        f"10 times the load: {await check(load)}; {load.statuses[200] / 60:.0f} a second, answered within "
        f"{taken[len(taken) * 99 // 100]:.2f} s (99 %); drained after {drained:.0f} s; MB more: {grown}"
    )


async def test_rolling_restarts_20_times(house: House, people: NewLoad, tell: Tell) -> None:
    load = await people(100)
    await house.faults(load.bot["bot_id"], [SLOW])

    async with load.going_on(a_second=50):
        took = [await house.ask_to_end(name) for name in SERVICES * 4]

    tell(f"20 rolling SIGTERMs: {await check(load)}; going again after {min(took):.1f} to {max(took):.1f} s")


async def _has(load: Load, number: int) -> bool:
    return load.total >= number
