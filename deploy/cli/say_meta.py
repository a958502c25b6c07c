"""What `kith say` asks of the sandbox for WhatsApp, Messenger and Instagram."""

from dataclasses import dataclass
from typing import Any

from deploy.cli.output import give_up
from deploy.cli.sandbox import phone_of, username_of

NAMES = {"telegram": "Telegram", "whatsapp": "WhatsApp", "messenger": "Messenger", "instagram": "Instagram"}
_NOT_THERE = {
    ("whatsapp", "contact"): "WhatsApp tells the number of whoever writes: leave out --username, or give --phone.",
    (
        "messenger",
        "card",
    ): "Messenger has no contact cards; --contact sends their own number by the key that asks for it.",
    ("instagram", "card"): "Instagram has no contact cards; write the number as text.",
    ("instagram", "contact"): "Instagram has no key that shares a number; write it as text.",
}


@dataclass(frozen=True)
class Looks:
    """How somebody shows, where a channel lets them choose."""

    name: str
    username_only: bool = False
    phone: str | None = None
    language: str | None = None
    comment: bool = False


def check(channel: str, done: dict[str, Any], looks: Looks) -> None:
    """Say in a sentence what a channel does not have, and end there."""
    for option in done:
        if (channel, option) in _NOT_THERE:
            give_up(_NOT_THERE[channel, option])
    if channel != "whatsapp" and (looks.username_only or looks.phone):
        option = "--username" if looks.username_only else "--phone"
        give_up(
            f"{option} is WhatsApp's alone, where people choose whether their number shows; this is {NAMES[channel]}."
        )
    if channel != "instagram" and looks.comment:
        give_up(f"--comment is Instagram's alone; this is {NAMES[channel]}.")
    if channel != "telegram" and looks.language:
        give_up(f"{NAMES[channel]} does not tell the language of people's apps; --language is Telegram's alone.")
    if looks.username_only and looks.phone:
        give_up("Either --username, which hides the number, or --phone, which shows it.")


def request(channel: str, what: dict[str, Any], looks: Looks) -> dict[str, Any]:
    """Make the sandbox's request for one of Meta's channels of the one thing that was asked for."""
    said = dict(what)
    if "contact" in said:
        said["contact"] = {key: value for key, value in said["contact"].items() if key in {"phone", "name"}}
    if looks.comment:
        if set(said) != {"text"}:
            give_up("A comment is words: kith say 'How much?' --comment --connection instagram")
        said = {"comment": {"text": said["text"]}}
    return said | {"person": person(channel, looks)}


def person(channel: str, looks: Looks) -> dict[str, Any]:
    """Describe who writes, as the channel shows them."""
    who: dict[str, Any] = {"name": looks.name}
    if channel != "messenger":
        who["username"] = username_of(looks.name)
    if channel == "whatsapp":
        who["phone"] = looks.phone or phone_of(looks.name)
        who["shows_phone"] = not looks.username_only
    return who
