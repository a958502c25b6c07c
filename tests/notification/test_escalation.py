"""The steps by themselves: who is reached, who is passed over, and that the lead is told in time whatever holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain.escalation import (
    Circle,
    Pace,
    Person,
    Progress,
    Reached,
    Skipped,
    Step,
    advance,
    at_intake,
    latest,
    next_due,
)
from services.notification.domain.ways import Silence, Way

START = datetime(2026, 3, 1, tzinfo=UTC)
USUAL: frozenset[Way] = frozenset({"sound", "desktop", "push"})
USUAL_AND_EMAIL: frozenset[Way] = frozenset({"sound", "desktop", "push", "email"})
PACE = Pace(timedelta(seconds=120), 2)

people = st.builds(
    Person,
    id=st.sampled_from([f"user_{n}" for n in range(6)]),
    may_read=st.booleans(),
    online=st.booleans(),
    ways=st.frozensets(st.sampled_from(get_args(Way))),
    silence=st.sampled_from([None, *get_args(Silence)]),
    has_browser=st.booleans(),
    emailed=st.booleans(),
)
circles = st.builds(
    Circle,
    members=st.lists(people, max_size=5, unique_by=lambda one: one.id).map(tuple),
    leads=st.lists(people, min_size=1, max_size=2, unique_by=lambda one: one.id).map(tuple),
)


def test_at_intake_online_ones_hear_it_and_others_are_pushed_to() -> None:
    members = [
        Person("online", online=True, ways=USUAL, has_browser=True),
        Person("away", ways=USUAL, has_browser=True),
        Person("mails", ways=USUAL_AND_EMAIL),
        Person("asleep", online=True, ways=USUAL_AND_EMAIL, silence="quiet"),
        Person("left", may_read=False, ways=USUAL),
        Person("nothing"),
    ]

    assert at_intake(members) == Step(
        "intake",
        (Reached("online", ("live",)), Reached("away", ("push",)), Reached("mails", ("email",))),
        (Skipped("asleep", "quiet"), Skipped("left", "left"), Skipped("nothing", "not_on")),
    )


def test_steps_that_reach_nobody_are_noted_and_the_next_follows_at_once() -> None:
    ada = Person("ada", online=True, ways=frozenset({"sound", "desktop"}))
    found = advance(Progress(), PACE, Circle((ada,), (Person("lead"),)))

    assert [step.kind for step in found.steps] == ["push", "email", "colleague"]
    assert found.steps[2].reached == (Reached("ada", ("live",)),)
    then = advance(found.progress, PACE, Circle((ada,), (Person("lead"),)))
    assert [step.kind for step in then.steps] == ["colleague", "lead"]
    assert then.steps[0].skipped == (Skipped("ada", "asked_already"),)
    assert then.is_over


def test_colleagues_are_asked_one_after_another_online_ones_first() -> None:
    members = (
        Person("first", ways=USUAL, has_browser=True),
        Person("second", online=True, ways=USUAL),
        Person("quiet", online=True, ways=USUAL, silence="quiet"),
    )
    progress, asked = Progress(steps=2), list[str]()
    for _ in range(2):
        found = advance(progress, PACE, Circle(members, (Person("lead"),)))
        asked += [one.user_id for one in found.steps[0].reached]
        progress = found.progress

    assert asked == ["second", "first"]


def test_the_lead_is_told_whatever_they_have_switched_off_but_not_emailed_twice() -> None:
    asleep = Person("lead", may_read=True, silence="quiet")
    found = advance(Progress(steps=4), PACE, Circle((), (asleep, Person("other", emailed=True, silence="off"))))

    assert found.steps == (Step("lead", (Reached("lead", ("banner", "email")), Reached("other", ("banner",)))),)


def test_an_email_of_the_same_turn_counts() -> None:
    ada = Person("ada", ways=frozenset({"email"}))
    found = advance(Progress(), PACE, Circle((ada,), (ada,)))
    assert [step.kind for step in found.steps] == ["push", "email"]
    emailed = Person("ada", ways=frozenset({"email"}), emailed=True)
    then = advance(found.progress, PACE, Circle((emailed,), (emailed,)))
    assert [step.kind for step in then.steps] == ["colleague", "colleague", "lead"]
    assert then.steps[-1].reached == (Reached("ada", ("banner",)),)


@given(
    st.lists(circles, min_size=1, max_size=4),
    st.integers(0, 4),
    st.integers(15, 3600),
    st.lists(st.floats(0, 5), min_size=8, max_size=8),
)
def test_whoever_is_there_the_lead_is_told_in_time(
    moods: list[Circle], colleagues: int, after: int, delays: list[float]
) -> None:
    """People come, go and change their minds between steps; processes are up to five seconds late."""
    pace = Pace(timedelta(seconds=after), colleagues)
    progress, due, steps = Progress(), START + pace.after, list[Step]()
    emailed: list[str] = []
    turn = 0
    while True:
        now = due + timedelta(seconds=delays[turn])
        circle = moods[turn % len(moods)]
        known = Circle(
            tuple(replace(one, emailed=one.id in emailed) for one in circle.members),
            tuple(replace(one, emailed=one.id in emailed) for one in circle.leads),
        )
        found = advance(progress, pace, known)
        steps += found.steps
        for step in found.steps:
            for user in step.by("email"):
                assert user not in emailed
                emailed.append(user)
            by_id = {one.id: one for one in known.members}
            if step.kind != "lead":
                assert all(by_id[one.user_id].may_read and not by_id[one.user_id].silence for one in step.reached)
        if found.is_over:
            break
        progress, turn = found.progress, turn + 1
        due = next_due(due, now, pace)

    assert [step.kind for step in steps] == ["push", "email", *["colleague"] * colleagues, "lead"]
    assert {one.user_id for one in steps[-1].reached} == {one.id for one in known.leads}
    asked = [one.user_id for step in steps if step.kind == "colleague" for one in step.reached]
    assert len(asked) == len(set(asked))
    slack = timedelta(seconds=5) * (turn + 1)
    assert now <= latest(START, pace) + slack
