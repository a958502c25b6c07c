"""Which column of a file is what: guessed by its header in English, Spanish and German, else by what is in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from services.identity.domain.facets import folded

Target = Literal[
    "name",
    "surname",
    "email",
    "phone",
    "contact_key",
    "source",
    "tags",
    "language",
    "time_zone",
    "country",
    "region",
    "city",
    "street",
    "postcode",
]
TARGETS: tuple[Target, ...] = get_args(Target)
FIELD = "field:"
"""Before the id of an additional field."""

_HEADERS: Mapping[Target, str] = {
    "name": "name, first name, firstname, given name, forename, full name, customer, contact, client, nombre, "
    "nombre de pila, nombre completo, cliente, vorname, rufname, kunde, kontakt",
    "surname": "surname, last name, lastname, family name, apellido, apellidos, nachname, familienname, zuname",
    "email": "email, e mail, email address, e mail address, mail, correo, correo electronico, email adresse, "
    "e mail adresse, mailadresse",
    "phone": "phone, phone number, telephone, telephone number, tel, mobile, mobile number, mobile phone, cell, "
    "cell phone, whatsapp, telefono, numero de telefono, movil, celular, telefon, telefonnummer, handy, handynummer, "
    "mobil, mobilnummer, rufnummer",
    "contact_key": "contact key, key, customer id, customer number, customer no, client id, crm id, external id, "
    "clave de contacto, clave, numero de cliente, id de cliente, codigo de cliente, kontaktschlussel, kundennummer, "
    "kunden nr, kundennr, kunden id",
    "source": "source, channel, origin, fuente, origen, canal, quelle, kanal, herkunft",
    "tags": "tags, tag, labels, label, etiquetas, etiqueta, schlagworte, schlagworter, schlagwort",
    "language": "language, lang, locale, preferred language, idioma, lengua, sprache",
    "time_zone": "time zone, timezone, tz, zona horaria, huso horario, zeitzone",
    "country": "country, country code, pais, codigo de pais, land, landercode",
    "region": "region, state, province, county, provincia, estado, comunidad, bundesland, kanton",
    "city": "city, town, ciudad, localidad, poblacion, stadt, ort, wohnort",
    "street": "street, street address, address, address line 1, address 1, calle, direccion, domicilio, strasse, "
    "straße, adresse, anschrift, strasse und hausnummer",
    "postcode": "postcode, postal code, post code, zip, zip code, codigo postal, cp, postleitzahl, plz",
}
_BY_HEADER: Mapping[str, Target] = {
    folded(name.strip()): target for target, names in _HEADERS.items() for name in names.split(",")
}
_EMAIL = re.compile(r"\S+@\S+\.\w+\Z")
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,20}\Z", re.ASCII)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\Z", re.ASCII)
_MOST = 0.8


def header_key(header: str) -> str:
    """Fold a header: `E-Mail_Adresse` and `e mail adresse` are one."""
    return " ".join(re.split(r"[\W_]+", folded(header))).strip()


def suggest(
    headers: Sequence[str], samples: Sequence[Sequence[str]], fields: Mapping[str, str] | None = None
) -> list[str | None]:
    """Say what each column is likely to be; each thing at most once. `fields` are additional ones, name by id."""
    by_field = {header_key(name): f"{FIELD}{id_}" for id_, name in (fields or {}).items()}
    found: list[str | None] = [None] * len(headers)
    taken: set[str] = set()
    for place, header in enumerate(headers):
        key = header_key(header)
        target = by_field.get(key) or _BY_HEADER.get(key)
        if target is not None and target not in taken:
            found[place] = target
            taken.add(target)
    for place, values in enumerate(samples):
        target = _by_contents(values) if found[place] is None else None
        if target is not None and target not in taken:
            found[place] = target
            taken.add(target)
    return found


def _by_contents(values: Iterable[str]) -> Target | None:
    there = [value for value in values if value]
    if not there:
        return None
    if sum(_EMAIL.match(value) is not None for value in there) / len(there) >= _MOST:
        return "email"
    phones = (_PHONE.match(value) is not None and not _DATE.match(value) for value in there)
    return "phone" if sum(phones) / len(there) >= _MOST and any("+" in value for value in there) else None


def looks_like_header(cells: Sequence[str]) -> bool:
    """Tell whether a file's first row names its columns: a row of a person has an email or a phone in it."""
    return not any(_EMAIL.match(cell) or (cell.startswith("+") and _PHONE.match(cell)) for cell in cells)
