"""`kith dead-letters`: what could not be handled, and giving it back."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli import local
from deploy.cli.output import AsJson, give_up, screen, tell_json, tell_table

if TYPE_CHECKING:  # what speaks to the broker takes long to import, and no other command needs it
    from shared.messaging.dead_letters import DeadLetter

app = typer.Typer(help="Records that could not be handled: see them, and give them back.", no_args_is_help=True)

Topic = Annotated[str | None, typer.Option(help="Only those that came from this topic.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Their ids, as `list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="All that there are.")]


@app.command("list")
def list_them(*, topic: Topic = None, as_json: AsJson = False) -> None:
    """List them, with where each came from and why it was put aside."""
    rows = [_row(letter) for letter in _read(topic)]
    if as_json:
        tell_json(rows)
    else:
        tell_table(rows, ("id", "at", "topic", "group", "why", "error"), empty="There are no dead letters.")


@app.command()
def show(
    letter_id: Annotated[str, typer.Argument(help="Its id, as `list` shows it.")], *, as_json: AsJson = False
) -> None:
    """Show one whole. It may hold what a person wrote."""
    found = [letter for letter in _read(None) if letter.id == letter_id]
    if not found:
        give_up(f"There is no dead letter {letter_id}; `kith dead-letters list` shows those that there are.")
    whole = _row(found[0]) | {
        "key": _text(found[0].key),
        "headers": {name: _text(value) for name, value in found[0].headers},
        "value": _text(found[0].value),
    }
    if as_json:
        tell_json(whole)
        return
    for name, value in whole.items():
        screen.print(f"[bold]{name}[/bold]", end="  ")
        screen.print(str(value), markup=False)


@app.command("replay")
def replay_them(ids: Ids = None, *, every: All = False, topic: Topic = None, as_json: AsJson = False) -> None:
    """Give them back to the topics they came from. States are never given back: their owner publishes them again."""
    if not ids and not every:
        give_up("Name the dead letters to give back, or say --all.")
    letters = [letter for letter in _read(topic) if every or letter.id in (ids or [])]
    if unknown := set(ids or []) - {letter.id for letter in letters}:
        give_up(f"There is no dead letter {', '.join(sorted(unknown))}; nothing was given back.")
    rows = asyncio.run(_give_back(letters))
    if as_json:
        tell_json(rows)
    else:
        tell_table(rows, ("id", "topic", "result"), empty="There are no dead letters.")


def _read(topic: str | None) -> "list[DeadLetter]":
    local.settle()
    from aiokafka.errors import KafkaConnectionError

    from shared.messaging import dead_letters
    from shared.settings import KithSettings

    async def all_of_them() -> "list[DeadLetter]":
        return [letter async for letter in dead_letters.read_all(KithSettings())]

    try:
        found = asyncio.run(all_of_them())
    except KafkaConnectionError:
        give_up(f"No broker answers at {KithSettings().kafka}. Is Kith up? `kith status` tells.")
    except LookupError as missing:
        give_up(str(missing))
    return [letter for letter in found if topic in {None, letter.topic}]


async def _give_back(letters: "list[DeadLetter]") -> list[dict[str, str]]:
    from shared.messaging.dead_letters import NotReplayableError, replay
    from shared.messaging.publisher import Publisher
    from shared.settings import KithSettings

    publisher = Publisher(KithSettings(), "kith-cli")
    await publisher.start()
    rows: list[dict[str, str]] = []
    try:
        for letter in letters:
            result = "given back"
            try:
                await replay(letter, publisher)
            except NotReplayableError as reason:
                result = f"left: {reason}"
            rows.append({"id": letter.id, "topic": letter.topic, "result": result})
    finally:
        await publisher.stop()
    return rows


def _row(letter: "DeadLetter") -> dict[str, Any]:
    return {
        "id": letter.id,
        "at": letter.at.isoformat(timespec="seconds"),
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "group": letter.group,
        "why": letter.why,
        "error": letter.error,
    }


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(errors="backslashreplace")
