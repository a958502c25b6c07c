"""The key that signs tokens: one for all processes, changed without a gap, and never in clear in the database."""

import asyncio
import base64
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import jwt
import pytest

from services.console.domain.people import User
from services.console.domain.tokens import HAND_OVER, TOKEN_LIFE
from services.console.store.access_states import AccessStates
from services.console.store.migrate import migrate
from services.console.store.signing_keys import SigningKeys
from services.console.usecases import clock
from services.console.usecases.changes import Changes
from services.console.usecases.signing import CannotSignError, Signing
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.messaging.topics_admin import create_topics
from shared.sealing.keys import SecretKeyError
from shared.settings import KithSettings
from shared.storage.mongo import Database, connect, database
from shared.web.access import AccessBook
from tests.console.conftest import SettingsOf

Process = tuple[Signing, AccessBook, Database]


@asynccontextmanager
async def a_process(settings: KithSettings) -> AsyncGenerator[Process]:
    """Give one process's own way to the database and the broker."""
    client = connect(settings)
    publisher = Publisher(settings, "console-test")
    await publisher.start()
    try:
        owned = database(client, settings, "console")
        book = AccessBook()
        outbox = Outbox("console", owned["outbox"], publisher, {topics.ACCESS: AccessStates(owned)})
        changes = Changes(client, outbox, publisher, book)
        yield Signing(SigningKeys(owned), changes, settings.secret_key.get_secret_value()), book, owned
    finally:
        await publisher.stop()
        client.close()


@pytest.fixture
async def settings(settings_of: SettingsOf) -> KithSettings:
    found = settings_of()
    await create_topics(found)
    await migrate(found)
    return found


def _somebody() -> User:
    now = clock.now()
    return User(
        "user_1", "ws_1", "a@example.com", "A", "agent", active=True, password_hash="", tokens_from=now,
        created_at=now, changed_at=now, rev=1,
    )  # fmt: skip


def _kid(token: str) -> str:
    return jwt.get_unverified_header(token)["kid"]


async def test_processes_that_start_at_once_make_one_key(settings: KithSettings) -> None:
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(a_process(settings)) for _ in range(4)]
        await asyncio.gather(*(signing.start() for signing, _, _ in processes))
        user, now = _somebody(), clock.now()
        kids = {_kid(await signing.sign(user, now)) for signing, _, _ in processes}
        rows = await processes[0][2]["signing_keys"].find().to_list(None)

    assert len(kids) == len(rows) == 1


async def test_the_private_part_is_not_in_the_database(settings: KithSettings) -> None:
    async with a_process(settings) as (signing, _, owned):
        await signing.start()
        (row,) = await owned["signing_keys"].find().to_list(None)

    assert "PRIVATE" not in str(row)
    assert row["sealed_private_key"].startswith("k1.")


async def test_a_new_key_takes_over_when_everybody_knows_it(settings: KithSettings) -> None:
    user = _somebody()
    async with a_process(settings) as (signing, book, owned):
        await signing.start()
        book.take(user.state())
        now = clock.now()
        before = await signing.sign(user, now)

        new = await signing.rotate()

        assert _kid(await signing.sign(user, clock.now())) == _kid(before)
        later = now + HAND_OVER + timedelta(seconds=5)
        after = await signing.sign(user, later)
        assert _kid(after) == new.id
        assert book.who(before, later)
        assert book.who(after, later)

        old = await owned["signing_keys"].find_one({"_id": _kid(before)})
        assert old is not None
        assert old["not_after"] > later + TOKEN_LIFE
        await owned["signing_keys"].update_one({"_id": _kid(before)}, {"$set": {"not_after": now - timedelta(days=1)}})
        await signing.rotate()
        old = await owned["signing_keys"].find_one({"_id": _kid(before)})
        assert old is not None
        assert old["sealed_private_key"] is None


async def test_a_secret_key_that_is_gone_is_said_clearly(
    settings: KithSettings, settings_of: Callable[..., KithSettings]
) -> None:
    async with a_process(settings) as (signing, _, _):
        await signing.start()
    other = f"1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
    changed = settings_of(database_prefix=settings.database_prefix, secret_key=other)
    async with a_process(changed) as (signing, _, _):
        with pytest.raises(CannotSignError, match="KITH_SECRET_KEY"):
            await signing.start()
        await signing.rotate()  # what the message proposes
    missing = settings_of(database_prefix=settings.database_prefix, secret_key="")
    async with a_process(missing) as (signing, _, _):
        with pytest.raises(SecretKeyError, match="KITH_SECRET_KEY is not set"):
            await signing.start()
