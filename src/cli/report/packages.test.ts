import { expect, test } from "vitest";
import { packagesOf, parseLists } from "./packages.ts";

const LISTS = [
  "# of base\n@bash\n/usr/bin/bash\n@libtinfo6\n/usr/lib/libtinfo.so.6\n",
  "@terminfo\n/usr/lib/terminfo\n@locale\n/usr/lib/locale/*/LC_*\n@late\n/usr/bin/bash\n",
];
const owners = (...files: Parameters<typeof packagesOf>[0][number][]): Map<string, string> =>
  packagesOf(files, parseLists(LISTS));

test("a file belongs to the package whose list names it, the first where two do", () => {
  expect(owners({ path: "/usr/bin/bash" })).toEqual(new Map([["/usr/bin/bash", "bash"]]));
});

test("a folder stands for all below it, and for nothing that only begins like it", () => {
  const found = owners({ path: "/usr/lib/terminfo/x/xterm" }, { path: "/usr/lib/terminfo2" });
  expect(found).toEqual(new Map([["/usr/lib/terminfo/x/xterm", "terminfo"]]));
});

test("a star stands for a part of one name", () => {
  const found = owners({ path: "/usr/lib/locale/C.utf8/LC_TIME" }, { path: "/usr/lib/locale/C/x/LC_TIME" });
  expect([...found.keys()]).toEqual(["/usr/lib/locale/C.utf8/LC_TIME"]);
});

test("the target of a kept link belongs to the link's package, over several links, and a ring ends", () => {
  const found = owners(
    { path: "/usr/lib/libtinfo.so.6", target: "/usr/lib/libtinfo.so.6.4" },
    { path: "/usr/lib/libtinfo.so.6.4", target: "/usr/lib/real" },
    { path: "/usr/lib/real", target: "/usr/lib/libtinfo.so.6" },
    { path: "/usr/lib/other" },
  );
  expect([...found.values()]).toEqual(["libtinfo6", "libtinfo6", "libtinfo6"]);
});
