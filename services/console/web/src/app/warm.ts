/** Fetches what is likely to be opened next, once the page has nothing else to do. */
export function warm(): void {
  const soon = "requestIdleCallback" in window ? window.requestIdleCallback : (run: () => void) => setTimeout(run, 1_000);
  soon(() => {
    void Promise.allSettled([
      import("../features/clients/ClientCard"),
      import("../features/without-contacts/WithoutContactsPage"),
      import("../features/without-contacts/StepsDrawer"),
      import("../features/without-contacts/JsonModal"),
      import("../features/contacts/ContactsPage"),
    ]);
  });
}
