"""`kith connections`: the accounts at providers through which people write."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.api import Api
from deploy.cli.output import AsJson, give_up, screen, tell_json, tell_table
from deploy.local.layout import Home

app = typer.Typer(help="The accounts at providers through which people write.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What agents know it by.")]
Token = Annotated[
    str, typer.Option(envvar="KITH_BOT_TOKEN", prompt="Bot token", hide_input=True, help="From @BotFather.")
]
Scenario = Annotated[Path | None, typer.Option(help="A file with its scenario, in YAML or JSON.", exists=True)]
BecomesClient = Annotated[str, typer.Option(help="When a newcomer becomes a client: on_contact or on_first_message.")]


@app.command("list")
def list_them(*, as_json: AsJson = False) -> None:
    """List them."""
    rows: list[dict[str, Any]] = Api.of_run(Home.of()).ask("GET", "/api/ingest/connections", params={"limit": 100})[
        "items"
    ]
    if as_json:
        tell_json(rows)
    else:
        tell_table(
            rows,
            ("id", "channel", "name", "bot_id"),
            empty="There are none; `kith connections add-telegram` makes one.",
        )


@app.command("add-telegram")
def add_telegram(
    name: Name,
    *,
    token: Token,
    scenario: Scenario = None,
    becomes_client: BecomesClient = "on_contact",
    as_json: AsJson = False,
) -> None:
    """Connect a Telegram bot. With KITH_PUBLIC_URL set to an address that Telegram reaches, it is Telegram itself."""
    wanted: dict[str, Any] = {
        "channel": "telegram",
        "name": name,
        "token": token,
        "becomes_client": becomes_client,
    }
    if scenario:
        wanted["scenario"] = _document(scenario)
    made = Api.of_run(Home.of()).ask("POST", "/api/ingest/connections", json=wanted)
    if as_json:
        tell_json(made)
    else:
        screen.print(f"Connected: {made['name']} ({made['id']})", markup=False)


def _document(place: Path) -> Any:  # noqa: ANN401  JSON; the API checks it and names the place of what is wrong
    import yaml

    try:
        return json.loads(place.read_text()) if place.suffix == ".json" else yaml.safe_load(place.read_text())
    except (ValueError, yaml.YAMLError) as error:
        give_up(f"{place} cannot be read: {error}")
