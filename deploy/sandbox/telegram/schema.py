"""What the sandbox remembers of Telegram's side. Times are seconds since 1970."""

from typing import NewType

BotId = NewType("BotId", int)
ChatId = NewType("ChatId", int)

SCHEMA = """
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
CREATE TABLE IF NOT EXISTS deliveries (
  n INTEGER PRIMARY KEY AUTOINCREMENT, bot_id INTEGER NOT NULL, update_id INTEGER NOT NULL, body TEXT NOT NULL,
  place REAL NOT NULL, due REAL NOT NULL, at REAL NOT NULL, state TEXT NOT NULL DEFAULT 'pending',
  attempts INTEGER NOT NULL DEFAULT 0, status INTEGER, error TEXT);
CREATE INDEX IF NOT EXISTS pending_in_order ON deliveries (bot_id, place) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS deliveries_of_update ON deliveries (bot_id, update_id);
CREATE TABLE IF NOT EXISTS requests (
  n INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, bot_id INTEGER, method TEXT NOT NULL, chat_id INTEGER,
  ledger_id TEXT, body TEXT NOT NULL, headers TEXT NOT NULL, status INTEGER, answer TEXT,
  delivered INTEGER NOT NULL, violation INTEGER NOT NULL, fault TEXT);
CREATE INDEX IF NOT EXISTS requests_of_bot ON requests (bot_id, n);
CREATE INDEX IF NOT EXISTS requests_of_chat ON requests (bot_id, chat_id, n);
CREATE TABLE IF NOT EXISTS rules (
  n INTEGER PRIMARY KEY AUTOINCREMENT, bot_id INTEGER NOT NULL, rule TEXT NOT NULL, times_left INTEGER);
"""
