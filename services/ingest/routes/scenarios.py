"""Scenarios before they are used: checked, and tried out. Nothing here is kept."""

from fastapi import APIRouter

from services.ingest.domain.scenario_check import InvalidScenarioError, read_scenario
from services.ingest.domain.scenario_try import Tried, TriedTurn, try_turn
from services.ingest.domain.scenario_turn import Input, Progress
from services.ingest.domain.scenario_ways import ScenarioFault
from services.ingest.routes.scenario_shapes import (
    FaultOut,
    ScenarioIn,
    ScenarioTried,
    ScenarioTryIn,
    ScenarioVerdict,
    TryButton,
    TryDetail,
    TryInput,
    TryProgress,
    TryReply,
    TryStep,
)
from shared.contracts.chat import ContactCard
from shared.web.access import ReadsConnections
from shared.web.problems import FieldError, ProblemError


def invalid_scenario(error: InvalidScenarioError) -> ProblemError:
    """Tell everything that is wrong with a scenario, each fault at its place."""
    faults = [FieldError(field=f"scenario.{f.place}", message=f.message) for f in error.faults]
    return ProblemError(422, "invalid-scenario", str(error), errors=faults)


def _fault(fault: ScenarioFault) -> FaultOut:
    return FaultOut(field=fault.place, message=fault.message, code=fault.code, values=dict(fault.values))


def _given(asked: TryInput | None) -> Input:
    if asked is None:
        return Input()
    card = ContactCard(phone=asked.phone, own=True) if asked.phone else None
    return Input(asked.text, card, asked.pressed)


def _tried(asked: TryProgress | None) -> Tried:
    if asked is None:
        return Tried()
    progress = Progress(asked.step, asked.ended, asked.tries, asked.answers)
    return Tried(progress, asked.has_phone, asked.has_email)


def _out(done: TriedTurn) -> ScenarioTried:
    progress = done.tried.progress
    return ScenarioTried(
        replies=[
            TryReply(
                text=reply.text,
                buttons=[TryButton(text=button.text, data=button.data) for button in reply.buttons],
                ask_contact=reply.ask_contact,
            )
            for reply in done.turn.replies
        ],
        progress=TryProgress(
            step=progress.step,
            ended=progress.ended,
            tries=progress.tries,
            answers=dict(progress.answers),
            has_phone=done.tried.has_phone,
            has_email=done.tried.has_email,
        ),
        details=[TryDetail(kind=one.kind, value=one.value) for one in done.details],
        steps=[TryStep(step=note.step, kind=note.kind, text=note.text) for note in done.turn.notes],
    )


def router() -> APIRouter:
    """Make the routes."""
    routes = APIRouter(tags=["scenarios"])

    @routes.post("/scenarios/check")
    async def check_scenario(_who: ReadsConnections, asked: ScenarioIn) -> ScenarioVerdict:
        """Check a scenario without using it: everything that is wrong, each with its place."""
        try:
            read_scenario(asked.scenario)
        except InvalidScenarioError as error:
            return ScenarioVerdict(ok=False, errors=[_fault(one) for one in error.faults])
        return ScenarioVerdict(ok=True, errors=[])

    @routes.post("/scenarios/try")
    async def try_scenario(_who: ReadsConnections, asked: ScenarioTryIn) -> ScenarioTried:
        """Answer one input as the scenario would; the progress that comes back goes with the next one."""
        try:
            scenario = read_scenario(asked.scenario)
        except InvalidScenarioError as error:
            raise invalid_scenario(error) from error
        return _out(try_turn(scenario, _tried(asked.progress), asked.language, _given(asked.input)))

    return routes
