/** What is typed goes to the guest from now on. */
export function focusTerminal(): void {
  document.querySelector<HTMLElement>("#terminal textarea")?.focus();
}
