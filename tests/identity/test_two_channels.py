"""One person by two channels at the same instant is one client; whatever is only claimed never makes two into one."""

import asyncio
import random

import pytest

from shared.contracts.chat import ChatEvent
from tests.identity.happenings import Chat, a_phone
from tests.identity.house import House

BATCH = 100


def shuffled(events: list[ChatEvent]) -> list[list[ChatEvent]]:
    """Deliver everything three times, in any order, in batches."""
    found = events * 3
    random.shuffle(found)
    return [found[start : start + BATCH] for start in range(0, len(found), BATCH)]


async def delivered_at_once(house: House, *streams: list[ChatEvent]) -> None:
    async def one(stream: list[ChatEvent]) -> None:
        for batch in shuffled(stream):
            await house.happened(*batch)

    await asyncio.gather(*(one(stream) for stream in streams))


@pytest.mark.parametrize("people", [100, pytest.param(1_000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])])
async def test_the_same_person_on_two_channels_at_the_same_instant(house: House, workspace: str, people: int) -> None:
    telegram: list[ChatEvent] = []
    whatsapp: list[ChatEvent] = []
    for phone in {a_phone() for _ in range(people)}:
        one, other = Chat(workspace, connection="con_t"), Chat(workspace, connection="con_w")
        telegram += [one.writes("hi", 1), one.proves(phone, 2)]
        whatsapp += [other.writes("hello", 1), other.gives(phone=phone, strength="verified", how="vouched", at=1)]

    await delivered_at_once(house, telegram, whatsapp)

    clients = await house.clients(workspace)
    assert len(clients) == len(telegram) // 2
    assert {len(client.chat_contact_ids) for client in clients} == {2}
    assert all(client.registered for client in clients)
    assert await house.stores.merges.collection.count_documents({"workspace_id": workspace}) == 0


@pytest.mark.parametrize("people", [50, pytest.param(1_000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])])
async def test_claims_and_others_cards_never_make_two_into_one(house: House, workspace: str, people: int) -> None:
    proven: list[ChatEvent] = []
    claims: list[ChatEvent] = []
    for phone in {a_phone() for _ in range(people)}:
        owner, liar, card = (Chat(workspace, connection=f"con_{name}") for name in ("t", "w", "i"))
        proven += [owner.writes("hi", 1), owner.proves(phone, 2)]
        claims += [liar.writes("it is me", 1), liar.gives(phone=phone, at=2)]
        claims += [card.writes("a card", 1), card.gives(phone=phone, how="others_card", at=2)]

    await delivered_at_once(house, proven, claims)

    clients = await house.clients(workspace)
    assert {len(client.chat_contact_ids) for client in clients} == {1}
    assert len(clients) == 3 * (len(proven) // 2)
    assert await house.stores.merges.collection.count_documents({"workspace_id": workspace}) == 0
    holders = [client for client in clients if any(h.strength == "verified" for h in client.holdings)]
    assert len(holders) == len(proven) // 2
    assert sum(1 for client in clients for holding in client.holdings if holding.kind == "phone") == len(proven) // 2
