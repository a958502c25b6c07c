"""Any scenario that passes its check, and anything a person does: every turn ends, and sends no flood."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.ingest.domain.scenario_check import InvalidScenarioError
from services.ingest.domain.scenario_run import MAX_STEPS_A_TURN
from tests.ingest.dialog import Dialog, Document, ask, branch, choice, end, say, scenario

NAMES = [f"s{number}" for number in range(7)]
names = st.sampled_from(NAMES)
texts = st.sampled_from(["Hi", {"en": "Hi", "de": "Hallo"}])


def _choices(targets: list[str]) -> list[Document]:
    return [choice(f"c{number}", f"C{number}", next=target) for number, target in enumerate(targets)]


def _ask(what: str, then: str, give_up: str) -> Document:
    return ask(what, then, save_as="a", give_up=give_up, attempts=1)


def _choose(then: str, targets: list[str]) -> Document:
    return ask("choice", then, choices=_choices(targets), save_as="c")


def _branch(on: str, value: str, case: str, otherwise: str) -> Document:
    return branch(on, {value: case}, otherwise)


steps = st.one_of(
    st.builds(say, texts, names),
    st.builds(end, st.none() | texts),
    st.builds(_ask, st.sampled_from(["phone", "email", "contact", "text"]), names, names),
    st.builds(_choose, names, st.lists(names, min_size=1, max_size=3)),
    st.builds(_branch, st.sampled_from(["has_phone", "has_email"]), st.sampled_from(["yes", "no"]), names, names),
    st.builds(_branch, st.just("language"), st.just("de"), names, names),
)
inputs = st.lists(
    st.one_of(
        st.sampled_from(["hi", "1", "/start", "+4791234567", "ann@example.com", "", "C1"]),
        st.builds("{}:c{}".format, names, st.integers(0, 3)),
        st.text(max_size=20),
    ),
    max_size=12,
)


@st.composite
def scenarios(draw: st.DrawFn) -> Document:
    found = {name: draw(steps) for name in NAMES}
    reached, waiting = set[str](), ["s0"]
    while waiting:  # leave out what no step leads to: that alone would refuse nearly all of them
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [other for other in NAMES if f"'{other}'" in str(found[name])]
    return scenario({name: step for name, step in found.items() if name in reached})


@settings(max_examples=200)
@given(scenarios(), inputs, st.sampled_from([None, "de", "pt-br"]), st.booleans(), st.booleans())
def test_every_turn_ends(document: Document, does: list[str], language: str | None, phone: bool, email: bool) -> None:  # noqa: FBT001
    try:
        dialog = Dialog(document, language, has_phone=phone, has_email=email)
    except InvalidScenarioError:
        assume(False)  # noqa: FBT003
        return
    for one in does:
        said = dialog.presses(one) if ":c" in one else dialog.writes(one)
        assert len(said) <= len(document["steps"])
        assert len(dialog.turn.notes) <= len(document["steps"]) + 3 < MAX_STEPS_A_TURN
        assert dialog.progress.ended or dialog.progress.step in document["steps"]
        waits = document["steps"].get(dialog.progress.step, {"do": "ask"})
        assert waits["do"] == "ask"


def test_a_scenario_of_as_many_steps_as_are_allowed_is_said_to_its_end() -> None:
    steps = {f"s{n}": say(f"{n}", f"s{n + 1}") for n in range(199)} | {"s199": end("199")}
    assert Dialog(scenario(steps)).writes("hi") == [str(n) for n in range(200)]
