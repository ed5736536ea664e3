import type { JSX } from "preact";
import { sayLanding } from "../../i18n/index.ts";

/** What stood in the terminal and in the X-ray of the tour's machine, in one run, after these lines. */
const SCREEN = [
  { prompt: "root@vivarium:~#", typed: "unshare --pid --fork --mount-proc --uts --net bash" },
  { prompt: "root@vivarium:~#", typed: "sleep 1000 &" },
  { printed: "[1] 2" },
  { prompt: "root@vivarium:~#", typed: "ps -e" },
  { printed: "  PID TTY          TIME CMD" },
  { printed: "    1 pts/0    00:00:02 bash" },
  { printed: "    2 pts/0    00:00:00 sleep" },
  { printed: "    3 pts/0    00:00:00 ps" },
  { prompt: "root@vivarium:~#", typed: "" },
] as const;
const OWN = [
  { depth: 0, pid: 1, name: "init" },
  { depth: 1, pid: 27, name: "vivarium-guard" },
  { depth: 2, pid: 29, name: "vivarium-agent" },
  { depth: 3, pid: 33, name: "bash" },
] as const;
const LAMPS = [
  { kind: "pid", text: "pid 2", isOwn: true },
  { kind: "mnt", text: "mnt 3", isOwn: true },
  { kind: "net", text: "net 2", isOwn: true },
  { kind: "user", text: "user", isOwn: false },
  { kind: "uts", text: "uts 2", isOwn: true },
  { kind: "ipc", text: "ipc", isOwn: false },
  { kind: "cgroup", text: "cgroup", isOwn: false },
  { kind: "time", text: "time", isOwn: false },
] as const;
const BOXED = [
  { depth: 0, pid: 55, inside: 1, name: "bash", note: true },
  { depth: 1, pid: 56, inside: 2, name: "sleep", note: false },
] as const;

function Process(props: {
  readonly depth: number;
  readonly pid: number;
  readonly inside?: number;
  readonly name: string;
}): JSX.Element {
  const { depth, pid, inside, name } = props;
  return (
    <span class={depth > 0 ? "still-branch" : undefined} style={{ marginInlineStart: `${depth * 1.1}rem` }}>
      <span class="still-process">
        <span class="still-pid">{pid}</span>
        {name}
        {inside !== undefined && <span class="still-pid still-inside">{inside}</span>}
      </span>
    </span>
  );
}

/** The real thing, stood still: a machine of the tour from inside and from outside. The words below it say what it shows. */
export function Still(): JSX.Element {
  return (
    <figure class="still" data-testid="still">
      <div class="still-frame" aria-hidden="true">
        <pre class="still-screen">
          {SCREEN.map((line, i) => (
            <span key={i}>
              {"printed" in line ? (
                line.printed
              ) : (
                <>
                  <i>{line.prompt}</i> {line.typed === "" ? <b class="still-cursor" /> : line.typed}
                </>
              )}
              {"\n"}
            </span>
          ))}
        </pre>
        <div class="still-machine">
          <div class="still-own">
            <p>{sayLanding("still.own")}</p>
            {OWN.map((process) => (
              <p key={process.pid}>
                <Process {...process} />
              </p>
            ))}
            <p class="still-note">{sayLanding("still.more")}</p>
          </div>
          <div class="still-box">
            <p class="still-title">{sayLanding("still.container")}</p>
            <p class="still-lamps">
              {LAMPS.map(({ kind, text, isOwn }) => (
                <span key={kind} class={isOwn ? `still-lamp own ${kind}` : "still-lamp"}>
                  {text}
                </span>
              ))}
            </p>
            <p>{sayLanding("still.network")}</p>
            {BOXED.map(({ note, ...process }) => (
              <p key={process.pid}>
                <Process {...process} />
                {note && <span class="still-note"> {sayLanding("still.terminal")}</span>}
              </p>
            ))}
          </div>
        </div>
      </div>
      <figcaption>{sayLanding("still.words")}</figcaption>
    </figure>
  );
}
