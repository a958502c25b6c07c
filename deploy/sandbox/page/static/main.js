/** The sandbox's page: one writes as a person, sees what the bot answers, and what it was sent. */

import { chat } from "./chat.js";
import { composer, shareOwnCard } from "./composer.js";
import { find } from "./dom.js";
import { faults } from "./faults.js";
import { people } from "./people.js";
import { requests } from "./requests.js";
import { choose, chosen, inAddress, listen, readBots, state } from "./state.js";

function lineIs(how) {
  const line = find("line");
  line.className = `line ${how}`;
  line.textContent = how === "on" ? "Live" : "The line to the sandbox is lost; trying again";
}

people();
chat(shareOwnCard);
composer();
faults();
requests();

async function start() {
  const wanted = inAddress();
  state.on = wanted.on;
  state.bot = wanted.bot;
  await readBots();
  if (!chosen()) await choose(state.bot, state.bot === wanted.bot ? wanted.chat : null, { push: false });
}

addEventListener("popstate", () => { const { on, bot, chat: of } = inAddress(); choose(bot ?? state.bot, of, { push: false, on }); });

try {
  await start();
} catch {
  lineIs("off");
}
listen(lineIs);
