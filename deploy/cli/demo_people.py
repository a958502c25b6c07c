"""The people of the demo, and what they write."""

from dataclasses import dataclass
from typing import Any

from deploy.cli.demo_file import Connection
from deploy.cli.output import give_up
from deploy.cli.sandbox import PersonInChat, chat_id_at, named
from deploy.cli.say_meta import Looks, person

DELIVERED_WITHIN = 10.0
"""Seconds to wait for the webhook before the next is written."""


@dataclass(frozen=True)
class Person:
    """Somebody who writes to one of the demo's connections."""

    name: str
    language: str
    does: tuple[dict[str, Any], ...]
    """What the sandbox is asked to do as this person, one after the other."""
    to: str = "telegram"
    shows: str | None = None
    """On WhatsApp the number that shows; without one a username does."""


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
    Person("Ngozi Okafor", "en", _says("Hello there"), to="telegram-newcomers"),
    Person("Nora Bakke", "nb", _says("Hei igjen, er det på lager?"), to="whatsapp", shows="+4791234501"),
    Person("Kofi Mensah", "en", _says("Do you ship to Accra?", "An offer"), to="whatsapp"),
    Person("Chiara Rossi", "it", _says("Buongiorno!", "An offer", "chiara.rossi@example.com"), to="messenger"),
    Person("Mateus Lima", "pt", ({"comment": {"text": "Quanto custa?"}},), to="instagram"),
    Person("Élodie Lefèvre", "fr", _says("Bonjour !"), to="telegram-newcomers"),
)


def write(sandbox: str, connection: Connection, who: Person) -> str:
    """Write as the person, through the connection's own signed webhook. Gives their chat id.

    Nobody waits for an answer: what one person writes is handled in its order anyway.
    """
    chat_id = chat_id_at(connection.channel, who.name)
    chat = PersonInChat(sandbox, connection, chat_id)
    looks = Looks(who.name, username_only=who.shows is None, phone=who.shows)
    shown = person(connection.channel, looks) if connection.account_id else named(who.name, who.language)
    for act in who.does:
        became = chat.do({**act, "person": shown, "wait": DELIVERED_WITHIN})
        if became["outcome"] not in {"delivered", "pending"}:  # what is pending is sent again until it is taken
            give_up(
                f"What {who.name} wrote did not reach {connection.name}: {became['outcome']} {became['error'] or ''}"
            )
    return chat_id
