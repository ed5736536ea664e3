import type { Facts } from "./facts.ts";

interface Shown {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly operstate: string;
  readonly address?: string;
  readonly master?: string;
  readonly link?: string;
  readonly link_index?: number;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly {
    readonly family: string;
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
  }[];
}

/** What must be said of the devices of a network namespace, from `ip -j -d addr`. */
export function saidDevices(facts: Facts, file: string): Record<string, unknown>[] {
  const all = JSON.parse(facts.text(file)) as Shown[];
  return all.map((shown) => {
    // A device in the same namespace is named, one in another is numbered.
    const link = shown.link_index ?? all.find(({ ifname }) => ifname === shown.link)?.ifindex;
    return {
      index: shown.ifindex,
      name: shown.ifname,
      kind: shown.linkinfo?.info_kind ?? "",
      up: shown.flags.includes("UP"),
      state: shown.operstate,
      loopback: shown.flags.includes("LOOPBACK"),
      mtu: shown.mtu,
      mac: shown.address ?? "",
      master: shown.master,
      link: link === undefined ? undefined : { index: link },
      addresses: shown.addr_info.map(({ family, local, prefixlen, scope }) => ({
        family,
        local,
        prefixLength: prefixlen,
        scope,
      })),
    };
  });
}
