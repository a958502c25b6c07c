"""The words of the form's own page."""

from collections.abc import Mapping

from services.ingest.domain.kind_words import Language

LANGUAGES: tuple[Language, ...] = ("en", "es", "de")
PAGE: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "send": "Send message",
        "optional": "optional",
        "fix": "Not sent yet. Please look at the marked fields.",
        "away": "Your message could not be stored just now. It is still here: send it again in a moment.",
        "large": "This is too long. Please shorten it.",
        "arrived": "Your message has arrived",
        "another": "Leave another message",
        "missing": "There is no such form",
        "missing_more": "It may have been taken away, or the address is mistyped.",
        "wait": "Too many messages from here",
        "wait_more": "Please wait a minute, then go back and send it again.",
    },
    "es": {
        "send": "Enviar mensaje",
        "optional": "opcional",
        "fix": "Aún no se ha enviado. Revise los campos marcados.",
        "away": "Ahora mismo no se pudo guardar su mensaje. Sigue aquí: envíelo de nuevo en un momento.",
        "large": "Es demasiado largo. Acórtelo, por favor.",
        "arrived": "Su mensaje ha llegado",
        "another": "Dejar otro mensaje",
        "missing": "No existe este formulario",
        "missing_more": "Puede que se haya retirado o que la dirección esté mal escrita.",
        "wait": "Demasiados mensajes desde aquí",
        "wait_more": "Espere un minuto, vuelva atrás y envíelo de nuevo.",
    },
    "de": {
        "send": "Nachricht senden",
        "optional": "freiwillig",
        "fix": "Noch nicht gesendet. Bitte sehen Sie die markierten Felder an.",
        "away": "Ihre Nachricht konnte gerade nicht gespeichert werden. Sie steht noch hier: senden Sie sie gleich "
        "noch einmal.",
        "large": "Das ist zu lang. Bitte kürzen Sie es.",
        "arrived": "Ihre Nachricht ist angekommen",
        "another": "Noch eine Nachricht hinterlassen",
        "missing": "Dieses Formular gibt es nicht",
        "missing_more": "Vielleicht wurde es entfernt, oder die Adresse ist falsch geschrieben.",
        "wait": "Zu viele Nachrichten von hier",
        "wait_more": "Bitte warten Sie eine Minute, gehen Sie dann zurück und senden Sie noch einmal.",
    },
}
