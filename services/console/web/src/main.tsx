import "@mantine/core/styles.layer.css";
import "./app/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { renew } from "./api/session";
import { App } from "./app/App";

// The session is asked for while the page is still being put together; the answer is in the session's state.
renew().catch(() => undefined);

const root = document.getElementById("root");
if (!root) throw new Error('index.html has no element with id "root"');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
