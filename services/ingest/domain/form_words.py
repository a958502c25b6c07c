"""What Kith itself says about a contact form, in the languages that it speaks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.ingest.domain.contact_form import FaultKind
from services.ingest.domain.kind_words import Language
from shared.contracts.queues import Words

FAULTS: Mapping[FaultKind, Mapping[Language, str]] = {
    "required": {
        "en": "Please fill this in.",
        "es": "Rellene este campo, por favor.",
        "de": "Bitte füllen Sie das aus.",
    },
    "too_long": {
        "en": "This is too long. Please shorten it.",
        "es": "Es demasiado largo. Acórtelo, por favor.",
        "de": "Das ist zu lang. Bitte kürzen Sie es.",
    },
    "no_text": {
        "en": "Please write this in words.",
        "es": "Escríbalo con palabras, por favor.",
        "de": "Bitte schreiben Sie das in Worten.",
    },
    "no_email": {
        "en": "This does not look like an email address. It should be something like ann@example.com.",
        "es": "No parece una dirección de correo. Debería ser algo como ana@example.com.",
        "de": "Das sieht nicht wie eine E-Mail-Adresse aus. Sie sollte etwa so aussehen: anna@example.com.",
    },
    "no_phone": {
        "en": "This does not look like a phone number. Please write it with its country code, such as "
        "+44 20 7946 0958.",
        "es": "No parece un número de teléfono. Escríbalo con el prefijo del país, por ejemplo +34 912 345 678.",
        "de": "Das sieht nicht wie eine Telefonnummer aus. Bitte schreiben Sie sie mit Ländervorwahl, zum Beispiel "
        "+49 30 901820.",
    },
    "no_choice": {
        "en": "Please choose one of the answers.",
        "es": "Elija una de las respuestas, por favor.",
        "de": "Bitte wählen Sie eine der Antworten.",
    },
    "one_choice": {
        "en": "Please choose one answer only.",
        "es": "Elija solo una respuesta, por favor.",
        "de": "Bitte wählen Sie nur eine Antwort.",
    },
    "consent": {
        "en": "We need you to agree to this before we may take your message.",
        "es": "Necesitamos que lo acepte antes de poder recibir su mensaje.",
        "de": "Bevor wir Ihre Nachricht annehmen dürfen, müssen Sie dem zustimmen.",
    },
    "unknown": {
        "en": "This form has no such question (any more).",
        "es": "Este formulario no tiene (ya) esa pregunta.",
        "de": "Diese Frage hat das Formular nicht (mehr).",
    },
}
THANKS: Mapping[Language, str] = {
    "en": "Thank you! Your message has arrived. We will get back to you.",
    "es": "¡Gracias! Su mensaje ha llegado. Le responderemos.",
    "de": "Danke! Ihre Nachricht ist angekommen. Wir melden uns bei Ihnen.",
}
TITLE: Mapping[Language, str] = {
    "en": "Leave us a message",
    "es": "Déjenos un mensaje",
    "de": "Hinterlassen Sie uns eine Nachricht",
}
DIALOG: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "stop_hint": 'Write "cancel" to stop.',
        "stopped": "All right, nothing was sent.",
        "skip": "Skip",
        "done": "That is all",
        "yes": "Yes",
        "no": "No",
        "leave": "Leave a message",
    },
    "es": {
        "stop_hint": 'Escriba "cancelar" para parar.',
        "stopped": "De acuerdo, no se ha enviado nada.",
        "skip": "Omitir",
        "done": "Eso es todo",
        "yes": "Sí",
        "no": "No",
        "leave": "Dejar un mensaje",
    },
    "de": {
        "stop_hint": 'Schreiben Sie "abbrechen", um aufzuhören.',
        "stopped": "In Ordnung, es wurde nichts gesendet.",
        "skip": "Überspringen",
        "done": "Das ist alles",
        "yes": "Ja",
        "no": "Nein",
        "leave": "Nachricht hinterlassen",
    },
}
CLOSED: Mapping[Language, str] = {
    "en": "We are closed at the moment.",
    "es": "Ahora mismo estamos cerrados.",
    "de": "Wir haben gerade geschlossen.",
}
STILL_CLOSED: Mapping[Language, str] = {
    "en": "Nobody is here yet. What you write is kept with your conversation, and we will read it.",
    "es": "Todavía no hay nadie. Lo que escribe queda guardado en su conversación y lo leeremos.",
    "de": "Es ist noch niemand da. Was Sie schreiben, bleibt in Ihrer Unterhaltung, und wir lesen es.",
}
_OPENS: Mapping[Language, str] = {
    "en": "We open {when} ({zone}).",
    "es": "Abrimos {when} ({zone}).",
    "de": "Wir öffnen {when} ({zone}).",
}
_DAYS: Mapping[Language, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_WHEN: Mapping[Language, str] = {"en": "{day} at {clock}", "es": "el {day} a las {clock}", "de": "{day} um {clock} Uhr"}
_A_WEEK = timedelta(days=6)


def spoken(language: str | None) -> Language:
    """Return which of the languages that Kith speaks is meant; English for everybody else."""
    stem = (language or "").lower().replace("_", "-").partition("-")[0]
    return "es" if stem == "es" else "de" if stem == "de" else "en"


def in_words(words: Words, language: str | None, otherwise: Mapping[Language, str] | None = None) -> str:
    """Choose from a queue's words: the person's language, its stem, else the first; our own where there are none."""
    tag = (language or "").lower().replace("_", "-")
    for candidate in (tag, tag.partition("-")[0]):
        if words.get(candidate):
            return words[candidate]
    first = next(iter(words.values()), "")
    return first or (otherwise[spoken(language)] if otherwise else "")


def opens_in_words(until: datetime | None, now: datetime, time_zone: str, language: str | None) -> str:
    """Say when a queue opens, by the clock of its own zone; empty where nobody knows."""
    if until is None:
        return ""
    tongue = spoken(language)
    there = until.astimezone(ZoneInfo(time_zone))
    day = _DAYS[tongue][there.weekday()]
    if until - now > _A_WEEK:
        day = f"{day} {there:%Y-%m-%d}"
    when = _WHEN[tongue].format(day=day, clock=f"{there:%H:%M}")
    return _OPENS[tongue].format(when=when, zone=time_zone.replace("_", " "))
