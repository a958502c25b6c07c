"""What an agent may say in a chat now, and how long it may be. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.contracts.chat import Channel

HELD_FOR = timedelta(hours=4)
"""After an agent's last word the scenario speaks again: nobody who was forgotten writes into silence for ever."""


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest text that a channel takes in one message."""

    most: int
    unit: str

    def takes(self, text: str) -> bool:
        return (len(text.encode()) if self.unit == "bytes" else len(text)) <= self.most


LONGEST: Mapping[Channel, Longest] = {
    "telegram": Longest(4096, "characters"),
    "whatsapp": Longest(4096, "characters"),
    "messenger": Longest(2000, "characters"),
    "instagram": Longest(1000, "bytes"),
    "widget": Longest(4096, "characters"),
    "custom": Longest(4096, "characters"),
}
