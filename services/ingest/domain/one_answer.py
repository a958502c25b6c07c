"""Several replies as one: who wrote a comment may be written to once, until they write themselves."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.ingest.domain.scenario_turn import Reply
from shared.contracts.chat import Channel

BETWEEN, MORE = "\n\n", "…"
MOST_BYTES: Mapping[Channel, int] = {"instagram": 1000}
"""Of a text, where the channel counts bytes and has comments."""
_ZERO_WIDTH_JOINER = "\u200d"
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_WORD_SHARE = 0.6
"""Of what may stay: a cut goes back to the end of a word only so far."""


def as_one(replies: Sequence[Reply], channel: Channel) -> Sequence[Reply]:
    """Join replies. What is too long is cut before the last one, which asks: its words and buttons stay whole."""
    if not replies:
        return replies
    most = MOST_BYTES.get(channel)
    *earlier, last = replies
    if most is None:
        return (replace(last, text=BETWEEN.join(reply.text for reply in replies)),)
    asked = cut(last.text, most)
    said = BETWEEN.join(reply.text for reply in earlier)
    room = most - len(f"{BETWEEN}{asked}".encode())
    said = cut(said, room) if room > len(MORE.encode()) else ""
    return (replace(last, text=BETWEEN.join(part for part in (said, asked) if part)),)


def cut(text: str, most: int) -> str:
    """Shorten a text to so many bytes of UTF-8: at the end of a word, never within what is read as one character."""
    if len(text.encode()) <= most:
        return text
    head = text.encode()[: most - len(MORE.encode())].decode(errors="ignore")
    while head and _belong_together(head[-1], text[len(head)]):
        head = head[:-1]
    if _half_a_flag(head):
        head = head[:-1]
    space = max(head.rfind(" "), head.rfind("\n"))
    if not text[len(head) :][:1].isspace() and space >= len(head) * _WORD_SHARE:
        head = head[:space]
    return f"{head.rstrip()}{MORE}"


def _belong_together(before: str, after: str) -> bool:
    """Tell whether a cut between two code points would tear a character: an accent, a joined emoji."""
    return _ZERO_WIDTH_JOINER in (before, after) or unicodedata.category(after) in {"Mn", "Me", "Mc", "Sk"}


def _half_a_flag(head: str) -> bool:
    """Tell whether a text ends within a flag: those are pairs of letters of their own."""
    return (len(head) - len(head.rstrip(_FLAGS))) % 2 == 1
