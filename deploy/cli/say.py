"""`kith say`: write to a bot as a customer."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from deploy.cli import demo_file
from deploy.cli.output import AsJson, give_up, screen, tell_json
from deploy.cli.sandbox import PersonInChat, chat_id_of, named
from deploy.local.layout import Home

Text = Annotated[str | None, typer.Argument(help="What they write; of a photo the caption; with --edit the new words.")]
Contact = Annotated[str | None, typer.Option(help="Share their own card, with this phone number.")]
OthersCard = Annotated[str | None, typer.Option(help="Share somebody else's card, with this phone number.")]
Photo = Annotated[bool, typer.Option("--photo", help="Send a photo.")]
Edit = Annotated[bool, typer.Option("--edit", help="Change the words of their last message.")]
Block = Annotated[bool, typer.Option("--block", help="Block the bot.")]
Unblock = Annotated[bool, typer.Option("--unblock", help="Let the bot in again.")]
Press = Annotated[str | None, typer.Option(help="Press the button that carries this data, or shows this text.")]
Name = Annotated[str, typer.Option("--as", help="Who writes. The same name is the same person the next time.")]
ChatId = Annotated[int | None, typer.Option(help="Their id at Telegram; by default one that belongs to the name.")]
Language = Annotated[str | None, typer.Option(help="The language of their app, such as en, es or de.")]
Bot = Annotated[str, typer.Option("--connection", help="Which bot: its name in demo.json, its id or its bot's id.")]
Wait = Annotated[float, typer.Option(help="Seconds to wait for what the bot answers.")]


def say(
    text: Text = None,
    *,
    contact: Contact = None,
    others_card: OthersCard = None,
    photo: Photo = False,
    edit: Edit = False,
    block: Block = False,
    unblock: Unblock = False,
    press: Press = None,
    name: Name = "Ada Lovelace",
    chat_id: ChatId = None,
    language: Language = "en",
    connection: Bot = "telegram",
    wait: Wait = 3.0,
    as_json: AsJson = False,
) -> None:
    """Write to a bot as a customer would, and show what it answers.

    The sandbox makes Telegram's own update of it and sends that to the bot's webhook, signed with the webhook's secret.
    """
    demo = demo_file.read(Home.of())
    bot = demo.connection(connection)
    if not bot.bot_token:
        give_up(f"{bot.name} is no bot; write on its page instead: {demo.sandbox}/site?key={bot.site_key}")
    number = chat_id_of(name) if chat_id is None else chat_id
    chat = PersonInChat(demo.sandbox, bot.bot_id, number)
    earlier = chat.messages()
    done = {
        "contact": {"own": True, "phone": contact} if contact else None,
        "card": {"own": False, "phone": others_card, "name": "Somebody Else"} if others_card else None,
        "press": button_of(earlier, press) if press else None,
        "edit": {"text": text} if edit else None,
        "photo": photo or None,
        "block": block or None,
        "unblock": unblock or None,
    }
    what = one_thing({key: value for key, value in done.items() if value is not None}, text)
    became = chat.do({**what, "person": named(name, language)})
    after = max([became.get("message_id") or 0, *(message["id"] for message in earlier)])
    answers = [] if became["outcome"] != "delivered" else chat.answers(after, within=wait)
    if as_json:
        tell_json({"chat_id": number, "bot_id": bot.bot_id, "webhook": became, "answers": answers})
    else:
        _show(name, number, became, answers)
    if became["outcome"] != "delivered":
        raise typer.Exit(1)


def one_thing(done: dict[str, Any], text: str | None) -> dict[str, Any]:
    """Make the sandbox's request of the one thing that was asked for."""
    if len(done) > 1:
        give_up(f"One thing at a time, not {' and '.join(done)}.")
    if "card" in done:
        return {"contact": done["card"]}
    if "photo" in done:
        return {"photo": True} | ({"caption": text} if text else {})
    if "edit" in done and not text:
        give_up("Say what the words are changed to: kith say --edit 'new words'")
    if done:
        return done
    if not text:
        give_up("Say something: kith say 'hello', or one of the options (kith say --help).")
    return {"text": text}


def button_of(messages: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """Find the newest button of that data or text."""
    for message in reversed(messages):
        for button in message["buttons"]:
            if wanted in {button["data"], button["text"]} and button["data"] is not None:
                return {"message_id": message["id"], "data": button["data"]}
    there = [button["text"] for message in messages for button in message["buttons"]]
    return give_up(f"The bot showed no button {wanted!r}" + (f"; it showed {', '.join(there)}." if there else " yet."))


def _show(name: str, number: int, became: dict[str, Any], answers: list[dict[str, Any]]) -> None:
    status = f", status {became['status']}" if became["status"] else ""
    why = f": {became['error']}" if became["error"] else ""
    screen.print(
        f"[dim]{escape(name)} ({number}): update {became['update_id']} {became['outcome']}{status}{escape(why)}[/dim]"
    )
    for message in answers:
        screen.print(f"[bold]bot[/bold]  {escape(message['text'])}")
        if message["request_contact"]:
            screen.print("     [dim](asks for the phone number: kith say --contact +4791234567)[/dim]")
        for button in message["buttons"]:
            screen.print(f"     {escape('[' + button['text'] + ']')}  [dim]--press {escape(str(button['data']))}[/dim]")
    if not answers and became["outcome"] == "delivered":
        screen.print("[dim]No answer so far.[/dim]")
