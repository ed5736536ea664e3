import { isSandboxed } from "../../state/index.ts";

/** What the browser says about itself and about this page, as far as it does. */
export interface BrowserFacts {
  readonly agent: string;
  readonly language: string;
  readonly processors: number | undefined;
  /** GiB, as the browser rounds it. */
  readonly deviceMemory: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly pointer: "coarse" | "fine";
  readonly isOnline: boolean;
  readonly isSeen: boolean;
  /** What the system asks for, in the words of media queries. */
  readonly prefers: readonly string[];
  readonly isSecure: boolean;
  readonly isFramed: boolean;
  readonly hasDatabase: boolean;
  readonly serviceWorker: "none" | "unsupported" | "installing" | "waiting" | "active";
  readonly clipboard: boolean;
  /** Bytes of JavaScript's heap, and of the most it may have. */
  readonly heap: { readonly used: number; readonly limit: number } | undefined;
  /** Of the built site; empty for one that is being written. */
  readonly release: string;
  /** What draws each terminal, with its columns and rows. */
  readonly terminals: readonly string[];
  /** Milliseconds since the page was opened. */
  readonly age: number;
}

/** What only some browsers have. */
interface MoreOfNavigator {
  readonly deviceMemory?: number;
}
interface MoreOfPerformance {
  readonly memory?: { readonly usedJSHeapSize: number; readonly jsHeapSizeLimit: number };
}

const PREFERENCES = [
  "(prefers-color-scheme: dark)",
  "(prefers-contrast: more)",
  "(forced-colors: active)",
  "(prefers-reduced-motion: reduce)",
];

const OPEN_MS = 1500;

/** Whether a database can be opened; a browser may have the name and refuse. Settles in any case. */
async function hasDatabase(): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), OPEN_MS);
    const settle = (isThere: boolean): void => {
      clearTimeout(timer);
      resolve(isThere);
    };
    try {
      const request = indexedDB.open("keyval-store");
      request.addEventListener("success", () => {
        request.result.close();
        settle(true);
      });
      request.addEventListener("error", () => settle(false));
    } catch {
      settle(false);
    }
  });
}

async function serviceWorker(): Promise<BrowserFacts["serviceWorker"]> {
  // To a sandboxed frame its very name is refused.
  if (isSandboxed() || !("serviceWorker" in navigator)) return "unsupported";
  if (navigator.serviceWorker === undefined) return "unsupported";
  const registration = await navigator.serviceWorker.getRegistration().catch(() => undefined);
  if (registration === undefined) return "none";
  if (registration.waiting !== null) return "waiting";
  return registration.active === null ? "installing" : "active";
}

function terminals(): string[] {
  return [...document.querySelectorAll<HTMLElement>("[data-renderer]")].map((host) => {
    const { vivariumTerminal: probe } = host;
    return `${host.dataset["renderer"]}, ${probe?.cols ?? "?"} × ${probe?.rows ?? "?"}`;
  });
}

/** Never rejects. */
export async function browserFacts(): Promise<BrowserFacts> {
  const { userAgent, language, hardwareConcurrency, onLine } = navigator;
  const { deviceMemory } = navigator as MoreOfNavigator;
  const { memory } = performance as MoreOfPerformance;
  const release = document.querySelector('meta[name="vivarium-release"]')?.getAttribute("content");
  return {
    agent: userAgent,
    language,
    processors: hardwareConcurrency,
    deviceMemory,
    width: innerWidth,
    height: innerHeight,
    ratio: devicePixelRatio,
    pointer: matchMedia("(pointer: coarse)").matches ? "coarse" : "fine",
    isOnline: onLine,
    isSeen: !document.hidden,
    prefers: PREFERENCES.filter((query) => matchMedia(query).matches).map((query) => query.slice(1, -1)),
    isSecure: isSecureContext,
    isFramed: window.parent !== window,
    hasDatabase: await hasDatabase(),
    serviceWorker: await serviceWorker(),
    clipboard: navigator.clipboard !== undefined,
    heap: memory && { used: memory.usedJSHeapSize, limit: memory.jsHeapSizeLimit },
    release: release ?? "",
    terminals: terminals(),
    age: performance.now(),
  };
}
