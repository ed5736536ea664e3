/*
 * Says it where the frame's own code cannot be had. In a sandboxed frame the origin is opaque: modules and style sheets
 * then need a header from the host, while a plain script like this one needs none.
 */
addEventListener(
  "error",
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement || target instanceof HTMLLinkElement)) return;
    const show = () => {
      const note = document.getElementById(self.origin === "null" ? "sandbox-failed" : "start-failed");
      if (note === null || !note.hidden) return;
      note.hidden = false;
      document.getElementById("app")?.remove();
      const message = (note.textContent ?? "").trim().replaceAll(/\s+/g, " ");
      // There is nothing secret in it, and nobody is known yet.
      if (parent !== self) parent.postMessage({ vivarium: 1, kind: "refused", nonce: "", message }, "*");
    };
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
    else show();
  },
  true,
);
