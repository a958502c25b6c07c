"""The channels that can be sent to: a folder each, and a line here."""

from collections.abc import Callable, Mapping

from services.broadcast.channels.sender import ChannelSender
from services.broadcast.channels.telegram.send import TelegramSender
from services.broadcast.channels.widget.send import WidgetSender
from services.broadcast.settings import BroadcastSettings
from shared.contracts.chat import Channel

MAKERS: Mapping[Channel, Callable[[BroadcastSettings], ChannelSender]] = {
    "telegram": TelegramSender,
    "widget": WidgetSender,
}
