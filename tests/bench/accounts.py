"""One connection of each channel and one API key, told to every service as ingest and the console would."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.ingest.channels.contract import Account
from services.ingest.channels.widget.tokens import DEVICE_KEY, new_device, token_of
from shared.contracts import topics
from shared.contracts.accounts import ApiKeyStateV1, ConnectionStateV1
from shared.contracts.chat import Channel
from shared.messaging.publisher import Publisher
from shared.sealing.keys import SecretKeys
from shared.settings import KithSettings
from tests.bench.requests import CONNECTIONS, INSTAGRAM_ID, NUMBER_ID, ORIGIN, PAGE_ID

SECRET_KEY = "1:" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"
WORKSPACE = "ws_bench"
HOOK_SECRET = "bench-secret"
APP_SECRET = "0123456789abcdef0123456789abcdef"
SITE_KEY = "wk_bench"
KEY_SECRET = "0123456789abcdef0123456789abcdef"
API_KEY = f"kith_bench_{KEY_SECRET}"
DEVICES = 1_000
PATIENCE_SECONDS = 60.0
"""A broker that has just made its topics is busy with them."""

_META = {"app_secret": APP_SECRET, "verify_token": "bench"}
_WIDGET = {DEVICE_KEY: "0123456789abcdef0123456789abcdef"}
_OURS: Mapping[Channel, tuple[str, Mapping[str, str], Mapping[str, Any]]] = {
    "telegram": ("1", {"secret": HOOK_SECRET}, {}),
    "whatsapp": (NUMBER_ID, _META, {"phone_number_id": NUMBER_ID}),
    "messenger": (PAGE_ID, _META, {"page_id": PAGE_ID}),
    "instagram": (INSTAGRAM_ID, _META, {"instagram_id": INSTAGRAM_ID}),
    "widget": (SITE_KEY, _WIDGET, {"origins": [ORIGIN]}),
    "custom": ("1", {"secret": HOOK_SECRET}, {"deliver_url": "https://adapter.example/deliver"}),
}
"""The provider's id of each account, its secrets, its settings."""

SITE = Account(WORKSPACE, CONNECTIONS["widget"], "widget", _WIDGET, SITE_KEY)


def device_tokens() -> Sequence[str]:
    """Return the tokens of many visitors of the website."""
    return [token_of(SITE, new_device()) for _ in range(DEVICES)]


async def connect_all(settings: KithSettings) -> None:
    """Publish the connections and the key."""
    keys = SecretKeys(SECRET_KEY)
    now = datetime.now(UTC)
    connections = [
        ConnectionStateV1(
            id=CONNECTIONS[channel],
            time=now,
            workspace_id=WORKSPACE,
            rev=1,
            channel=channel,
            name="Bench",
            account_id=account_id,
            sealed_secrets={
                name: keys.seal(WORKSPACE, f"connection.{name}", secret) for name, secret in secrets.items()
            },
            settings=dict(given),
        )
        for channel, (account_id, secrets, given) in _OURS.items()
    ]
    api_key = ApiKeyStateV1(
        id="key_bench",
        time=now,
        workspace_id=WORKSPACE,
        rev=1,
        name="Bench",
        secret_sha256=hashlib.sha256(KEY_SECRET.encode()).hexdigest(),
        scopes=("inbound:write",),
        active=True,
    )
    publisher = Publisher(settings, "bench", patience_seconds=PATIENCE_SECONDS)
    await publisher.start()
    await publisher.publish(topics.CONNECTION, connections)
    await publisher.publish(topics.ACCESS, [api_key])
    await publisher.stop()
