"""What a client is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.client import Client, Holding
from services.identity.domain.cursors import BadCursorError, decode_cursor, encode_cursor
from services.identity.domain.facets import facets_of, search_for, words
from tests.identity.happenings import NOON

ANN = Client(
    id="cl_1",
    workspace_id="ws_1",
    name="Anna-María O\u2019Brien",
    surname="Núñez",
    created_at=NOON,
    changed_at=NOON,
    origin="telegram",
    registered=True,
    holdings=(
        Holding("phone", "+4791234567", "verified", NOON, "e1"),
        Holding("email", "o.brien@example.com", "claimed", NOON, "e2"),
    ),
)


def finds(text: str, client: Client = ANN) -> bool:
    facets = facets_of(client)
    return any(start.first_match(facets) is not None for start in search_for(text))


@pytest.mark.parametrize(
    "text",
    [
        "anna", "ANN", "maria", "María", "brien", "nun", "núñez", "Anna Núñ", "nunez anna", "Anna-María",
        "o.br", "O.Brien@EXAMPLE", "o.brien@example.com", "+47 912 34", "4791", "+4791234567", "(47) 912-34",
        "234567", "91234567", "345 67", "7",
    ],
)  # fmt: skip
def test_found(text: str) -> None:
    assert finds(text)


@pytest.mark.parametrize(
    "text", ["nna", "anna smith", "example.com", "9123456", "+234567", "w:anna", "registered:yes", "+", "@"]
)
def test_not_found(text: str) -> None:
    assert not finds(text)


def test_words_that_carry_meaning_in_marks_stay_whole() -> None:
    assert words("राजेश कुमार") == ["राजेश", "कुमार"]


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_search(text: str) -> None:
    starts = search_for(text)
    assert [start.prefix for start in starts] == sorted(start.prefix for start in starts)
    assert all(start.prefix[:2] in {"P:", "e:", "p:", "w:"} for start in starts)


@given(st.text(min_size=1, max_size=40))
def test_everybody_is_found_by_the_words_of_their_name(name: str) -> None:
    client = Client(id="cl_1", workspace_id="ws_1", name=name, created_at=NOON, changed_at=NOON)
    for word in words(name):
        assert f"w:{word}" in facets_of(client)


def test_a_cursor_comes_back_as_it_was() -> None:
    assert decode_cursor(("clients", None), encode_cursor(("clients", None), (5, "cl_1")), (int, str)) == (5, "cl_1")


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursorError):
        decode_cursor(("clients",), text, (int, str))


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(BadCursorError, match="another list"):
        decode_cursor(("clients", True), encode_cursor(("clients", False), (5, "cl_1")), (int, str))
