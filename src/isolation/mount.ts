/** A line of `/proc/PID/mountinfo`. */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** `8:1` */
  readonly device: string;
  /** Which directory of the file system, `pid:[4026531836]` of a namespace's file. */
  readonly root: string;
  /** From the root of the mount namespace. */
  readonly point: string;
  /** `rw`, `nosuid` and their like. */
  readonly options: readonly string[];
  readonly propagation: {
    /** The peer group it shares with. */
    readonly shared: number | undefined;
    /** The peer group it follows. */
    readonly master: number | undefined;
    readonly unbindable: boolean;
  };
  /** `ext4`, `overlay` */
  readonly type: string;
  readonly source: string;
  /** Of the file system: `rw` or `ro`, and what is known of its own options. */
  readonly superOptions: readonly string[];
  /** Directories under an overlay as paths in their own file systems; lower ones from the top. */
  readonly layers: { readonly upper: string | undefined; readonly lower: readonly string[] } | undefined;
}
