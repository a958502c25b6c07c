"""A workspace with one bot, the services' side of the topics, and broadcast itself."""

import base64
import secrets
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from services.broadcast.settings import BroadcastSettings
from shared.messaging.topics_admin import create_topics
from tests import servers
from tests.broadcast.house import House, a_house
from tests.broadcast.telegram import Telegram, a_telegram


@pytest.fixture
async def telegram() -> AsyncGenerator[Telegram]:
    async with a_telegram() as running:
        yield running


@pytest.fixture
async def settings(kafka: servers.Kafka, mongo: servers.Mongo, telegram: Telegram, tmp_path: Path) -> BroadcastSettings:
    found = BroadcastSettings.model_validate(
        {
            "home": tmp_path,
            "kafka": kafka.bootstrap,
            "mongo": mongo.uri,
            "database_prefix": f"t{secrets.token_hex(4)}",
            "secret_key": f"1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
            "telegram_api": telegram.api,
            "telegram_rate": 0,
            "telegram_chat_spacing": 0,
            "telegram_timeout": 1.0,
            "meta_timeout": 1.0,
            "widget_timeout": 1.0,
            "deliver_timeout": 1.0,
            "deliver_private": "loopback",
            "send_lease": 2.5,
            "send_lease_renew": 0.3,
            "send_poll": 0.3,
            "heartbeat_interval_ms": 300,
            "partitions_hot": 4,
            "partitions": 2,
        }
    )
    await create_topics(found)
    return found


@pytest.fixture
async def house(settings: BroadcastSettings) -> AsyncGenerator[House]:
    async with a_house(settings) as found:
        yield found
