"""Connections: checked with the provider, sealed, told to the others, and foreign to every other workspace."""

import secrets
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from pydantic import SecretStr

from services.ingest.channels.telegram.account import (
    Bot,
    TelegramAccounts,
    TelegramAwayError,
    TelegramRefusedError,
)
from services.ingest.domain.scenario_check import InvalidScenarioError
from services.ingest.settings import IngestSettings
from services.ingest.store.connections import Connections, state_of
from services.ingest.usecases.connect import (
    AlreadyConnectedError,
    Change,
    Connect,
    NewConnection,
    ProviderAwayError,
    TokenRefusedError,
)
from services.ingest.usecases.connection_book import ConnectionBook
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import connect, database
from shared.storage.transactions import StaleError
from tests.ingest.desk import REACH

KEY = SecretStr("1:" + "A" * 43)


class Telegram(TelegramAccounts):
    """Telegram's side: knows every token of its bot, and notes where updates are to go."""

    def __init__(self) -> None:
        super().__init__("https://api.telegram.invalid")
        self.bot = Bot(str(secrets.randbelow(10**9)), "Shop", "shop_bot")
        self.error: Exception | None = None
        self.webhook_error: Exception | None = None
        self.webhooks: list[tuple[str, str]] = []

    async def who_is(self, token: str) -> Bot:  # noqa: ARG002 - Telegram's own form
        if self.error is not None:
            raise self.error
        return self.bot

    async def send_updates_to(self, token: str, url: str, secret: str) -> None:  # noqa: ARG002 - as above
        if self.webhook_error is not None:
            raise self.webhook_error
        self.webhooks.append((url, secret))


class House:
    """Connect with a publisher that was never started: the broker is away all the time."""

    def __init__(self, settings: IngestSettings) -> None:
        self.client = connect(settings)
        ours = database(self.client, settings, "ingest")
        self.rows = ours["outbox"]
        self.connections = Connections(ours)
        keys = SecretKeys(KEY.get_secret_value())
        self.book = ConnectionBook(keys, self.connections)
        self.telegram = Telegram()
        self.connect = Connect(
            client=self.client,
            connections=self.connections,
            book=self.book,
            outbox=Outbox("ingest", self.rows, Publisher(settings, "ingest"), {topics.CONNECTION: self.connections}),
            keys=keys,
            telegram=self.telegram,
            origin="https://kith.example",
        )


@pytest.fixture
async def house(settings: IngestSettings) -> AsyncGenerator[House]:
    found = House(settings)
    yield found
    found.client.close()


@pytest.fixture
def workspace() -> str:
    return f"ws_{secrets.token_hex(6)}"


def asked(**how: Any) -> NewConnection:
    made: dict[str, Any] = {"token": "7:AAA", "name": None, "becomes_client": "on_contact", "scenario": None} | how
    return NewConnection(**made)


async def test_a_new_one_is_known_sealed_and_pointed_here_even_while_the_broker_is_away(
    house: House, workspace: str
) -> None:
    made, secret = await house.connect.add(workspace, asked(scenario=REACH))

    assert (made.name, made.account_id, made.username) == ("Shop", house.telegram.bot.id, "shop_bot")
    assert house.telegram.webhooks == [(f"https://kith.example/hooks/telegram/{made.id}", secret)]
    account = house.book.account(made.id)
    assert account is not None
    assert (account.workspace_id, account.secrets) == (workspace, {"token": "7:AAA", "secret": secret})
    stored = await house.connections.one(workspace, made.id)
    assert stored == made
    assert "7:AAA" not in str(vars(made)) + str(state_of(made))
    left = [row["keys"] for row in await house.rows.find().to_list(None)]
    assert left.count({topics.CONNECTION.name: [made.id]}) == 2  # for the sweeper, once the broker is back
    scenario = await house.book.scenario(made.id)
    assert scenario is not None
    assert scenario.name == "Test"


async def test_another_workspace_sees_nothing_of_it(house: House, workspace: str) -> None:
    made, _ = await house.connect.add(workspace, asked())
    assert await house.connections.one("ws_other", made.id) is None
    assert await house.connections.of("ws_other") == []
    again, _ = await house.connect.add("ws_" + secrets.token_hex(6), asked())
    assert again.id != made.id


async def test_the_same_bot_twice_is_told_which_it_is(house: House, workspace: str) -> None:
    made, _ = await house.connect.add(workspace, asked())
    with pytest.raises(AlreadyConnectedError, match=made.id):
        await house.connect.add(workspace, asked())


@pytest.mark.parametrize(
    ("error", "becomes"),
    [
        (TelegramRefusedError(401, "Unauthorized"), TokenRefusedError),
        (TelegramRefusedError(404, "Not Found"), TokenRefusedError),
        (TelegramRefusedError(429, "Too Many Requests"), ProviderAwayError),
        (TelegramAwayError("TimeoutError"), ProviderAwayError),
    ],
)
async def test_a_token_that_telegram_refuses_changes_nothing(
    house: House, workspace: str, error: Exception, becomes: type[Exception]
) -> None:
    house.telegram.error = error
    with pytest.raises(becomes):
        await house.connect.add(workspace, asked())
    assert await house.connections.of(workspace) == []


async def test_a_scenario_is_checked_before_anything_is_done(house: House, workspace: str) -> None:
    with pytest.raises(InvalidScenarioError):
        await house.connect.add(workspace, asked(scenario={"name": "x"}))
    assert await house.connections.of(workspace) == []


async def test_a_webhook_that_telegram_refuses_stays_to_be_seen_and_tried_again(house: House, workspace: str) -> None:
    house.telegram.webhook_error = TelegramRefusedError(400, "Bad Request: bad webhook: HTTPS url must be provided")
    made, _ = await house.connect.add(workspace, asked())
    assert made.webhook is not None
    assert not made.webhook.ok
    assert "KITH_PUBLIC_URL" in (made.webhook.error or "")

    house.telegram.webhook_error = None
    changed = await house.connect.change(made, Change(enabled=True))
    assert changed.webhook is not None
    assert changed.webhook.ok


async def test_switched_off_it_takes_nothing_and_says_nothing(house: House, workspace: str) -> None:
    made, _ = await house.connect.add(workspace, asked(scenario=REACH))
    off = await house.connect.change(made, Change(enabled=False))
    assert house.book.account(made.id) is None
    assert await house.book.scenario(made.id) is None
    await house.connect.change(off, Change(enabled=True))
    assert house.book.account(made.id) is not None


async def test_an_older_state_does_not_come_back(house: House, workspace: str) -> None:
    made, _ = await house.connect.add(workspace, asked())
    await house.connect.change(made, Change(enabled=False))
    house.book.take(state_of(made))
    assert house.book.account(made.id) is None


async def test_who_was_slower_is_told(house: House, workspace: str) -> None:
    made, _ = await house.connect.add(workspace, asked())
    await house.connect.change(made, Change(name="First"))
    with pytest.raises(StaleError):
        await house.connect.change(made, Change(name="Second"))


async def test_a_token_of_another_bot_is_refused(house: House, workspace: str) -> None:
    made, _ = await house.connect.add(workspace, asked())
    house.telegram.bot = Bot("1", "Other", None)
    with pytest.raises(TokenRefusedError, match="another bot"):
        await house.connect.change(made, Change(token="1:BBB"))
