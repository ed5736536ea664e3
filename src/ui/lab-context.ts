import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Lab } from "../state/index.ts";

const LabContext = createContext<Lab | undefined>(undefined);
export const LabProvider = LabContext.Provider;

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (lab === undefined) throw new Error("this component stands outside of a LabProvider");
  return lab;
}
