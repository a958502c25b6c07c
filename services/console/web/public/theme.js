// Before the first paint: the chosen colours, so that a dark console never flashes white.
// A file of its own because the content security policy allows no inline script.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("kith.color-scheme");
  } catch (error) {
    // Storage is forbidden here: the system's choice holds.
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
