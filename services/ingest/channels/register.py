"""The channels whose webhooks are taken: one line each."""

from collections.abc import Mapping

from services.ingest.channels.contract import Hook
from services.ingest.channels.telegram.hook import TelegramHook
from shared.contracts.chat import Channel

HOOKS: Mapping[Channel, Hook] = {
    "telegram": TelegramHook(),
}
