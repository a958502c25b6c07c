// Shows a push when no page of Kith is open, and leads its click to the message. It holds no page and no data: what a
// push says is the queue's name and a link. Its words are in the language that the page registered it with.
const WORDS = {
  en: { one: (queue) => `New message in ${queue}`, body: "Nobody has looked yet", tried: "This is how a push looks" },
  es: { one: (queue) => `Mensaje nuevo en ${queue}`, body: "Nadie ha mirado todavía", tried: "Así se ve un push" },
  de: { one: (queue) => `Neue Nachricht in ${queue}`, body: "Noch hat niemand nachgesehen", tried: "So sieht ein Push aus" },
};
const words = WORDS[new URL(self.location.href).searchParams.get("language")] ?? WORDS.en;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    // A push that says nothing readable still says that there is something.
  }
  const { kind, queue = "Kith", link = "/queues/log", tag } = told;
  const title = kind === "try" ? words.tried : words.one(queue);
  event.waitUntil(self.registration.showNotification(title, { body: kind === "try" ? "Kith" : words.body, tag, icon: "/icon.svg", data: { link } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.link ?? "/queues/log", self.location.origin);
  const here = target.origin === self.location.origin ? target.href : self.location.origin;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then(async (pages) => {
      const page = pages.find((one) => one.focused) ?? pages[0];
      if (!page) return self.clients.openWindow(here);
      await page.focus().catch(() => undefined); // a browser that does not let us still leads there
      return page.navigate(here).catch(() => self.clients.openWindow(here));
    }),
  );
});
