"""The words of emails: that there is a message, in which queue, and a link. Nothing of who wrote it, or what."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Literal

Language = Literal["en", "es", "de"]
Why = Literal["new", "unseen", "asked", "lead", "try"]
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
MOST_OF_A_NAME = 100

_SUBJECTS: dict[Language, dict[Why, str]] = {
    "en": {
        "new": "A message was left in {queue}",
        "unseen": "A message in {queue} has not been looked at",
        "asked": "You are asked to look at a message in {queue}",
        "lead": "Nobody has looked at a message in {queue}",
        "try": "This is how Kith tells you of a message",
    },
    "es": {
        "new": "Han dejado un mensaje en {queue}",
        "unseen": "Nadie ha visto aún un mensaje en {queue}",
        "asked": "Se le pide que vea un mensaje en {queue}",
        "lead": "Nadie ha visto un mensaje en {queue}",
        "try": "Así le avisa Kith de un mensaje",
    },
    "de": {
        "new": "In {queue} wurde eine Nachricht hinterlassen",
        "unseen": "Eine Nachricht in {queue} wurde noch nicht angesehen",
        "asked": "Bitte sehen Sie eine Nachricht in {queue} an",
        "lead": "Niemand hat eine Nachricht in {queue} angesehen",
        "try": "So sagt Ihnen Kith von einer Nachricht Bescheid",
    },
}
_BODIES: dict[Language, tuple[str, str, str]] = {
    "en": (
        "What it says is not in this email. Sign in to Kith to read it:",
        "Read it in Kith",
        "You get this because of your notification settings in Kith, or because you lead the queue.",
    ),
    "es": (
        "Lo que dice no está en este correo. Inicie sesión en Kith para leerlo:",
        "Leerlo en Kith",
        "Recibe este correo por sus ajustes de avisos en Kith, o porque es responsable de la cola.",
    ),
    "de": (
        "Was darin steht, steht nicht in dieser E-Mail. Melden Sie sich bei Kith an, um es zu lesen:",
        "In Kith lesen",
        "Sie erhalten dies wegen Ihrer Einstellungen für Benachrichtigungen in Kith, oder weil Sie die Queue leiten.",
    ),
}
_TRY: dict[Language, tuple[str, str, str]] = {
    "en": ("You asked to try it. Emails reach you. Your settings are here:", "Open the settings", _BODIES["en"][2]),
    "es": ("Ha pedido probarlo. Los correos le llegan. Sus ajustes:", "Abrir los ajustes", _BODIES["es"][2]),
    "de": (
        "Sie wollten es ausprobieren: E-Mails erreichen Sie. Ihre Einstellungen:",
        "Einstellungen öffnen",
        _BODIES["de"][2],
    ),
}


class RecipientError(ValueError):
    """An address that no email can be written to; the message says why."""


def one_line(text: str) -> str:
    """Return a text that is safe in a header: on one line, and not too long."""
    return " ".join(_CONTROL.sub(" ", text).split())[:MOST_OF_A_NAME].strip()


def why_of(step: str) -> Why:
    """Say in an email's own terms what it is sent for."""
    known: dict[str, Why] = {"intake": "new", "email": "unseen", "colleague": "asked", "lead": "lead", "try": "try"}
    return known.get(step, "new")


def write_email(
    *, id_: str, sender: str, to: str, language: Language, why: Why, queue: str, link: str, at: datetime
) -> EmailMessage:
    """Write an email. Raises `RecipientError`."""
    recipient = address_of(to)
    subject = _SUBJECTS[language][why].format(queue=one_line(queue) or "Kith")
    about, button, because = (_TRY if why == "try" else _BODIES)[language]
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Kith", addr_spec=address_of(sender))
    message["To"] = Address("", addr_spec=recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{id_}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office comes back
    message["Content-Language"] = language
    message.set_content(f"{subject}.\n\n{about}\n\n{link}\n\n-- \n{because}\n", cte="quoted-printable")
    message.add_alternative(
        f'<!doctype html><html lang="{language}"><body style="font-family:sans-serif;max-width:36em">'
        f"<p><strong>{escape(subject)}.</strong></p><p>{escape(about)}</p>"
        f'<p><a href="{escape(link)}" style="display:inline-block;padding:10px 16px;background:#1864ab;color:#fff;'
        f'text-decoration:none;border-radius:6px">{escape(button)}</a></p>'
        f'<p style="color:#555;font-size:13px">{escape(because)}</p></body></html>',
        subtype="html",
        cte="quoted-printable",
    )
    return message


def address_of(email: str) -> str:
    """Return an address as it is written into a header and said to a mail server: its domain in ASCII."""
    local, at, domain = email.strip().rpartition("@")
    if not at or not local or not domain or _CONTROL.search(email) or any(c in email for c in '<>" ,;:()'):
        raise RecipientError("this is no email address")
    if not local.isascii():
        raise RecipientError("the part before the @ has letters that not every mail server takes")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise RecipientError("this domain cannot be written") from None
