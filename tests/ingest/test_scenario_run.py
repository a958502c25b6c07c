"""What a person sees of a scenario."""

import json
from importlib.resources import files

import pytest

from services.ingest.domain.kind_words import SHARE_PHONE, SORRY
from tests.ingest.dialog import Dialog, ask, branch, choice, end, say, scenario

DEMO = json.loads(files("services.ingest.domain").joinpath("demo_scenario.json").read_text(encoding="utf-8"))
COLOURS = [choice("red", {"en": "Red", "de": "Rot"}), choice("blue", {"en": "Blue", "de": "Blau"}, next="sea")]
PAINT = scenario(
    {
        "colour": ask("choice", "bye", choices=COLOURS, save_as="colour"),
        "sea": end("As the sea"),
        "bye": end("Bye"),
    },
    languages=["en", "de"],
)
REACH = scenario({"hi": say("Hi", "reach"), "reach": ask("contact", "bye"), "bye": end("Bye")})


@pytest.mark.parametrize("answer", ["Red", " red ", "RED", "1"])
def test_a_choice_by_its_words_or_its_number(answer: str) -> None:
    dialog = Dialog(PAINT)
    dialog.writes("hi")
    assert dialog.writes(answer) == ["Bye"]
    assert dialog.progress.answers == {"colour": "red"}


def test_a_choice_by_its_button_and_its_own_way_on() -> None:
    dialog = Dialog(PAINT)
    dialog.writes("hi")
    assert [(b.text, b.data) for b in dialog.turn.replies[0].buttons] == [
        ("Red", "colour:red"),
        ("Blue", "colour:blue"),
    ]
    assert dialog.presses("colour:blue") == ["As the sea"]


def test_a_choice_in_the_persons_language() -> None:
    dialog = Dialog(PAINT, "de-at")
    dialog.writes("hallo")
    assert [b.text for b in dialog.turn.replies[0].buttons] == ["Rot", "Blau"]
    assert dialog.writes("blau") == ["As the sea"]


@pytest.mark.parametrize("answer", ["green", "3", "0", "", "-1", "1.0"])
def test_what_is_no_choice_is_asked_again_kindly(answer: str) -> None:
    dialog = Dialog(PAINT)
    dialog.writes("hi")
    assert dialog.writes(answer) == [SORRY["choice"]["en"]]
    assert len(dialog.turn.replies[0].buttons) == 2
    assert dialog.progress.step == "colour"


def test_a_button_of_an_earlier_question_changes_nothing() -> None:
    dialog = Dialog(REACH)
    dialog.writes("hi")
    assert dialog.presses("colour:red") == []
    assert dialog.progress.step == "reach"
    assert dialog.progress.tries == 0


def test_a_phone_that_is_none_then_one_that_is() -> None:
    dialog = Dialog(REACH)
    assert dialog.writes("hello") == ["Hi", "Your contact?"]
    assert dialog.turn.replies[-1].ask_contact == SHARE_PHONE["en"]
    for wrong in ("tomorrow", "12345", "+47 000", "ann@", "@", "+" + "9" * 400):
        assert dialog.writes(wrong) == [SORRY["contact"]["en"]], wrong
        assert dialog.provided == []
    assert dialog.writes(" +47 912 34 567 ") == ["Bye"]
    assert dialog.provided == [("phone", "+4791234567")]
    assert dialog.notes == [("reach", "answered"), ("bye", "said"), ("bye", "ended")]


def test_a_phone_without_its_country_where_the_scenario_says_where() -> None:
    nowhere, norway = Dialog(REACH), Dialog(REACH | {"region": "NO"})
    for dialog in (nowhere, norway):
        dialog.writes("hei")
        dialog.writes("912 34 567")
    assert nowhere.provided == []
    assert norway.provided == [("phone", "+4791234567")]


def test_an_email_in_lower_case() -> None:
    dialog = Dialog(REACH)
    dialog.writes("hi")
    assert dialog.writes(" Ann.Lee@Example.COM ") == ["Bye"]
    assert dialog.provided == [("email", "ann.lee@example.com")]


def test_an_email_where_a_phone_was_asked_is_not_taken() -> None:
    dialog = Dialog(scenario({"a": ask("phone", "bye"), "bye": end("Bye")}))
    dialog.writes("hi")
    assert dialog.writes("ann@example.com") == [SORRY["phone"]["en"]]


@pytest.mark.parametrize("own", [True, False])
def test_a_card_answers_the_question_and_is_told_of_once(own: bool) -> None:  # noqa: FBT001
    dialog = Dialog(REACH)
    dialog.writes("hi")
    assert dialog.shares("4791234567", own=own) == ["Bye"]
    assert dialog.provided == []  # the channel's own event carries it, with its strength


def test_a_card_that_is_no_phone_is_asked_again() -> None:
    dialog = Dialog(REACH)
    dialog.writes("hi")
    assert dialog.shares("112") == [SORRY["contact"]["en"]]


def test_giving_up_after_as_many_attempts_as_the_scenario_allows() -> None:
    steps = {"a": ask("email", "bye", attempts=2, give_up="well"), "well": end("Never mind"), "bye": end("Bye")}
    dialog = Dialog(scenario(steps))
    dialog.writes("hi")
    assert dialog.writes("no") == [SORRY["email"]["en"]]
    assert dialog.writes("no!") == ["Never mind"]
    assert ("a", "gave_up") in dialog.notes


