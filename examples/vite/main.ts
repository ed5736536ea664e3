// A machine of one's own with a terminal of xterm.js.
import "@xterm/xterm/css/xterm.css";
import { Terminal } from "@xterm/xterm";
import { CodedError, createMachine } from "vivarium";

const status = document.querySelector("[role=status]") as HTMLElement;
const screen = new Terminal({ cols: 100, rows: 30 });
screen.open(document.querySelector("#terminal") as HTMLElement);

try {
  const machine = await createMachine({
    // What `npx vivarium assets` has put beside the page.
    assets: new URL("vivarium/", document.baseURI),
    onEvent(event) {
      if (event.kind === "phase") status.textContent = event.phase;
    },
  });
  const terminal = await machine.openTerminal({ user: "learner", cols: screen.cols, rows: screen.rows });
  // The guest is held back until xterm has parsed what it was given.
  terminal.onOutput(({ bytes, replay }) => {
    if (replay) screen.reset();
    screen.write(bytes, () => terminal.shown(bytes.length));
  });
  screen.onData((data) => terminal.write(data));
  screen.onResize(({ cols, rows }) => terminal.resize(cols, rows));
  screen.focus();
} catch (error) {
  status.textContent = error instanceof CodedError ? `${error.code}: ${error.message}` : String(error);
}
