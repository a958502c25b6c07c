/** Meta's developer pages, played: what Kith is told of an account, and where the account's webhook goes. */

import { ask, call } from "./dom.js";
import { base, readBots, side } from "./state.js";

/** Show an account's secrets, and take the callback URL and verify token that Kith shows. */
export async function setUp() {
  const told = await call("GET", base());
  const kept = (name, label, value) => ({ name, label, value, readonly: true });
  ask({
    title: `Set up ${told.name}`, ok: "Verify and save",
    about: `Connect it in Kith’s console with the first three; what Kith then shows goes below. ${side().title} asks the address before it believes in it.`,
    fields: [
      kept("id", "ID", told.account_id), kept("token", "Access token", told.token), kept("secret", "App secret", told.app_secret),
      { name: "url", label: "Callback URL", value: told.webhook_url, type: "url" }, { name: "verify_token", label: "Verify token", value: told.verify_token },
    ],
    act: async ({ url, verify_token }) => {
      await call("PUT", `${base()}/webhook`, { url: url.trim(), verify_token: verify_token.trim() });
      await readBots();
    },
  });
}
