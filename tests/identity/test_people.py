"""What happens in chats, taken in on the real database and published to the real broker."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import OperationFailure

from services.identity.domain.merging import merge_id_of
from services.identity.store.migrate import migrate
from services.identity.usecases.recognise_senders import RecogniseSenders
from shared.contracts import topics
from shared.contracts.people import ChatContactStateV1, ClientStateV1
from shared.messaging.outbox import Keys, Known, Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.transactions import StaleError, is_passing
from tests.identity.happenings import Chat, a_connection, a_phone, after
from tests.identity.house import House, a_house


async def test_indexes_are_made_twice_without_harm(house: House) -> None:
    await migrate(house.settings)


async def test_a_message_becomes_a_visitor_and_its_state_is_published(house: House, workspace: str) -> None:
    message = Chat(workspace, name="Ann").writes("hi", 3)
    await house.happened(message, message)
    await house.happened(message)

    contact = await house.contact(message)
    assert (contact.rev, contact.name, contact.is_visitor) == (1, "Ann", True)
    published = await house.published(topics.CHAT_CONTACT, workspace)
    state = published[contact.id]
    assert isinstance(state, ChatContactStateV1)
    assert (state.rev, state.name, state.created_at) == (1, "Ann", after(3))
    assert state.last_message is not None
    assert state.last_message.text == "hi"
    assert not await house.published(topics.PERMISSION, workspace), "untouched switches add nothing"


async def test_more_than_fits_one_transaction_is_cut(house: House, workspace: str) -> None:
    events = [Chat(workspace, contact=str(number)).writes("x" * 280) for number in range(1_100)]
    await house.happened(*events)
    stored = await house.stores.chat_contacts.read([event.chat_contact_id for event in events])
    assert len(stored) == 1_100


async def test_two_workers_on_one_chat_lose_nothing(house: House, workspace: str) -> None:
    chat = Chat(workspace)
    events = [chat.writes(str(number), number, message=str(number)) for number in range(30)]
    async with a_house(house.settings) as other:
        await asyncio.gather(*(worker.happened(*events[start::6]) for start, worker in enumerate([house, other] * 3)))
    contact = await house.contact(events[0])
    assert contact.first_message is not None
    assert contact.last_message is not None
    assert (contact.first_message.text, contact.last_message.text) == ("0", "29")


async def test_a_person_who_gives_a_phone_becomes_a_client(house: House, workspace: str) -> None:
    chat, phone = Chat(workspace, name="Ann"), a_phone()
    given = chat.proves(phone)
    await house.happened(chat.writes(), given)
    await house.happened(given)

    (client,) = await house.clients(workspace)
    contact = await house.contact(given)
    assert (contact.client_id, contact.registered, client.registered, client.rev) == (client.id, True, True, 1)
    state = (await house.published(topics.CLIENT, workspace))[client.id]
    assert isinstance(state, ClientStateV1)
    assert state.phone is not None
    assert (state.phone.value, state.phone.strength, state.chat_contact_ids) == (phone, "verified", (contact.id,))
    published = (await house.published(topics.CHAT_CONTACT, workspace))[contact.id]
    assert isinstance(published, ChatContactStateV1)
    assert published.client_id == client.id


async def test_details_that_come_first_make_the_chat_contact(house: House, workspace: str) -> None:
    given = Chat(workspace).gives(email="ann@example.com")
    await house.happened(given)
    assert (await house.contact(given)).registered
    assert len(await house.clients(workspace)) == 1


async def test_the_same_phone_proved_at_two_connections_in_one_moment_is_one_client(
    house: House, workspace: str
) -> None:
    async with a_house(house.settings) as other:
        for _ in range(5):
            phone = a_phone()
            first, second = Chat(workspace, connection="con_1"), Chat(workspace, connection="con_2")
            one, two = first.proves(phone), second.proves(phone)
            await asyncio.gather(house.happened(one), other.happened(two))
            holders = [client for client in await house.clients(workspace) if f"phone:{phone}" in client.ids]
            (client,) = holders
            assert set(client.chat_contact_ids) == {one.chat_contact_id, two.chat_contact_id}
            assert {(await house.contact(event)).client_id for event in (one, two)} == {client.id}


async def test_the_same_phone_claimed_and_proved_in_one_moment_is_held_by_who_proved_it(
    house: House, workspace: str
) -> None:
    async with a_house(house.settings) as other:
        for _ in range(5):
            phone = a_phone()
            claim, proof = Chat(workspace).gives(phone=phone), Chat(workspace).proves(phone)
            await asyncio.gather(house.happened(claim), other.happened(proof))
            holders = [c for c in await house.clients(workspace) if c.holds("phone", phone)]
            assert [client.chat_contact_ids for client in holders] == [(proof.chat_contact_id,)]


async def test_somebody_elses_card_is_a_claim_and_never_merges(house: House, workspace: str) -> None:
    phone = a_phone()
    owner, friend = Chat(workspace, name="Owner"), Chat(workspace, name="Friend")
    await house.happened(owner.proves(phone))
    card = friend.gives(phone=phone, how="others_card")
    await house.happened(card, card)

    clients = {client.name: client for client in await house.clients(workspace)}
    assert set(clients) == {"Owner", "Friend"}
    assert clients["Friend"].holdings == ()
    assert clients["Friend"].registered
    (suggestion,) = await house.suggestions(workspace)
    assert suggestion["status"] == "waiting"
    assert (suggestion["client_id"], suggestion["other_client_id"]) == (clients["Friend"].id, clients["Owner"].id)
    assert [about["evidence"]["event_id"] for about in suggestion["about"]] == [card.id]


async def test_the_same_phone_in_two_workspaces_is_two_clients(house: House, workspace: str) -> None:
    phone = a_phone()
    here, there = Chat(workspace), Chat(f"{workspace}b")
    await house.happened(here.proves(phone), there.proves(phone))
    assert len(await house.clients(workspace)) == len(await house.clients(f"{workspace}b")) == 1


async def test_a_connection_may_make_clients_of_newcomers(house: House, workspace: str) -> None:
    house.connections.take(a_connection(workspace, f"con_{workspace}", "on_first_message"))
    chat = Chat(workspace, connection=f"con_{workspace}", name="Ann")
    message = chat.writes()
    await house.happened(message)
    await house.happened(message)
    (client,) = await house.clients(workspace)
    assert (client.name, client.origin, client.registered) == ("Ann", "telegram", False)

    await house.happened(chat.gives(email="ann@example.com"))
    (client,) = await house.clients(workspace)
    assert client.registered


async def test_a_newcomer_who_proves_a_known_phone_is_merged_and_the_merge_is_kept(
    house: House, workspace: str
) -> None:
    house.connections.take(a_connection(workspace, f"con_{workspace}", "on_first_message"))
    phone = a_phone()
    known = Chat(workspace, name="Known")
    newcomer = Chat(workspace, connection=f"con_{workspace}", name="Newcomer")
    await house.happened(known.proves(phone), newcomer.writes())
    before = {client.name: client for client in await house.clients(workspace)}

    proof = newcomer.proves(phone)
    await house.happened(proof)
    (survivor,) = await house.clients(workspace)
    assert survivor.id == before["Known"].id
    assert len(survivor.chat_contact_ids) == 2
    record = await house.stores.merges.collection.find_one({"_id": merge_id_of(workspace, proof.id)})
    assert record is not None
    assert client_of(record["absorbed"]) == (before["Newcomer"].id, "Newcomer")
    absorbed = before["Newcomer"].id
    assert await house.stores.merges.survivor_of(workspace, absorbed) == survivor.id
    assert await house.stores.merges.survivor_of(f"{workspace}b", absorbed) is None
    assert (await house.published(topics.CLIENT, workspace))[absorbed] is None, "its key has a tombstone"


def client_of(document: Mapping[str, Any]) -> tuple[str, str]:
    return document["_id"], document["name"]


async def test_a_delivery_that_was_blocked_blocks_the_chat_contact(house: House, workspace: str) -> None:
    chat = Chat(workspace)
    message = chat.writes("hi", 0)
    await house.happened(message)
    await house.delivered(chat.was_sent(5), chat.was_sent(6, reason="blocked"))
    assert (await house.contact(message)).blocked
    await house.happened(chat.unblocks(7))
    await house.delivered(chat.was_sent(6, reason="blocked"))
    assert not (await house.contact(message)).blocked
    state = (await house.published(topics.CHAT_CONTACT, workspace))[message.chat_contact_id]
    assert isinstance(state, ChatContactStateV1)
    assert not state.blocked


class _Broken(Outbox):
    """Dies between the commit and the publish."""

    async def publish(self, row_id: ObjectId, keys: Keys, known: Known | None = None) -> None:
        del row_id, keys, known
        raise BrokerAwayError


async def test_what_a_crash_left_unpublished_is_swept(house: House, workspace: str) -> None:
    broken = _Broken("identity", house.stores.outbox_rows, house.publisher, {})
    given = Chat(workspace).proves(a_phone())
    with pytest.raises(BrokerAwayError):
        await RecogniseSenders(house.stores, broken)([given])
    with pytest.raises(BrokerAwayError):
        await RecogniseSenders(house.stores, broken)([given])
    assert not await house.published(topics.CHAT_CONTACT, workspace)

    await house.outbox.sweep(timedelta(0))
    contact = await house.contact(given)
    state = (await house.published(topics.CHAT_CONTACT, workspace))[contact.id]
    assert isinstance(state, ChatContactStateV1)
    assert (state.rev, state.client_id) == (contact.rev, contact.client_id)
    assert contact.client_id is not None
    assert contact.client_id in await house.published(topics.CLIENT, workspace)


async def test_what_keeps_changing_goes_up_as_stale_for_the_consumer_to_halve(house: House, workspace: str) -> None:
    chat = Chat(workspace)
    await house.happened(chat.writes("a", 0))

    class Meddled(Outbox):
        async def note(self, keys: Keys, session: object) -> ObjectId:
            del keys, session
            raise StaleError

    meddled = Meddled("identity", house.stores.outbox_rows, house.publisher, {})
    with pytest.raises(StaleError):
        await RecogniseSenders(house.stores, meddled)([chat.writes("b", 1, message="2")])


async def test_what_a_dead_process_left_open_is_waited_for_and_puts_nobody_aside(house: House, workspace: str) -> None:
    """The database keeps a killed process's transaction open for a while: that is "not now", and never "never"."""
    chat = Chat(workspace)
    await house.happened(chat.writes("a", 1))
    async with await house.stores.client.start_session() as session:
        session.start_transaction()
        mine = {"_id": chat.writes("a", 1).chat_contact_id}
        await house.stores.chat_contacts.collection.update_one(mine, {"$set": {"left": "open"}}, session=session)
        with pytest.raises(OperationFailure) as met:
            await house.happened(chat.writes("b", 2))
        assert is_passing(met.value)
        await session.abort_transaction()
    await house.happened(chat.writes("b", 2))
    contact = await house.contact(chat.writes("b", 2))
    assert contact.last_message is not None
    assert contact.last_message.text == "b"
