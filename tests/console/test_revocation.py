"""Who is put out is out everywhere, also where the broker was away for a moment."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime

import httpx
import pytest
from bson import ObjectId

from services.console.store.access_states import AccessStates
from services.console.store.api_keys import ApiKeys
from services.console.usecases.api_keys import ManageApiKeys
from services.console.usecases.changes import Changes
from shared.contracts import topics
from shared.contracts.scopes import SCOPES
from shared.contracts.topics import Topic
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError, Publisher
from shared.messaging.records import Record
from shared.messaging.tail import Tail
from shared.storage.mongo import connect, database
from shared.web.access import AccessBook, NotSignedInError
from shared.web.problems import ProblemError
from tests.console.conftest import Console
from tests.console.running import eventually

WITHIN_SECONDS = 5.0


@pytest.fixture
async def elsewhere(console: Console) -> AsyncGenerator[AccessBook]:
    """Give what another service knows of who may call: it only reads the topic."""
    book = AccessBook()
    tail = Tail(console.settings, topics.ACCESS, book)
    await tail.start()
    yield book
    await tail.stop()


async def _let_in(book: AccessBook, credential: str) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                book.who(credential, datetime.now(UTC))
            except NotSignedInError:
                await asyncio.sleep(0.02)
            else:
                return


async def _seconds_until_out(book: AccessBook, credential: str) -> float:
    began = time.monotonic()
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            try:
                book.who(credential, datetime.now(UTC))
            except NotSignedInError:
                return time.monotonic() - began
            await asyncio.sleep(0.02)


def _token(browser: httpx.AsyncClient) -> str:
    return browser.headers["Authorization"].removeprefix("Bearer ")


async def test_a_revoked_key_is_out_on_another_service(console: Console, elsewhere: AccessBook) -> None:
    async with console.signed_in(await console.add()) as admin:
        made = (await admin.post("/api/console/api-keys", json={"name": "K", "scopes": ["people:read"]})).json()
        await _let_in(elsewhere, made["key"])

        await admin.delete(f"/api/console/api-keys/{made['id']}")

        assert await _seconds_until_out(elsewhere, made["key"]) < WITHIN_SECONDS


@pytest.mark.parametrize("change", [{"active": False}, {"password": "a whole new secret"}])
async def test_a_user_who_is_put_out_is_out_on_another_service(
    console: Console, elsewhere: AccessBook, change: dict[str, object]
) -> None:
    user = await console.add()
    async with console.signed_in(user) as admin:
        name = (await admin.get("/api/console/me")).json()["workspace_name"]
        agent = await console.add("agent", workspace=name)
        async with console.signed_in(agent) as browser:
            await _let_in(elsewhere, _token(browser))
            principal = elsewhere.who(_token(browser), datetime.now(UTC))

            await admin.patch(f"/api/console/users/{agent.id}", json=change)

            assert await _seconds_until_out(elsewhere, _token(browser)) < WITHIN_SECONDS
            assert not elsewhere.still_holds(principal, datetime.now(UTC))


class _FlakyPublisher(Publisher):
    """A publisher whose broker can be taken away."""

    away = False

    async def publish_records(self, topic: Topic, records: object) -> None:
        if self.away:
            raise BrokerAwayError("away")
        found: Sequence[Record] = list(records)  # pyright: ignore[reportArgumentType, reportUnknownVariableType]
        await super().publish_records(topic, found)


async def test_a_revocation_that_cannot_be_told_is_kept_and_told_later(console: Console, elsewhere: AccessBook) -> None:
    client = connect(console.settings)
    publisher = _FlakyPublisher(console.settings, "console-test")
    await publisher.start()
    try:
        owned = database(client, console.settings, "console")
        rows = owned[f"outbox_{ObjectId()}"]
        await rows.create_index("at")
        outbox = Outbox("console", rows, publisher, {topics.ACCESS: AccessStates(owned)})
        own = AccessBook()
        keys = ManageApiKeys(ApiKeys(owned), Changes(client, outbox, publisher, own))
        made = await keys.make("ws_flaky", name="K", scopes=["people:read"], made_by=None, own_scopes=frozenset(SCOPES))
        await _let_in(elsewhere, made.text)

        publisher.away = True
        with pytest.raises(ProblemError, match="This is saved") as refused:
            await keys.revoke("ws_flaky", made.key.id)
        assert refused.value.status == 503
        with pytest.raises(NotSignedInError):
            own.who(made.text, datetime.now(UTC))
        assert elsewhere.who(made.text, datetime.now(UTC))
        given = await keys.make(
            "ws_flaky", name="L", scopes=["people:read"], made_by=None, own_scopes=frozenset(SCOPES)
        )

        publisher.away = False
        task = asyncio.create_task(outbox.run())
        assert await _seconds_until_out(elsewhere, made.text) < WITHIN_SECONDS
        await _let_in(elsewhere, given.text)

        async def all_told() -> bool:
            return await rows.count_documents({}) == 0

        await eventually(all_told)
        task.cancel()
    finally:
        await publisher.stop()
        client.close()
