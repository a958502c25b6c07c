"""A scenario that cannot be used is refused with every fault at its place."""

import json
from importlib.resources import files
from typing import Any

import pytest

from services.ingest.domain.scenario_check import InvalidScenarioError, read_scenario
from tests.ingest.dialog import ask, branch, choice, end, faults, say, scenario

BYE = {"bye": end("Bye")}


def test_a_good_one_has_no_faults() -> None:
    assert faults(scenario({"hi": say("Hi", "how"), "how": ask("contact", "bye"), **BYE})) == {}


def test_the_demo_has_no_faults() -> None:
    demo = files("services.ingest.domain").joinpath("demo_scenario.json").read_text(encoding="utf-8")
    assert faults(json.loads(demo)) == {}


WRONG: list[tuple[Any, str, str]] = [
    ([], "scenario", "dictionary"),
    ({}, "name", "required"),
    (scenario({"hi": say("Hi", "nowhere"), **BYE}), "steps.hi.next", "no step 'nowhere'"),
    (scenario(BYE, start="hello"), "start", "no step 'hello'"),
    (scenario({"hi": say("Hi", "bye"), "lost": say("?", "bye"), **BYE}), "steps.lost", "no step leads here"),
    (scenario({"a": say("1", "b"), "b": say("2", "a")}), "steps.b.next", "loops without asking"),
    (scenario({"a": say("1", "a")}), "steps.a.next", "a → a"),
    (
        scenario({"a": branch("language", {"de": "bye"}, "b"), "b": say("?", "a"), **BYE}),
        "steps.b.next",
        "a → b → a",
    ),
    (scenario({"a": ask("phone", "b"), "b": say("And?", "a")}), "steps.b.next", "once phone is known"),
    (
        scenario({"a": ask("phone", "b"), "b": ask("email", "a")}),
        "steps.b.next",
        "once phone and email are known",
    ),
    (scenario({"hi": say({"de": "Hallo"}, "bye"), **BYE}), "steps.hi.text", "no text in 'en'"),
    (scenario({"hi": ask("text", "bye", sorry={"es": "¿?"}), **BYE}), "steps.hi.sorry", "no text in 'en'"),
    (
        scenario({"hi": ask("choice", "bye", choices=[choice("a", {"es": "A"})]), **BYE}),
        "steps.hi.choices.0.text",
        "no text in 'en'",
    ),
    (scenario({"hi": ask("choice", "bye"), **BYE}), "steps.hi.choices", "at least one answer"),
    (
        scenario({"hi": ask("choice", "bye", choices=[choice("a", "A"), choice("a", "B")]), **BYE}),
        "steps.hi.choices.1.id",
        "there twice",
    ),
    (
        scenario({"hi": ask("text", "bye", choices=[choice("a", "A")]), **BYE}),
        "steps.hi.choices",
        "only `for: choice`",
    ),
    (
        scenario({"hi": ask("choice", "bye", choices=[choice("a", "A", next="no")]), **BYE}),
        "steps.hi.choices.0.next",
        "no step 'no'",
    ),
    (scenario({"hi": ask("phone", "bye", give_up="no"), **BYE}), "steps.hi.give_up", "no step 'no'"),
    (scenario({"b": branch("answer:x", {"a": "bye"}, "bye"), **BYE}), "steps.b.on", "saves an answer as 'x'"),
    (
        scenario(
            {
                "q": ask("choice", "b", choices=[choice("a", "A")], save_as="q"),
                "b": branch("answer:q", {"z": "bye"}, "bye"),
                **BYE,
            }
        ),
        "steps.b.cases.z",
        "no answer 'z'",
    ),
    (scenario({"b": branch("has_phone", {"maybe": "bye"}, "bye"), **BYE}), "steps.b.cases.maybe", "`yes` and `no`"),
    (scenario({"b": branch("weather", {"a": "bye"}, "bye"), **BYE}), "steps.b.on", "pattern"),
    (scenario({"b": branch("language", {"a\x00": "bye"}, "bye"), **BYE}), "steps.b.cases.a\x00", "pattern"),
    (scenario({"end": {"do": "end", "text": 5}}), "steps.end.text", "string"),
    (scenario({"ask": {"do": "ask", "for": "fax", "text": "?", "next": "ask"}}), "steps.ask.for", "'phone'"),
    (scenario({"say": {"do": "sing"}}), "steps.say", "'do'"),
    (scenario({"hi": {"do": "say", "text": "x" * 4097, "next": "bye"}, **BYE}), "steps.hi.text", "4096"),
    (scenario({"Hi There": end()}), "steps.Hi There", "pattern"),
    (scenario(BYE, colour="red"), "colour", "not permitted"),
    (scenario(BYE, region="XX"), "region", "no region"),
    (scenario(BYE, restart_words=[" "]), "restart_words.0", "at least 1"),
]


@pytest.mark.parametrize(("document", "place", "says"), WRONG)
def test_a_fault_names_its_place(document: Any, place: str, says: str) -> None:
    found = faults(document)
    assert place in found
    assert says in found[place]


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_the_console_has_words_for_every_kind_of_fault(language: str) -> None:
    page = f"web/src/words/connections/{language}.ts"
    words = files("services.console").joinpath(page).read_text(encoding="utf-8")
    codes: set[str] = set()
    for document, _, _ in WRONG:
        with pytest.raises(InvalidScenarioError) as refused:
            read_scenario(document)
        codes |= {fault.code for fault in refused.value.faults}
    assert len(codes) > 15
    assert {code for code in codes if f"    {code}: " not in words} == set(), f"say them under `wrong` in {page}"


def test_all_faults_are_told_at_once() -> None:
    found = faults(scenario({"a": say({"de": "x"}, "nowhere"), "b": say("y", "b")}))
    assert {"steps.a.next", "steps.a.text", "steps.b.next", "steps.b"} <= set(found)


def test_asking_again_for_what_was_not_given_is_no_loop() -> None:
    assert faults(scenario({"a": ask("phone", "bye", give_up="b"), "b": say("Once more", "a"), **BYE})) == {}
    assert faults(scenario({"a": ask("contact", "b"), "b": branch("has_phone", {"yes": "bye"}, "c"),
                            "c": ask("phone", "b"), **BYE})) == {}  # fmt: skip


def test_two_questions_may_save_one_answer() -> None:
    steps = {
        "which": branch("language", {"de": "de"}, "en"),
        "en": ask("choice", "b", choices=[choice("tea", "Tea")], save_as="drink"),
        "de": ask("choice", "b", choices=[choice("bier", "Bier")], save_as="drink"),
        "b": branch("answer:drink", {"tea": "bye", "bier": "bye"}, "bye"),
        **BYE,
    }
    assert faults(scenario(steps)) == {}


def test_the_readmes_example_can_be_used() -> None:
    readme = files("services.ingest").joinpath("README.md").read_text(encoding="utf-8")
    example = readme.split("```json\n", 1)[1].split("```", 1)[0]
    assert faults(json.loads(example)) == {}
