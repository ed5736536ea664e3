import type { JSX } from "preact";

interface OneOfProps {
  readonly words: readonly string[];
  /** Which of them is seen. */
  readonly now: number;
}

/** One of several words in the room of the longest: what is beside it stays where it is when the word changes. */
export function OneOf({ words, now }: OneOfProps): JSX.Element {
  return (
    <span class="one-of">
      {words.map((word, i) => (
        <span key={word} class={i === now ? "" : "unseen"}>
          {word}
        </span>
      ))}
    </span>
  );
}
