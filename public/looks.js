/*
 * Puts the visitor's theme on the page before anything is drawn, so that nothing flashes: a module would come too late, and
 * the page's policy allows no script within the page. `src/app/wear-theme.ts` goes on from here.
 */
(() => {
  const root = document.documentElement;
  const asks = (query) => matchMedia(query).matches;
  let theme = "";
  try {
    const kept = JSON.parse(localStorage.getItem("vivarium/settings") ?? "{}");
    if (kept.schema === 1) theme = String(kept.theme);
  } catch {
    // Nothing can be kept here, or it is damaged: as the system has it.
  }
  // A frame's page may say it.
  if (root.classList.contains("embedded")) theme = new URLSearchParams(location.search).get("theme") ?? theme;
  const [, contrast, shade] = /^(contrast-)?(light|dark)$/.exec(theme) ?? [];
  const isForced = asks("(forced-colors: active)");
  if (shade !== undefined && !isForced) root.dataset.theme = shade;
  if (contrast !== undefined || isForced || asks("(prefers-contrast: more)")) root.dataset.contrast = "more";
})();