def test_without_a_way_to_give_up_the_question_stays_open() -> None:
    dialog = Dialog(REACH)
    dialog.writes("hi")
    for _ in range(12):
        assert dialog.writes("no") == [SORRY["contact"]["en"]]
    assert dialog.writes("ann@example.com") == ["Bye"]


def test_a_scenarios_own_sorry() -> None:
    steps = {"a": ask("phone", "bye", sorry={"en": "Hm?", "de": "Wie bitte?"}), "bye": end("Bye")}
    dialog = Dialog(scenario(steps), "de")
    dialog.writes("hi")
    assert dialog.writes("no") == ["Wie bitte?"]


def test_an_ended_dialog_stays_silent_until_a_restart_word() -> None:
    dialog = Dialog(REACH)
    dialog.writes("hi")
    dialog.writes("ann@example.com")
    assert dialog.writes("thanks") == []
    assert dialog.presses("reach:x") == []
    assert dialog.notes == []
    assert dialog.writes("/start") == ["Hi", "Bye"]


@pytest.mark.parametrize("word", ["/start", " /start ", "/start offer-2026"])
def test_a_restart_word_in_the_middle_begins_again_and_forgets_the_answers(word: str) -> None:
    dialog = Dialog(scenario({"n": ask("text", "c", save_as="n"), "c": ask("text", "bye"), "bye": end("Bye")}))
    dialog.writes("hi")
    dialog.writes("seven")
    assert dialog.writes(word) == ["Your text?"]
    assert dialog.progress.step == "n"
    assert dialog.progress.answers == {}


def test_a_button_is_no_restart_word() -> None:
    steps = {"q": ask("choice", "bye", choices=[choice("again", "Again")]), "bye": end("Bye")}
    dialog = Dialog(scenario(steps, restart_words=["again"]))
    dialog.writes("hi")
    assert dialog.presses("q:again") == ["Bye"]


def test_the_first_word_starts_the_dialog_whatever_it_is() -> None:
    dialog = Dialog(REACH)
    assert dialog.writes("/start") == ["Hi", "Your contact?"]
    assert dialog.notes == [("hi", "said"), ("reach", "asked")]


HELLO = {"en": "Hello", "es": "Hola", "de": "Hallo", "pt": "Olá"}


@pytest.mark.parametrize(
    ("language", "hello"),
    [("es", "Hola"), ("de", "Hallo"), ("pt-br", "Olá"), ("DE_at", "Hallo"), ("fr", "Hello"), (None, "Hello")],
)
def test_ones_own_language_else_its_stem_else_the_first(language: str | None, hello: str) -> None:
    steps = {"hi": say(HELLO, "bye"), "bye": end()}
    assert Dialog(scenario(steps, languages=["en", "es", "de", "pt"]), language).writes("x") == [hello]


def test_kiths_own_words_fall_back_to_the_scenarios_language() -> None:
    dialog = Dialog(scenario({"a": ask("phone", "bye"), "bye": end()}, languages=["es"]), "fr")
    dialog.writes("x")
    assert dialog.writes("?") == [SORRY["phone"]["es"]]


def test_nobody_is_asked_twice() -> None:
    steps = {
        "p": ask("phone", "e"),
        "e": ask("email", "c"),
        "c": ask("contact", "b"),
        "b": branch("has_phone", {"yes": "y"}, "n"),
        "y": end("phone"),
        "n": end("no phone"),
    }
    assert Dialog(scenario(steps), has_phone=True, has_email=True).writes("x") == ["phone"]
    dialog = Dialog(scenario(steps))
    assert dialog.writes("x") == ["Your phone?"]
    assert dialog.writes("+4791234567") == ["Your email?"]
    assert dialog.writes("ann@example.com") == ["phone"]


def test_branches_by_answer_and_by_language() -> None:
    steps = {
        "q": ask("text", "b", save_as="q"),
        "b": branch("answer:q", {"yes": "l"}, "no"),
        "l": branch("language", {"pt": "pt"}, "no"),
        "pt": end("sim"),
        "no": end("no"),
    }
    for language, answer, said in (("pt-br", "yes", "sim"), ("de", "yes", "no"), ("pt", "Yes", "no")):
        dialog = Dialog(scenario(steps), language)
        dialog.writes("x")
        assert dialog.writes(answer) == [said]


def test_a_scenario_edited_under_a_running_dialog_begins_again() -> None:
    dialog = Dialog(PAINT)
    dialog.writes("hi")
    dialog.edited_to(REACH)
    assert dialog.writes("red") == ["Hi", "Your contact?"]
    dialog.edited_to(scenario({"reach": say("No longer a question", "bye"), "bye": end("Bye")}))
    assert dialog.writes("x") == ["No longer a question", "Bye"]


@pytest.mark.parametrize("language", ["en", "es", "de"])
@pytest.mark.parametrize("way", [["topic:order", "no 17"], ["topic:offer"], ["?", "?"]])
def test_the_demo_leads_to_a_contact_in_each_language(language: str, way: list[str]) -> None:
    dialog = Dialog(DEMO, language)
    said = dialog.writes("hi")
    for one in way:
        said += dialog.presses(one) if ":" in one else dialog.writes(one)
    assert dialog.progress.step == "reach"
    assert dialog.turn.replies[-1].ask_contact == SHARE_PHONE[language]
    said += dialog.writes("ann@example.com")
    assert dialog.progress.ended
    assert dialog.provided == [("email", "ann@example.com")]
    theirs = [step.get("text", {}).get(language) for step in DEMO["steps"].values()]
    assert all(text in theirs or text == SORRY["choice"][language] for text in said)
