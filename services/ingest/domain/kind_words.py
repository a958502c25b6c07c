"""What Kith says by itself where a scenario has no words of its own."""

from typing import Literal

Language = Literal["en", "es", "de"]

SORRY: dict[str, dict[str, str]] = {
    "phone": {
        "en": "Sorry, I could not read that as a phone number. Please write it with its country code, "
        "such as +44 20 7946 0958.",
        "es": "Lo siento, no he podido leerlo como un número de teléfono. Escríbalo con el prefijo del país, "
        "por ejemplo +34 912 345 678.",
        "de": "Das konnte ich leider nicht als Telefonnummer lesen. Bitte schreiben Sie sie mit Ländervorwahl, "
        "zum Beispiel +49 30 901820.",
    },
    "email": {
        "en": "Sorry, that does not look like an email address. It should be something like ann@example.com.",
        "es": "Lo siento, eso no parece una dirección de correo. Debería ser algo como ana@example.com.",
        "de": "Das sieht leider nicht wie eine E-Mail-Adresse aus. Sie sollte etwa so aussehen: anna@example.com.",
    },
    "contact": {
        "en": "Sorry, I could not read that as a phone number or an email address. Please write a phone number with "
        "its country code (+44 20 7946 0958), or an email address (ann@example.com).",
        "es": "Lo siento, no he podido leerlo como teléfono ni como correo. Escriba un teléfono con el prefijo del "
        "país (+34 912 345 678) o una dirección de correo (ana@example.com).",
        "de": "Das konnte ich leider weder als Telefonnummer noch als E-Mail-Adresse lesen. Bitte schreiben Sie eine "
        "Nummer mit Ländervorwahl (+49 30 901820) oder eine E-Mail-Adresse (anna@example.com).",
    },
    "text": {
        "en": "Sorry, I can only read text here. Could you write it in words?",
        "es": "Lo siento, aquí solo puedo leer texto. ¿Podría escribirlo con palabras?",
        "de": "Hier kann ich leider nur Text lesen. Könnten Sie es in Worten schreiben?",
    },
    "choice": {
        "en": "Sorry, I did not understand that. Please choose one of the answers.",
        "es": "Lo siento, no lo he entendido. Elija una de las respuestas, por favor.",
        "de": "Das habe ich leider nicht verstanden. Bitte wählen Sie eine der Antworten.",
    },
}
LEAVE = {
    "en": "Leave a message",
    "es": "Dejar un mensaje",
    "de": "Nachricht hinterlassen",
}
SHARE_PHONE = {
    "en": "Share my phone number",
    "es": "Compartir mi teléfono",
    "de": "Meine Nummer teilen",
}
