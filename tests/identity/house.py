"""Identity by itself: its stores and use cases on a real database and broker, its API without a socket."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI

from services.identity.app import routers
from services.identity.domain.client import Client
from services.identity.domain.people import ChatContact
from services.identity.routes.preferences import preference_links, preferences
from services.identity.settings import IdentitySettings
from services.identity.store.client_documents import client_from
from services.identity.store.connections import Connections
from services.identity.store.stores import Stores, make_outbox
from services.identity.usecases.note_deliveries import NoteDeliveries
from services.identity.usecases.preferences import ChoosePreferences
from services.identity.usecases.recognise_senders import RecogniseSenders
from services.identity.usecases.show_client import ShowClient
from shared.contracts import topics
from shared.contracts.chat import ChatEvent
from shared.contracts.event import StateEvent
from shared.contracts.scopes import ROLE_SCOPES
from shared.contracts.sending import DeliveryUpdatedV1
from shared.contracts.topics import Topic
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.messaging.reading import reading, until_now
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import connect, database
from shared.web.access import AccessBook, Principal
from shared.web.app import make_app
from shared.web.health import Health

KEYS = SecretKeys("1:" + "A" * 43)


@dataclass
class House:
    """What a test uses. A workspace of one's own keeps tests apart."""

    settings: IdentitySettings
    stores: Stores
    publisher: Publisher
    outbox: Outbox
    connections: Connections = field(default_factory=Connections)

    async def happened(self, *events: ChatEvent) -> None:
        """Handle a batch of `conversation.v1`."""
        await RecogniseSenders(self.stores, self.outbox, self.connections)(events)

    async def delivered(self, *events: DeliveryUpdatedV1) -> None:
        await NoteDeliveries(self.stores, self.outbox)(events)

    async def contact(self, event: ChatEvent) -> ChatContact:
        stored = await self.stores.chat_contacts.read([event.chat_contact_id])
        return stored[event.chat_contact_id]

    async def clients(self, workspace: str) -> list[Client]:
        found = await self.stores.clients.collection.find({"workspace_id": workspace}).sort("_id", 1).to_list(None)
        return [client_from(document) for document in found]

    async def suggestions(self, workspace: str) -> list[dict[str, Any]]:
        return await self.stores.suggestions.collection.find({"workspace_id": workspace}).to_list(None)

    async def rows(self, workspace: str) -> int:
        """Count what a workspace's clients still have to be told of; other tests leave rows as a crash does."""
        ids = {client.id for client in await self.clients(workspace)}
        rows = await self.stores.outbox_rows.find({}).to_list(None)
        return sum(not ids.isdisjoint(row["keys"].get(topics.CLIENT.name, ())) for row in rows)

    async def published(self, topic: Topic, workspace: str) -> dict[str, StateEvent | None]:
        """Read the newest state by key of a workspace; None where a key got a tombstone after a state of it."""
        found: dict[str, StateEvent | None] = {}
        async with reading(self.settings, "test") as reader:
            async for record in until_now(reader, topic.name):
                self._note(topic, record.key, record.value, workspace, found)
        return found

    @staticmethod
    def _note(
        topic: Topic, key: bytes | None, value: bytes | None, workspace: str, found: dict[str, StateEvent | None]
    ) -> None:
        name = (key or b"").decode()
        if value is None:
            if name in found:
                found[name] = None
            return
        state = topic.adapter.validate_json(value)
        assert isinstance(state, StateEvent)
        if state.workspace_id == workspace:
            found[name] = state

    def api(self) -> FastAPI:
        """Make the API alone, which lets in whoever names a workspace and a role as `<workspace>:<role>`."""

        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
            yield

        choose = ChoosePreferences(self.stores, self.outbox, KEYS, "http://identity")
        app = make_app(
            service="identity",
            title="Identity",
            summary="",
            routers=(
                *routers(self.stores, self.outbox, self.connections),
                preference_links(choose, ShowClient(self.stores)),
            ),
            lifespan=lifespan,
            health=Health(),
            access=AnybodyBook(),
        )
        app.include_router(preferences(choose))
        return app

    def caller(self, workspace: str, role: str = "admin") -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.api()),
            base_url="http://identity",
            headers={"Authorization": f"Bearer {workspace}:{role}"},
        )


class AnybodyBook(AccessBook):
    """Believes whoever says who they are."""

    def who(self, credential: str, now: datetime) -> Principal:
        del now
        workspace, _, role = credential.partition(":")
        scopes = next(scopes for name, scopes in ROLE_SCOPES.items() if name == role)
        return Principal(workspace, "usr_test", "user", scopes)


@asynccontextmanager
async def a_house(settings: IdentitySettings) -> AsyncGenerator[House]:
    client = connect(settings)
    publisher = Publisher(settings, "identity")
    await publisher.start()
    stores = Stores(client, database(client, settings, "identity"), b"test")
    try:
        yield House(settings, stores, publisher, make_outbox(stores, publisher))
    finally:
        await publisher.stop()
        client.close()
        await asyncio.sleep(0)


def names(items: Sequence[dict[str, Any]]) -> list[str]:
    return [item["name"] for item in items]
