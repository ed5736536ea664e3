/**
 * Works on plain http too, where there is no clipboard to write to: the browser copies a selection.
 * @throws when the browser does not let the page
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const { activeElement } = document;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  // While a dialog is open nothing outside of it can be selected.
  (activeElement?.closest("dialog") ?? document.body).append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
  if (!isDone) throw new Error("the browser copied nothing");
}
