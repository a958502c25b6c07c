"""Formatting of messages: `parse_mode` HTML as Telegram reads it, and what Telegram finds in a person's text."""

import re
from html import unescape
from typing import Any

from deploy.sandbox.telegram.errors import bad_request

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>")
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", re.IGNORECASE)
_FOUND = (
    ("bot_command", re.compile(r"(?:(?<=\s)|^)/[a-zA-Z0-9_]{1,32}(?:@\w+)?")),
    ("url", re.compile(r"https?://[^\s<>]+")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d ()-]{7,}\d")),
)


def width(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def found_in(text: str) -> list[dict[str, Any]]:
    """Commands, addresses and numbers that Telegram marks by itself."""
    marks = [
        {"offset": width(text[: match.start()]), "length": width(match.group()), "type": kind}
        for kind, pattern in _FOUND
        for match in pattern.finditer(text)
    ]
    return sorted(marks, key=lambda mark: mark["offset"])


def parse(text: str, mode: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and its entities. Raises `TelegramError` as Telegram does; of the modes, only HTML is spoken here."""
    if not mode:
        return text, []
    if mode.lower() != "html":
        raise bad_request("unsupported parse_mode (the sandbox reads HTML alone)")
    return _html(text)


def _html(source: str) -> tuple[str, list[dict[str, Any]]]:
    plain, at = "", 0
    open_tags: list[tuple[str, int, str]] = []
    entities: list[dict[str, Any]] = []
    while (start := source.find("<", at)) != -1:
        plain += unescape(source[at:start])
        offset = len(source[:start].encode())
        tag = _TAG.match(source, start)
        if tag is None:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "" at byte offset {offset}')
        name, at = tag.group(2).lower(), tag.end()
        if not tag.group(1):
            if name not in _TAGS:
                raise bad_request(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
            open_tags.append((name, width(plain), tag.group(3)))
            continue
        entity = _closed(name, open_tags, plain, offset)
        if entity:
            entities.append(entity)
    plain += unescape(source[at:])
    if open_tags:
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    return plain, sorted(entities, key=lambda mark: (mark["offset"], -mark["length"]))


def _closed(name: str, open_tags: list[tuple[str, int, str]], plain: str, offset: int) -> dict[str, Any] | None:
    if not open_tags:
        raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {offset}")
    opened, start, attributes = open_tags.pop()
    if opened != name:
        raise bad_request(
            f"can't parse entities: Unmatched end tag at byte offset {offset}, "
            f'expected "</{opened}>", found "</{name}>"'
        )
    if width(plain) == start:
        return None
    entity: dict[str, Any] = {"offset": start, "length": width(plain) - start, "type": _TAGS[name]}
    if name == "a":
        href = _HREF.search(attributes)
        if href is None:
            return None
        entity["url"] = unescape(next(part for part in href.groups() if part is not None))
    return entity
