/** What the poster says; the frame has its own words. */
export const WORDS = {
  lab: "Linux lab",
  terminal: "Linux terminal",
  start: "Start",
  what: "A real Linux machine, in this page. Nothing is installed.",
  silent: "The lab did not answer. Is Vivarium at {host}?",
};
