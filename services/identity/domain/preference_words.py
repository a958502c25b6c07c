"""The words of the preference page."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "es", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "es", "de")
WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "What we may send you",
        "about": "These are the choices of {who}.",
        "choose": "Choose what you want to receive.",
        "save": "Save",
        "nothing": "Nothing at all?",
        "nothing_about": "Then nothing is sent to you any more that you did not ask for. "
        "Answers to what you write still come.",
        "unsubscribe": "Unsubscribe from everything",
        "saved": "Your choice is saved.",
        "refused": "You are unsubscribed from everything. Choose something above to change that.",
        "refused_bare": "You are unsubscribed from everything.",
        "missing": "This link leads nowhere",
        "missing_more": "It may be cut off, or your record was deleted. Use the link of a newer message.",
        "away": "Not saved yet",
        "away_more": "Something is away for a moment. Please go back and try again.",
    },
    "es": {
        "title": "Qué podemos enviarle",
        "about": "Estas son las preferencias de {who}.",
        "choose": "Elija qué quiere recibir.",
        "save": "Guardar",
        "nothing": "¿Nada en absoluto?",
        "nothing_about": "Entonces ya no se le envía nada que no haya pedido. "
        "Las respuestas a lo que escriba siguen llegando.",
        "unsubscribe": "Darme de baja de todo",
        "saved": "Su elección está guardada.",
        "refused": "Está dado de baja de todo. Elija algo arriba para cambiarlo.",
        "refused_bare": "Está dado de baja de todo.",
        "missing": "Este enlace no lleva a ninguna parte",
        "missing_more": "Puede que esté cortado o que su registro se haya eliminado. "
        "Use el enlace de un mensaje más nuevo.",
        "away": "Aún no está guardado",
        "away_more": "Algo no responde en este momento. Vuelva atrás e inténtelo de nuevo.",
    },
    "de": {
        "title": "Was wir Ihnen senden dürfen",
        "about": "Das sind die Einstellungen von {who}.",
        "choose": "Wählen Sie, was Sie bekommen möchten.",
        "save": "Speichern",
        "nothing": "Gar nichts?",
        "nothing_about": "Dann wird Ihnen nichts mehr gesendet, worum Sie nicht gebeten haben. "
        "Antworten auf das, was Sie schreiben, kommen weiterhin.",
        "unsubscribe": "Von allem abmelden",
        "saved": "Ihre Wahl ist gespeichert.",
        "refused": "Sie sind von allem abgemeldet. Wählen Sie oben etwas aus, um das zu ändern.",
        "refused_bare": "Sie sind von allem abgemeldet.",
        "missing": "Dieser Link führt nirgendwohin",
        "missing_more": "Er ist vielleicht abgeschnitten, oder Ihr Eintrag wurde gelöscht. "
        "Nehmen Sie den Link einer neueren Nachricht.",
        "away": "Noch nicht gespeichert",
        "away_more": "Etwas ist gerade nicht da. Gehen Sie zurück, und versuchen Sie es noch einmal.",
    },
}


def masked(email: str) -> str:
    """Write an email so that its owner knows it, and whoever reads over their shoulder does not."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"
