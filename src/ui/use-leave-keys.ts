import { useEffect } from "preact/hooks";
import { focusTerminal } from "./focus-terminal.ts";
import { isLeaveKey } from "./leave-keys.ts";

/** The keys that lead out of the terminal lead into it from anywhere else on the page. */
export function useLeaveKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !isLeaveKey(event)) return;
      event.preventDefault();
      focusTerminal();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
