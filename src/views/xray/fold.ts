/** A forest of processes as rows, with crowds of the same name folded into one. Pure. */
import { type Process, processKey, type ProcessNode } from "../../isolation/index.ts";

/** More siblings of one name than this are folded. */
const CROWD = 8;
/** Deeper than this nothing moves further to the right. */
const DEEPEST = 7;

interface RowPlace {
  readonly key: string;
  readonly depth: number;
  /** How many rows further up its parent, or the sibling before it, stands. */
  readonly rise: number;
}

export type Row =
  | (RowPlace & { readonly kind: "process"; readonly process: Process })
  | (RowPlace & {
      readonly kind: "crowd";
      readonly comm: string;
      readonly members: readonly Process[];
      readonly isOpen: boolean;
    });

interface Crowd {
  readonly key: string;
  readonly comm: string;
  readonly nodes: readonly ProcessNode[];
  readonly members: readonly Process[];
}

/** Everything below and including these. */
function membersOf(nodes: readonly ProcessNode[]): Process[] {
  const members: Process[] = [];
  const open = [...nodes].toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    members.push(node.process);
    open.push(...node.children.toReversed());
  }
  return members;
}

/** Whether all below and including these bear one name. Stops at the first that does not. */
function areAlike(nodes: readonly ProcessNode[], comm: string): boolean {
  const open = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.process.comm !== comm) return false;
    open.push(...node.children);
  }
  return true;
}

function crowdsAmong(siblings: readonly ProcessNode[], parentKey: string): Map<ProcessNode, Crowd> {
  const byName = groupByName(siblings);
  const crowds = new Map<ProcessNode, Crowd>();
  for (const [comm, nodes] of byName) {
    if (nodes.length <= CROWD && !areAlike(nodes, comm)) continue;
    const members = membersOf(nodes);
    if (members.length <= CROWD) continue;
    const crowd = { key: `crowd ${parentKey} ${comm}`, comm, nodes, members };
    for (const node of nodes) crowds.set(node, crowd);
  }
  return crowds;
}

function groupByName(siblings: readonly ProcessNode[]): Map<string, ProcessNode[]> {
  const found = new Map<string, ProcessNode[]>();
  for (const node of siblings) {
    const list = found.get(node.process.comm);
    if (list === undefined) found.set(node.process.comm, [node]);
    else list.push(node);
  }
  return found;
}

/**
 * @param place Where the forest stands; it makes the keys of crowds unique.
 * @param opened Keys of crowds that have been unfolded.
 */
export function rowsOf(forest: readonly ProcessNode[], place: string, opened: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const add = (siblings: readonly ProcessNode[], parentKey: string, depth: number): void => {
    const crowds = crowdsAmong(siblings, parentKey);
    let above = rows.length - 1;
    const rise = (): number => {
      const risen = rows.length - above;
      above = rows.length;
      return risen;
    };
    const told = new Set<Crowd>();
    for (const node of siblings) {
      const crowd = crowds.get(node);
      if (crowd !== undefined && !told.has(crowd)) {
        told.add(crowd);
        const isOpen = opened.has(crowd.key);
        rows.push({
          kind: "crowd",
          key: crowd.key,
          depth,
          rise: rise(),
          comm: crowd.comm,
          members: crowd.members,
          isOpen,
        });
        if (isOpen)
          for (const process of crowd.members)
            rows.push({
              kind: "process",
              key: processKey(process),
              depth: Math.min(DEEPEST, depth + 1),
              rise: 1,
              process,
            });
      }
      if (crowd !== undefined) continue;
      rows.push({ kind: "process", key: node.key, depth, rise: rise(), process: node.process });
      add(node.children, node.key, Math.min(DEEPEST, depth + 1));
    }
  };
  add(forest, place, 0);
  return rows;
}
