"""What is accepted is kept, and said once, whatever ends, stops or misbehaves. One Kith for all of these."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator

import pytest

from shared.contracts.chat import Channel
from shared.messaging.publisher import Publisher
from shared.storage.mongo import connect, database
from tests.e2e.kith import until
from tests.faults.checker import check, check_alone, is_planned, is_sent, moment, too_early
from tests.faults.house import GENEROUS, MISBEHAVES, SERVICES, SLOW, House, a_house
from tests.faults.load import Load, NewLoad, Tell, Written, an_update, shuffled
from tests.faults.poison import GROUPS, Past
from tests.faults.refusals import WAYS, Chat, Provider, Way, a_provider

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

ON_THE_WAY = 1.0
"""Seconds that a request which has started may take to reach a provider on a busy machine."""


@pytest.fixture(scope="module")
async def provider() -> AsyncGenerator[Provider]:
    async with a_provider() as running:
        yield running


@pytest.fixture(scope="module")
async def house(provider: Provider) -> AsyncGenerator[House]:
    async with a_house(KITH_META_API=provider.meta) as running:
        yield running


async def test_kill_9_of_services_in_mid_batch(house: House, people: NewLoad, tell: Tell, dice: random.Random) -> None:
    load = await people(60)
    await house.faults(load.bot["bot_id"], [SLOW])
    before = await house.dead_letters()
    took: dict[str, list[float]] = {}

    async def twice(name: str) -> None:
        for _ in range(2):
            await asyncio.sleep(dice.uniform(0.5, 3.0))
            took.setdefault(name, []).append(await house.kill(name))

    async with load.going_on(a_second=100):
        await asyncio.gather(*(twice(name) for name in ("ingest", "identity", "broadcast")))
        await asyncio.sleep(1)

    found = await check(load, ends=2)
    assert await house.dead_letters() == before
    tell(f"kill -9 of services: {found}; going again after {_seconds(took)}")


@pytest.mark.parametrize("server", ["kafka", "mongo"])
async def test_kill_9_of_broker_and_database(
    house: House, people: NewLoad, server: str, tell: Tell, dice: random.Random
) -> None:
    load = await people(60)
    await house.faults(load.bot["bot_id"], [SLOW])
    before = await house.dead_letters()

    async with load.going_on(a_second=80):
        await asyncio.sleep(dice.uniform(1.0, 2.5))
        took = await house.kill(server)
        await asyncio.sleep(1)

    found = await check(load)
    assert await house.dead_letters() == before
    tell(f"kill -9 of {server}: {found}; going again after {took:.1f} s; answers {dict(load.statuses)}")


async def test_broker_that_stands_still(house: House, people: NewLoad, tell: Tell) -> None:
    load = await people(100)
    memory = house.memory("ingest")

    async with load.going_on(a_second=50):
        await asyncio.sleep(1)
        async with house.standing_still("kafka"):
            await asyncio.sleep(8)
            grown = house.memory("ingest") - memory
        went_on = time.monotonic()
        taken = load.statuses[200]
        await until(lambda: _more_than(load, taken + 20), GENEROUS)
        took = time.monotonic() - went_on

    found = await check(load)
    refused = sorted(load.seconds[503])
    assert refused[len(refused) * 3 // 4] < 5, refused
    assert grown < 100, f"ingest grew by {grown:.0f} MB"
    tell(
        f"broker away for 8 s: {found}; {len(refused)} answers 503, within {refused[len(refused) // 2]:.1f} s "
        f"(median), {refused[-1]:.1f} s (slowest); ingest grew by {grown:.0f} MB; going again after {took:.1f} s"
    )


async def test_each_delivery_three_times_and_out_of_order(people: NewLoad, tell: Tell, dice: random.Random) -> None:
    load = await people(20)
    began = int(time.time()) - 10_000
    written = [load.write(dice.choice(load.chats), date=began + number) for number in range(400)]
    at_once = asyncio.Semaphore(30)

    async def deliver(one: Written) -> None:
        async with at_once:
            await load.until_taken(an_update(one))

    for one in written:
        load.accepted[one.chat_id].append(one)
    await asyncio.gather(*map(deliver, shuffled([one for one in written for _ in range(3)], 50, dice)))

    tell(f"each three times, shuffled within 50: {await check(load, in_order=False)}")


async def test_poison_stops_nobody_and_can_be_looked_at_and_given_back(
    house: House, people: NewLoad, tell: Tell, dice: random.Random
) -> None:
    load = await people(10)
    past, before = Past(house, load.bot), await house.dead_letters()
    good = [load.write(chat_id) for _ in range(10) for chat_id in load.chats]
    mendable = [load.write(load.chats[0]), load.write(load.chats[1])]
    lost = load.write(load.chats[2])
    records = [past.good(one) for one in good]
    for record in (
        past.with_null_header(mendable[0]),
        past.with_foreign_header(mendable[1]),
        past.without_value(lost),
        past.without_sense(lost),
    ):
        records.insert(dice.randrange(10, 90), record)
    await past.put(records)
    for one in good:
        load.accepted[one.chat_id].append(one)
    await check(load)

    assert await house.dead_letters() == before + 4 * len(GROUPS)
    letters = [one for one in await house.command("dead-letters", "list") if one["why"] == "undecodable"][-8:]
    assert {(one["topic"], one["group"]) for one in letters} == {("conversation.v1", group) for group in GROUPS}
    headers = [one for one in letters if one["group"] == GROUPS[0] and "header" in one["error"]]
    shown = await house.command("dead-letters", "show", headers[0]["id"])
    assert shown["error"] in {"header 'x-trace' is null", "header 'x-trace' is not UTF-8"}
    assert any(one.text in shown["value"] for one in mendable)

    given_back = await house.command("dead-letters", "replay", *(one["id"] for one in headers))

    assert [one["result"] for one in given_back] == ["given back", "given back"]
    for one in mendable:
        load.accepted[one.chat_id].append(one)
    found = await check(load)
    assert await house.dead_letters() == before + 4 * len(GROUPS)
    tell(f"4 bad among 100 good: {found}; put aside once by each of {len(GROUPS)} groups; the 2 mendable given back")


async def test_provider_that_refuses_fails_and_stays_silent(house: House, people: NewLoad, tell: Tell) -> None:
    load, unlimited, bystanders = await people(8), await people(8), await people(5)
    await house.faults(load.bot["bot_id"], MISBEHAVES)
    await house.faults(unlimited.bot["bot_id"], MISBEHAVES[1:])
    began = time.monotonic()

    await asyncio.gather(load.exactly(5), unlimited.exactly(3), bystanders.exactly(6))
    others = await check_alone(bystanders)
    others_took = time.monotonic() - began
    await asyncio.sleep(max(0.0, 8 - others_took))
    await house.faults(load.bot["bot_id"], [])
    await house.faults(unlimited.bot["bot_id"], [])

    for name, one in (("429, 500 and silence", load), ("500 and silence", unlimited)):
        found = await check(one, one_request=False)
        silent = {id_ for id_, all_ in found.requests.items() if any(r["fault"] == "silence" for r in all_)}
        assert found.by_status["unknown"] == len(silent)
        for id_ in silent:
            assert found.requests[id_][-1]["fault"] == "silence", found.requests[id_]
        assert not too_early(found), too_early(found)
        struck = Counter(request["fault"] for all_ in found.requests.values() for request in all_)
        tell(f"{name}: {found}; requests by fault {dict(struck)}")
    tell(f"another bot meanwhile: {others}, after {others_took:.1f} s")


async def test_block_under_load(house: House, people: NewLoad, tell: Tell) -> None:
    load, others = await people(5), await people(40)
    await house.faults(load.bot["bot_id"], [{**SLOW, "seconds": 2.0}])

    async with others.going_on(a_second=50):
        await load.exactly(12)
        await until(lambda: is_planned(load), GENEROUS)
        blocked = {chat_id: await load.blocks(chat_id) for chat_id in load.chats}
        await until(lambda: is_sent(load), GENEROUS)

    found = await check(load)
    later = [moment(one) - blocked[one["chat_id"]] for all_ in found.requests.values() for one in all_]
    assert max(later) < 2 + ON_THE_WAY, later
    assert found.by_status["failed"] > 0
    await asyncio.sleep(1)  # Telegram dates in seconds, and of one second the stricter counts
    await house.faults(load.bot["bot_id"], [])
    for chat_id in load.chats:
        await load.unblocks(chat_id)
    await load.exactly(1)
    afterwards = await check(load)
    assert afterwards.by_status["sent"] == found.by_status["sent"] + len(load.chats)
    tell(f"blocked: {found}; the last request {max(later):.2f} s after the block's 200; others: {await check(others)}")


@pytest.mark.parametrize(("channel", "way"), WAYS)
async def test_a_no_counts_at_once_on_every_channel(
    house: House, provider: Provider, channel: Channel, way: Way, tell: Tell
) -> None:
    await until(house.is_ready, GENEROUS)
    publisher = Publisher(house.settings, "ingest")
    await publisher.start()
    try:
        said_no, another = (Chat(house, provider, publisher, channel) for _ in range(2))
        await asyncio.gather(said_no.open(), another.open())
        await asyncio.gather(said_no.is_written_to(), another.is_written_to())
        told_at = await said_no.says_no(way)
        ended = await said_no.settled()
        began = await said_no.requests()
        await another.says_no("switch")
        others = await another.requests()
    finally:
        await publisher.stop()

    assert max(began) - told_at < 2 + ON_THE_WAY, [at - told_at for at in began if at > told_at]
    assert ended["failed"] > len(began)
    assert max(others) > max(began)  # nobody else fell silent
    tell(f"{channel}, {way}: {ended}; the last request {max(began) - told_at:.2f} s after the 2xx")


async def test_what_an_outbox_lost_is_found_by_hand(house: House) -> None:
    await until(house.is_ready, GENEROUS)
    client = connect(house.settings)
    lost = {"ingest": "connections", "identity": "chat_contacts", "console": "users"}
    try:
        for service, rows in lost.items():
            changed = await database(client, house.settings, service)[rows].update_one({}, {"$inc": {"rev": 7}})
            assert changed.modified_count == 1
    finally:
        client.close()

    found = {row["topic"]: row for row in await house.command("digest")}
    again = await house.command("digest", "--look")

    assert {topic: found[topic]["older"] for topic in ("connection.v1", "chat-contact.v1", "access.v1")} == {
        "connection.v1": 1,
        "chat-contact.v1": 1,
        "access.v1": 1,
    }
    assert [(row["topic"], row["missing"], row["older"], row["gone"]) for row in again] == [
        (row["topic"], 0, 0, 0) for row in again
    ]
    kept = await house.command("rebuild")
    assert all(row["equal"] for row in kept), kept
    assert {row["topic"] for row in kept} >= {"access.v1", "connection.v1", "permission.v1"}
    assert len({row["digest"] for row in kept if row["topic"] == "access.v1"}) == 1
    looked = await house.command("rebuild", "--look")
    assert [row["digest"] for row in looked] == [row["digest"] for row in kept]


async def test_restarts_one_after_the_other_and_all_at_once(house: House, people: NewLoad, tell: Tell) -> None:
    load = await people(60)
    await house.faults(load.bot["bot_id"], [SLOW])
    took: dict[str, list[float]] = {}

    async with load.going_on(a_second=60):
        for name in SERVICES:
            took[name] = [await house.ask_to_end(name)]
        together = await asyncio.gather(*(house.ask_to_end(name) for name in SERVICES))
        for name, seconds in zip(SERVICES, together, strict=True):
            took[name].append(seconds)

    found = await check(load)
    await until(house.measured_lag_is_none, GENEROUS)
    what = "SIGTERM, one after the other and then all at once"
    tell(f"{what}: {found}; going again after {_seconds(took)}; answers {dict(load.statuses)}")


async def _more_than(load: Load, number: int) -> bool:
    return load.statuses[200] > number


def _seconds(took: dict[str, list[float]]) -> str:
    return ", ".join(f"{name} {' and '.join(f'{one:.1f}' for one in times)} s" for name, times in took.items())
