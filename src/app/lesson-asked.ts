const ID = /^[a-z][a-z0-9-]{0,63}\/[a-z][a-z0-9-]{0,63}$/;

export interface LessonAsked {
  /** Undefined when none is named, or something that is no id. */
  readonly id: string | undefined;
  /** It is there to be watched. */
  readonly isReplay: boolean;
}

/** The lesson that the page's address asks for: `?lesson=COURSE/LESSON`, with `&replay` to be watched. */
export function lessonAsked(search: string): LessonAsked {
  const parameters = new URLSearchParams(search);
  const id = parameters.get("lesson") ?? "";
  if (!ID.test(id)) return { id: undefined, isReplay: false };
  return { id, isReplay: ["", "1"].includes(parameters.get("replay") ?? "no") };
}

/** The address of a lesson, from the page's own; what else that asks for stays. */
export function lessonAddress(page: string, id: string, isReplay: boolean): string {
  const url = new URL(page);
  url.hash = "";
  url.searchParams.delete("replay");
  url.searchParams.set("lesson", id);
  const address = url.href.replace(encodeURIComponent(id), id);
  return isReplay ? `${address}&replay` : address;
}
