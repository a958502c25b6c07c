"""What the sandbox remembers of Telegram's side. Times are seconds since 1970."""

from typing import NewType

from deploy.sandbox import deliveries, ledger
from deploy.sandbox.faults import RULES_SCHEMA

BotId = NewType("BotId", int)
ChatId = NewType("ChatId", int)

COLUMNS = ledger.Columns(whose="bot_id", chat="chat_id")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS bots (
  bot_id INTEGER PRIMARY KEY, token TEXT NOT NULL, name TEXT NOT NULL, username TEXT NOT NULL,
  webhook_url TEXT NOT NULL DEFAULT '', secret TEXT NOT NULL DEFAULT '', allowed TEXT NOT NULL DEFAULT '[]',
  max_connections INTEGER NOT NULL DEFAULT 40, next_update INTEGER NOT NULL,
  last_error_at REAL, last_error TEXT, limits INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS chats (
  bot_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, person TEXT NOT NULL, blocked INTEGER NOT NULL DEFAULT 0,
  next_message INTEGER NOT NULL DEFAULT 1, keyboard TEXT, notice TEXT, changed_at REAL NOT NULL,
  PRIMARY KEY (bot_id, chat_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
  bot_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, by_bot INTEGER NOT NULL,
  body TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (bot_id, chat_id, message_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS presses (
  id TEXT PRIMARY KEY, bot_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
"""
SCHEMA = "".join((_SCHEMA, deliveries.schema("bot_id"), ledger.schema(COLUMNS), RULES_SCHEMA))
