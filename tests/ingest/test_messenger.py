"""Recorded updates in Messenger's documented form, and what each of them says."""

from typing import Any

import pytest
from hypothesis import given, settings

from services.ingest.channels.contract import MalformedError
from services.ingest.channels.messenger.parse import read_messenger
from tests.ingest.metas import SENT_AT, Recorded, anything, mutated
from tests.ingest.metas_direct import attached, direct, receipt, unknown, until

MESSENGER = Recorded("messenger", "104567", read_messenger)

SAYS: dict[str, list[dict[str, Any]]] = {
    **direct("messenger"),
    "sticker": attached("messenger", "sticker", "Sticker", "https://cdn.example/s"),
    "file": attached("messenger", "document", "Document", "https://cdn.example/f"),
    "location": attached("messenger", "location", "Location: 59.91387, 10.75225", "59.91387, 10.75225"),
    "link": attached("messenger", "other", "Link: A page", "https://a.example", text="see"),
    "delivered": [receipt("messenger", "delivered", "m_8", provider_message_ids=("m_8", "m_9"))],
    "delivered_until": [receipt("messenger", "delivered", "1767225600000", until=SENT_AT)],
    "read": [receipt("messenger", "read", "1767225600001", until=until(1767225600001))],
    "feed": [unknown("feed")],
}


def test_every_recorded_update_is_in_the_table() -> None:
    assert MESSENGER.names() == set(SAYS)


@pytest.mark.parametrize("name", SAYS)
def test_a_recorded_update_says_what_it_says(name: str) -> None:
    MESSENGER.says(name, SAYS[name])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b'{"object": "instagram", "entry": []}', "object"),
        (b'{"object": "page", "entry": 1}', "entry"),
    ],
)
def test_what_is_not_metas_is_refused_by_its_field(body: bytes, field: str) -> None:
    with pytest.raises(MalformedError) as refused:
        MESSENGER.read(body)
    assert refused.value.field == field


@settings(max_examples=300)
@given(mutated(lambda: [MESSENGER.body(name) for name in SAYS]))
def test_a_mutated_update(body: bytes) -> None:
    MESSENGER.check(body)


@settings(max_examples=100)
@given(anything)
def test_random_bytes_and_random_json(body: bytes) -> None:
    MESSENGER.check(body)
