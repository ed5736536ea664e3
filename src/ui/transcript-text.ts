import { faultWords, sayInLab } from "../i18n/index.ts";
import {
  KEPT_LINES,
  type Lesson,
  type TranscriptEntry,
  type TranscriptNews,
  type TranscriptState,
} from "../state/index.ts";
import { dayOf } from "./save-file.ts";

function timeOf(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((value) => String(value).padStart(2, "0"))
    .join(":");
}

function newsWords(news: TranscriptNews): string {
  switch (news.kind) {
    case "opened":
      return sayInLab("transcript.opened", { lesson: news.lesson });
    case "step":
    case "done":
      return sayInLab(`transcript.${news.kind}`, { number: news.number, title: news.title });
    case "not-yet":
    case "broken":
      return `${sayInLab(`verdict.${news.kind}`)} ${news.reason}`;
    case "answer":
      return `${news.question} — ${sayInLab("question.you-said")} ${news.answer}`;
    case "going":
      return sayInLab("transcript.going", { to: news.to });
    case "trouble":
      return faultWords(news.code).what;
    case "switched-off":
      return sayInLab("transcript.switched-off", { machine: news.machine });
    case "resetting":
    case "showing":
    case "restarted":
    default:
      return sayInLab(`transcript.${news.kind}`);
  }
}

/** A line of the page's between those of the terminals. */
function note(words: string): string {
  return `── ${words.replaceAll(/\s+/gu, " ").trim()}`;
}

/**
 * What happened, as text that is read as it is: what terminals showed as it stood, and the page's words in between.
 * @param lesson Undefined in the free terminal.
 */
export function transcriptText(lesson: Lesson | undefined, state: TranscriptState, now: Date): string {
  const { entries, terminals, rests } = state;
  const text = [
    lesson === undefined
      ? sayInLab("free.title")
      : sayInLab("transcript.head", { title: lesson.title, lesson: lesson.id, version: lesson.version }),
    sayInLab(lesson === undefined ? "transcript.head.saved.free" : "transcript.head.saved", {
      day: dayOf(now),
      time: timeOf(now),
    }),
    sayInLab("transcript.head.how"),
    "",
  ];
  if (state.isCut) text.push(note(sayInLab("transcript.cut")));
  let shown: string | undefined;
  const show = (terminal: string): void => {
    if (shown !== terminal && terminals.length > 1)
      text.push(note(sayInLab("transcript.terminal", { terminal })));
    shown = terminal;
  };
  const add = (entry: TranscriptEntry): void => {
    if (entry.kind === "news") {
      text.push(note(`${timeOf(new Date(entry.at))} ${newsWords(entry.news)}`));
      shown = undefined;
      return;
    }
    show(entry.terminal);
    if (entry.kind === "full-screen") {
      text.push(sayInLab("transcript.full-screen"));
      return;
    }
    text.push(...entry.lines.slice(0, KEPT_LINES));
    if (entry.leftOut > 0) text.push(sayInLab("transcript.left-out", { count: entry.leftOut }));
    text.push(...entry.lines.slice(KEPT_LINES));
  };
  for (const entry of entries) add(entry);
  for (const [terminal, rest] of rests) {
    if (rest === "") continue;
    show(terminal);
    text.push(rest);
  }
  return `${text.join("\n")}\n`;
}
