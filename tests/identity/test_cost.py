"""What the hot path and the lists ask of the database, counted on their way to it."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from services.identity.domain.filter import Filter
from services.identity.store.chat_contact_lists import ANY, Kind
from services.identity.store.stores import Stores, make_outbox
from services.identity.usecases.browse import BrowseChatContacts, BrowseClients
from services.identity.usecases.recognise_senders import RecogniseSenders
from shared.storage.mongo import database
from tests.identity.happenings import Chat, a_phone
from tests.identity.house import House


class _Commands(CommandListener):
    """Keeps every command that a client sends."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.sent.append((event.command_name, dict(event.command)))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        del event

    def failed(self, event: CommandFailedEvent) -> None:
        del event

    def named(self, *names: str) -> list[dict[str, Any]]:
        return [command for name, command in self.sent if name in names]

    @property
    def documents_written(self) -> int:
        parts = {"insert": "documents", "update": "updates", "delete": "deletes"}
        return sum(len(command[parts[name]]) for name, command in self.sent if name in parts)


@contextmanager
def watched(house: House) -> Generator[tuple[Stores, _Commands]]:
    commands = _Commands()
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
        house.settings.mongo, event_listeners=[commands], tz_aware=True
    )
    try:
        yield Stores(client, database(client, house.settings, "identity"), b"test"), commands
    finally:
        client.close()


async def test_a_message_costs_one_write_and_two_for_its_whole_batch(house: House, workspace: str) -> None:
    chats = [Chat(workspace) for _ in range(500)]
    with watched(house) as (stores, commands):
        recognise_senders = RecogniseSenders(stores, make_outbox(stores, house.publisher))
        for number, finds in ((1, 3), (2, 1)):  # of who is new it is asked whether they were erased, and what was off
            commands.sent.clear()
            await recognise_senders([chat.writes("hi", number, message=str(number)) for chat in chats])
            assert commands.documents_written == 502
            assert len(commands.named("find")) == finds, "to know them"
            assert len(commands.named("aggregate")) == 1, "to see whether a rev moved on"
            assert len(commands.named("commitTransaction")) == 1

        commands.sent.clear()
        await recognise_senders([chat.writes("hi", 2, message="2") for chat in chats])
        written = {next(iter(update["u"])) for command in commands.named("update") for update in command["updates"]}
        assert written <= {"$set"}


@pytest.mark.parametrize("search", ["", "5", "ann", "ann exam"])
async def test_a_page_is_walked_never_skipped_to_or_sorted(house: House, workspace: str, search: str) -> None:
    for _ in range(5):
        chat = Chat(workspace, name="Ann Example")
        await house.happened(chat.writes(), Chat(workspace).writes())
        await house.happened(chat.proves(a_phone()))
    with watched(house) as (stores, commands):
        for kind in (ANY, Kind(channel="telegram"), Kind(proactive=True)):
            everybody = BrowseChatContacts(stores)
            page = await everybody(workspace, profile="any", search=search, limit=2, cursor=None, kind=kind)
            if page.next_cursor:
                await everybody(workspace, profile="any", search=search, limit=2, cursor=page.next_cursor, kind=kind)
        asked = Filter(registered=True, search=search)
        for cursor in (None, "next"):
            chats = await BrowseChatContacts(stores)(workspace, profile="none", search="5", limit=2, cursor=None)
            clients = await BrowseClients(stores)(workspace, asked, limit=2, cursor=None)
            if cursor:
                if chats.next_cursor:
                    await BrowseChatContacts(stores)(
                        workspace, profile="none", search="5", limit=2, cursor=chats.next_cursor
                    )
                if clients.next_cursor:
                    await BrowseClients(stores)(workspace, asked, limit=2, cursor=clients.next_cursor)
        assert commands.named("find")
        for command in commands.named("find"):
            assert {"hint", "min", "max", "maxTimeMS"} <= command.keys()
            assert not {"sort", "skip"} & command.keys()
        for command in commands.named("aggregate"):
            assert "maxTimeMS" in command
