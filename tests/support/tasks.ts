/** Categories of a trace of Chromium that tell its threads' tasks. */
export const TASK_CATEGORIES = ["toplevel", "__metadata"];

/** One task of a page's main thread. */
export interface PageTask {
  /** Milliseconds since some moment. */
  readonly at: number;
  /** By the wall clock. */
  readonly ms: number;
  /** That it had a processor. On a busy computer a task is long because others run, and this says so. */
  readonly cpuMs: number;
}

/** As the trace event format has it: times in microseconds, `tdur` by the thread's own clock. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The tasks of the page in a trace, in their order. Of several pages' processes it is the one that worked most. */
export function pageTasks(trace: Buffer): PageTask[] {
  const { traceEvents } = JSON.parse(trace.toString("utf8")) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const byThread = new Map<string, TraceEvent[]>();
  for (const event of traceEvents) {
    const thread = `${event.pid} ${event.tid}`;
    if (event.ph !== "X" || !event.name.endsWith("RunTask") || !mains.has(thread)) continue;
    const events = byThread.get(thread) ?? [];
    events.push(event);
    byThread.set(thread, events);
  }
  const cpuOf = (events: readonly TraceEvent[]): number =>
    events.reduce((sum, { tdur = 0 }) => sum + tdur, 0);
  const [busiest = []] = [...byThread.values()].toSorted((a, b) => cpuOf(b) - cpuOf(a));
  return outermost(busiest).map(({ ts, dur = 0, tdur = 0 }) => ({
    at: ts / 1000,
    ms: dur / 1000,
    cpuMs: tdur / 1000,
  }));
}

/** Without those that ran within another. */
function outermost(events: readonly TraceEvent[]): TraceEvent[] {
  let end = 0;
  return events
    .toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
    .filter(({ ts, dur = 0 }) => {
      if (ts < end) return false;
      end = ts + dur;
      return true;
    });
}
