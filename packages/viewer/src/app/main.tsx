import { render } from "preact";
import { App } from "./app.tsx";
import { takeToken } from "./lib/ask.ts";

takeToken();
const place = document.getElementById("app");
if (place !== null) render(<App />, place);
