/** What is said of a lesson, for tests to which it does not matter: one machine, one terminal, and nothing else. */
export const LESSON_META = {
  id: "course/lesson",
  aliases: [],
  version: 1,
  title: "",
  summary: "",
  authors: [],
  minutes: 1,
  profile: "base",
  machines: [{ name: "machine-1", segment: 1, power: "on" }],
  terminals: [{ name: "terminal", machine: "machine-1", user: "root" }],
  prerequisites: [],
  topics: [],
  language: "en",
  licence: "",
} as const;
