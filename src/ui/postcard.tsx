import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { loadXray } from "./load-xray.ts";
import { sayInLab } from "../i18n/index.ts";
import type { Lesson } from "../state/index.ts";
import { copyText } from "./copy-text.ts";
import { useLab } from "./lab-context.ts";
import { saveFile } from "./save-file.ts";
import { OneOf } from "./one-of.tsx";
import { useMoment } from "./use-moment.ts";

/** What a learner takes home: the picture of what was made, and a link under which it is made again. */
export function PostcardCard({
  lesson,
  link,
}: {
  readonly lesson: Lesson;
  readonly link: string;
}): JSX.Element {
  const lab = useLab();
  const [isCopied, setCopied] = useMoment();
  const [isFailed, setFailed] = useState(false);
  const postcard = lab.postcard.value;
  const save = async (): Promise<void> => {
    setFailed(false);
    try {
      const { exportPng } = (await loadXray()).xray;
      if (postcard === undefined) return;
      const { svg: text, width, height } = postcard;
      saveFile(await exportPng({ text, width, height }), `vivarium-${lesson.id.replace("/", "-")}.png`);
    } catch {
      setFailed(true);
    }
  };
  return (
    <figure class="postcard" data-testid="postcard">
      {postcard !== undefined && (
        <img
          src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(postcard.svg)}`}
          width={postcard.width}
          height={postcard.height}
          alt={sayInLab("postcard.picture", { title: lesson.title })}
        />
      )}
      <figcaption>
        <p>{sayInLab("postcard.words")}</p>
        <div class="postcard-actions">
          <button
            type="button"
            class="primary"
            data-testid="copy-link"
            data-link={link}
            onClick={() => void copyText(link).then(setCopied, () => setFailed(true))}
          >
            <OneOf words={[sayInLab("postcard.copy"), sayInLab("command.copied")]} now={isCopied ? 1 : 0} />
          </button>
          <button
            type="button"
            class="quiet"
            data-testid="save-postcard"
            disabled={postcard === undefined}
            onClick={() => void save()}
          >
            {sayInLab("postcard.save")}
          </button>
        </div>
        <output class="command-note">{isFailed ? sayInLab("postcard.failed") : ""}</output>
      </figcaption>
    </figure>
  );
}
