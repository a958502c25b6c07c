"""What is said to the author of a comment goes into one message, and fits into it."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.one_answer import MORE, as_one, cut
from services.ingest.domain.scenario_run import Reply
from shared.contracts.sending import Button

MOST = 1000
CHOICES = (Button(text="Yes", data="sure:yes"),)
FAMILY = "👨‍👩‍👧"


def joined(*texts: str) -> str:
    (one,) = as_one([Reply(text) for text in texts], "instagram")
    return one.text


def test_what_fits_is_said_whole_and_in_order() -> None:
    assert joined("Hi", "We are open", "Which one?") == "Hi\n\nWe are open\n\nWhich one?"


def test_what_is_too_long_is_cut_before_the_question_which_keeps_its_words_and_buttons() -> None:
    (one,) = as_one([Reply("words " * 300), Reply("Shall we call you?", CHOICES)], "instagram")
    assert len(one.text.encode()) <= MOST
    assert one.text.endswith("words…\n\nShall we call you?")
    assert one.buttons == CHOICES


def test_a_question_that_fills_it_alone_is_all_that_is_said() -> None:
    question = "é" * 500
    assert joined("Hi", question) == question
    assert joined("Hi", question + "?") == "é" * 498 + MORE


def test_other_channels_count_characters_and_are_not_cut_here() -> None:
    (one,) = as_one([Reply("x" * 900), Reply("y" * 900)], "messenger")
    assert len(one.text) == 1802


def test_nothing_said_is_nothing_sent() -> None:
    assert as_one([], "instagram") == []


def test_no_character_is_torn() -> None:
    assert cut("e\u0301" * 20, 13) == "e\u0301" * 3 + MORE
    assert cut(FAMILY * 3, 24) == FAMILY + MORE
    assert cut("🇳🇴" * 4, 16) == "🇳🇴" + MORE


@given(st.lists(st.text(max_size=1500), min_size=1, max_size=5))
def test_whatever_is_said_fits(texts: list[str]) -> None:
    text = joined(*texts)
    assert len(text.encode()) <= MOST
