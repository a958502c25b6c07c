"""The people of the demo, and what they write."""

from dataclasses import dataclass
from typing import Any

from deploy.cli.output import give_up
from deploy.cli.sandbox import PersonInChat, chat_id_of, named

DELIVERED_WITHIN = 10.0
"""Seconds to wait for the webhook before the next is written."""


@dataclass(frozen=True)
class Person:
    """Somebody who writes to one of the demo's bots."""

    name: str
    language: str
    does: tuple[dict[str, Any], ...]
    """What the sandbox is asked to do as this person, one after the other."""
    bot: str = "telegram"


def _says(*words: str) -> tuple[dict[str, Any], ...]:
    return tuple({"text": text} for text in words)


def _shares(phone: str) -> dict[str, Any]:
    return {"contact": {"own": True, "phone": phone}}


PEOPLE = (
    Person("Nora Bakke", "nb", (*_says("Hei! Er dere åpne på lørdag?", "An offer"), _shares("+4791234501"))),
    Person("Олена Шевченко", "uk", _says("Добрий день", "Something else", "olena.shevchenko@example.com")),
    Person("山田 花子", "ja", _says("こんにちは。予約をお願いします。")),
    Person("ليلى حداد", "ar", _says("مرحبا، كم السعر؟", "An offer", "layla.haddad@example.com")),
    Person("Jürgen Groß", "de", _says("Guten Tag, ich habe eine Frage.", "Eine Bestellung", "4711")),
    Person("प्रिया शर्मा", "hi", (*_says("नमस्ते", "Something else"), _shares("+919876543210"))),
    Person("José Álvarez", "es", _says("Hola, ¿tienen envío gratis?", "Una oferta", "no es un correo")),
    Person("Ngozi Okafor", "en", _says("Hello there"), bot="telegram-newcomers"),
    Person("Élodie Lefèvre", "fr", _says("Bonjour !"), bot="telegram-newcomers"),
)


def write(sandbox: str, bot_id: int, person: Person) -> int:
    """Write as the person, through the bot's own signed webhook. Gives their chat id.

    Nobody waits for an answer: what one person writes is handled in its order anyway.
    """
    chat_id = chat_id_of(person.name)
    chat = PersonInChat(sandbox, bot_id, chat_id)
    for act in person.does:
        became = chat.do({**act, "person": named(person.name, person.language), "wait": DELIVERED_WITHIN})
        if became["outcome"] not in {"delivered", "pending"}:  # what is pending is sent again until it is taken
            give_up(f"What {person.name} wrote did not reach the bot: {became['outcome']} {became['error'] or ''}")
    return chat_id
