interface Shown {
  title: string;
  body: string;
  /** One with the tag of another takes its place. */
  tag: string;
  onClick: () => void;
}

/** Shows a notification of the system's, where the user and the browser allow it. */
export function showDesktop({ title, body, tag, onClick }: Shown): boolean {
  if (!("Notification" in window) || Notification.permission !== "granted") return false;
  try {
    // The sound is ours, and one for all tabs.
    const shown = new Notification(title, { body, tag, icon: "/icon.svg", silent: true });
    shown.onclick = () => {
      shown.close();
      window.focus();
      onClick();
    };
    return true;
  } catch {
    // Browsers of phones show notifications through a service worker alone: there the push does it.
    return false;
  }
}
