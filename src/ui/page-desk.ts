import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { AboutSource, FaultLog, KeptHere, LabDiary, OfflineDesk, Settings } from "../state/index.ts";

/** What is open in a page. */
export interface ProductFacts {
  /** Which of the doors. */
  readonly page: "landing" | "lab" | "terminal" | "frame";
  /** Empty where it is not known, or there is none. */
  readonly kernel: string;
  readonly profile: string;
}

/** What every page has, whatever is open in it. */
export interface PageDesk {
  readonly settings: Settings;
  readonly kept: KeptHere;
  /** All progress as the text of a file. */
  readonly exportProgress: () => Promise<string>;
  readonly faults: FaultLog;
  readonly product: ProductFacts;
  /** Knows the product's version, and those of its parts. */
  readonly about: AboutSource;
  /** Where something of the site can be kept for use without a network. */
  readonly offline?: OfflineDesk | undefined;
  /** Where machines are. */
  readonly diary?: LabDiary;
  /** Colours that the page around a frame has chosen. */
  readonly isThemed?: boolean;
}

const PageDeskContext = createContext<PageDesk | undefined>(undefined);
export const PageDeskProvider = PageDeskContext.Provider;

export function usePageDesk(): PageDesk {
  const desk = useContext(PageDeskContext);
  if (desk === undefined) throw new Error("this component stands outside of a PageDeskProvider");
  return desk;
}
