"""What people are found by: one array of short strings, because MongoDB refuses two arrays in one index."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.identity.domain.client import Client
from services.identity.domain.people import ChatContact, Kind

_BETWEEN_WORDS = re.compile(r"[\s,.;:/|()\[\]{}<>\"'`\u2018\u2019\u201c\u201d_+*&#!?\u2013\u2014-]+")
_SPACED_NUMBER = re.compile(r"\+?\d[\d\s().\-/]*\Z", re.ASCII)
_PHONE = re.compile(r"\+?[\d\s().\-/]+\Z", re.ASCII)
_ACCENTS = re.compile("[\u0300-\u036f]")
_VALUE_FACETS: Mapping[str, str] = {"email": "e", "site": "s"}
_NONE_BEGINS = "\x00"
"""No facet begins with it."""
_WORDS_KEPT = 20
_WORD_CHARACTERS = 64
PREFIX_END = "\U0010ffff"
"""Sorts behind everything that may follow a prefix."""
BETWEEN_SEARCHES = "\n"
"""Parts searches of which each must match. Nobody types it; rules of segments are put together by it."""


def folded(text: str) -> str:
    """Fold case and accents, so that `jose` finds José. Marks that carry meaning, as in Devanagari, stay."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare.casefold())


def words(text: str) -> list[str]:
    """Split a name or a search into folded words, at most 20 of at most 64 characters."""
    found = (word[:_WORD_CHARACTERS] for word in _BETWEEN_WORDS.split(folded(text)) if word)
    return list(dict.fromkeys(found))[:_WORDS_KEPT]


def facets_of(client: Client) -> list[str]:
    """Return everything that a list may filter or search this client by, sorted."""
    found = {f"registered:{'yes' if client.registered else 'no'}"}
    if client.origin:
        found.add(f"source:{client.origin}")
    if client.refusals:
        found.add("refused:yes")
    found.update(f"t:{tag}" for tag in client.tags)
    found.update(f"g:{group}" for group in client.groups)
    found.update(f"sg:{segment}" for segment in client.segments)
    found.update(f"w:{word}" for word in words(f"{client.name} {client.surname or ''}"))
    found.update(value_facet(h.kind, h.value) for h in client.holdings)
    found.update(ending_facet(h.value) for h in client.holdings if h.kind == "phone")
    return sorted(found)


def ending_facet(phone: str) -> str:
    """Return the facet by which the last digits of a phone are a beginning."""
    return f"P:{phone.lstrip('+')[::-1]}"


def value_facet(kind: Kind, value: str) -> str:
    """Return the facet of a phone, an email or a sign-in."""
    return f"p:{value.lstrip('+')}" if kind == "phone" else f"{_VALUE_FACETS[kind]}:{value}"


def words_of(contact: ChatContact) -> list[str]:
    """Return what a chat contact is found by, sorted: the words of its name, and its contact id as a whole."""
    return sorted([f"i:{_bare_id(contact.contact_id)}", *(f"w:{word}" for word in words(contact.name or ""))])


def _bare_id(text: str) -> str:
    return folded(text).lstrip("+")


@dataclass(frozen=True, slots=True)
class Start:
    """One way to match a search: a facet that begins with `prefix`, and for each of `also` one that begins with any.

    A search for `anna smith` walks the longer word, and asks of everybody found that the other one begins a facet.
    """

    prefix: str
    also: tuple[tuple[str, ...], ...] = ()

    def first_match(self, facets: Sequence[str]) -> str | None:
        """Return the smallest facet by which somebody matches; None where none does. `facets` is sorted."""
        if not all(any(facet.startswith(word) for facet in facets) for word in self.also):
            return None
        return next((facet for facet in facets if facet.startswith(self.prefix)), None)


def search_for(text: str) -> tuple[Start, ...]:
    """Read a search, or several of which each must match: see `BETWEEN_SEARCHES`."""
    first, *others = text.split(BETWEEN_SEARCHES)
    also = tuple(word for other in others for word in _as_words(_one_search(other)))
    return tuple(replace(start, also=(*start.also, *also)) for start in _one_search(first))


def _as_words(starts: tuple[Start, ...]) -> tuple[tuple[str, ...], ...]:
    """Return a search as what must begin some facet: several ways of one word, or one way of several words."""
    if len(starts) == 1:
        return ((starts[0].prefix,), *starts[0].also)
    return (tuple(start.prefix for start in starts) or (_NONE_BEGINS,),)


def _one_search(text: str) -> tuple[Start, ...]:
    """Read one search: words of a name, the beginning of an email, or a phone's digits at either end.

    Digits behind a plus are its beginning alone.

    The ways to match come in the order of their facets, so that walking one after the other walks the index once.
    """
    stripped = text.strip()
    tokens = words(stripped)
    starts: list[Start] = []
    digits = re.sub(r"\D", "", stripped) if _PHONE.match(stripped) else ""
    if digits and not stripped.startswith("+"):
        starts.append(Start(ending_facet(digits)))
    if len(stripped.split()) == 1 and not stripped.startswith("+"):
        starts.append(Start(f"e:{stripped.casefold()}"))
    if digits:
        starts.append(Start(f"p:{digits}"))
        if len(tokens) > 1:
            return tuple(starts)
    if tokens and "@" not in stripped:
        longest = max(tokens, key=len)
        rest = tuple((f"e:{word}", f"w:{word}") for word in tokens if word != longest)
        starts.append(Start(f"w:{longest}", rest))
    return tuple(starts)


def chat_contact_search_for(text: str) -> tuple[Start, ...]:
    """Read a search: the beginning of a contact id, or words of a name.

    A number may be written as people write phones, with a plus and in groups: contact ids have neither.
    """
    stripped = text.strip()
    if not stripped:
        return ()
    id_ = re.sub(r"\D", "", stripped) if _SPACED_NUMBER.match(stripped) and " " in stripped else _bare_id(stripped)
    starts = [Start(f"i:{id_}")] if id_ else []
    tokens = words(stripped)
    if tokens:
        longest = max(tokens, key=len)
        starts.append(Start(f"w:{longest}", tuple((f"i:{word}", f"w:{word}") for word in tokens if word != longest)))
    return tuple(starts)
