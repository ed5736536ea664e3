import { describe, expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { runContainer } from "../support/crun.ts";
import { sh, shared } from "../support/guest.ts";
import { unpackImage } from "../support/images.ts";
import { LEARNER, quote } from "../support/shell.ts";

const machine = shared(startMachine, (started) => started.dispose());

/** In a mount namespace of its own, on an empty tmpfs: what a script mounts and writes is gone with it. */
const run = (script: string): Promise<string> => {
  const start = "set -eu; mkdir -p /tmp/fs; mount -t tmpfs none /tmp/fs; cd /tmp/fs";
  return sh(machine(), `exec unshare --mount bash -c ${quote(`${start}\n${script}`)}`);
};

describe("overlay", () => {
  test("the root is one that pivot_root can leave", async () => {
    const out = await run(`
      findmnt -no FSTYPE /
      mkdir old usr
      ln -s usr/lib lib
      mount --bind /usr usr
      pivot_root . old
      echo /*
      /usr/bin/ls -d /old/etc
    `);
    expect(out).toBe("overlay\n/lib /old /usr\n/old/etc\n");
  });

  const LAYERS = `
    mkdir lower upper work merged
    for name in changed removed left; do echo old >lower/$name; done
    mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work merged
  `;

  test("a change copies up, a removal leaves a whiteout, the lower layer stays as it was", async () => {
    const out = await run(`
      ${LAYERS}
      ls upper | wc -l
      echo new >>merged/changed
      rm merged/removed
      ls merged
      cat upper/changed
      stat -c '%n: %F %t,%T' upper/*
      grep -r . lower | sort
    `);
    expect(out).toBe(
      "0\nchanged\nleft\nold\nnew\n" +
        "upper/changed: regular file 0,0\nupper/removed: character special file 0,0\n" +
        "lower/changed:old\nlower/left:old\nlower/removed:old\n",
    );
  });

  test("another overlay cannot be the upper layer", async () => {
    const out = await run(`
      mkdir -p /var/tmp/{lower,upper,work,merged}
      cd /var/tmp
      mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work merged 2>&1 | head -1
      dmesg | grep -o 'overlayfs: filesystem .*' | tail -1
    `);
    expect(out).toBe(
      "mount: /var/tmp/merged: wrong fs type, bad option, bad superblock on none, missing codepage or helper program, or other error.\n" +
        "overlayfs: filesystem on 'upper' not supported as upperdir\n",
    );
  });

  /** By learner, in namespaces of learner's own: a directory of the lower layer is replaced. */
  const rootless = `
    mkdir /tmp/fs/of-learner && chown 1000:1000 /tmp/fs/of-learner
    ${LEARNER} unshare --user --map-root-user --mount bash -c ${quote(`
      cd /tmp/fs/of-learner
      mkdir -p lower/directory upper work merged
      touch lower/directory/old
      mount -t overlay none -o userxattr,lowerdir=lower,upperdir=upper,workdir=work merged || exit
      rm -r merged/directory && mkdir merged/directory && touch merged/directory/new
      ls merged/directory lower/directory
      getfattr -n user.overlay.opaque --only-values upper/directory`)} 2>&1`;

  test("learner's own, on ext4: a lower directory can be replaced, marked in user.overlay.*", async () => {
    const out = await run(`mkfs.ext4 -q /dev/ram1 4M; mount /dev/ram1 /tmp/fs; ${rootless}`);
    expect(out).toBe("lower/directory:\nold\n\nmerged/directory:\nnew\ny");
  });

  test("learner's own, on tmpfs: it cannot, since 6.1's tmpfs has no user.*", async () => {
    const out = await run(`${rootless} || true`);
    expect(out).toContain("rm: cannot remove 'merged/directory': Input/output error\n");
    expect(out).toContain("user.overlay.opaque: Operation not supported");
  });
});

describe.each(["squashfs", "erofs"] as const)("%s", (type) => {
  test("is read through a loop device, and never written", async () => {
    const out = await run(`
      ${unpackImage(type, "image")}
      mkdir -p on
      mount image on
      findmnt -no FSTYPE,SOURCE on
      cat on/hello
      stat -c '%U %a %s %Y' on/hello
      mount -o remount,rw on 2>/dev/null || true
      (echo changed >on/hello) 2>&1 | grep -o 'Read-only file system'
      umount on
      losetup --all | wc -l
    `);
    expect(out).toMatch(
      new RegExp(
        `^${type} +/dev/loop\\d\nhello from an image\nroot 644 20 1700000000\n` +
          "Read-only file system\n0\n$",
      ),
    );
  });

  test("is not mounted from what is none", async () => {
    const out = await run(`
      ${unpackImage(type, "image")}
      printf x | dd of=image bs=1 seek=${type === "erofs" ? 1024 : 0} conv=notrunc status=none
      mkdir -p on
      mount -t ${type} -o loop image on 2>&1 | grep -o 'wrong fs type'
      ls on | wc -l
      losetup --all | wc -l
    `);
    expect(out).toBe("wrong fs type\n0\n0\n");
  });
});

test("loop: a file is a disk of its size, changes go both ways, and detaching ends it", async () => {
  const out = await run(`
    truncate -s 1M file
    disk=$(losetup --find --show file)
    blockdev --getsize64 $disk
    printf above | dd of=$disk bs=512 seek=5 conv=sync oflag=direct status=none
    dd if=file bs=512 skip=5 count=1 status=none | head -c 5; echo
    printf below | dd of=file bs=512 seek=9 conv=notrunc status=none
    dd if=$disk bs=512 skip=9 count=1 iflag=direct status=none | head -c 5; echo
    (dd if=/dev/zero of=$disk bs=64K oflag=direct 2>&1 || true) | grep -o -e 'No space left on device' -e '^[0-9]* bytes'
    losetup --detach $disk
    dd if=$disk bs=512 count=1 status=none | wc -c
  `);
  expect(out).toBe("1048576\nabove\nbelow\nNo space left on device\n1048576 bytes\n0\n");
});

describe("ext4 on a RAM disk", () => {
  test("keeps files over a remount, and a new file system has none of them", async () => {
    const out = await run(`
      mkfs.ext4 -q /dev/ram1 4M
      mount /dev/ram1 /tmp/fs
      echo kept >/tmp/fs/file
      umount /tmp/fs
      ls /tmp/fs | wc -l
      mount /dev/ram1 /tmp/fs
      cat /tmp/fs/file
      umount /tmp/fs
      mkfs.ext4 -q -F /dev/ram1 4M
      mount /dev/ram1 /tmp/fs
      ls /tmp/fs
    `);
    expect(out).toBe("0\nkept\nlost+found\n");
  });

  test("is full when its size is used up, and root's reserve is not learner's", async () => {
    const MIB = 1024 * 1024;
    const out = await run(`
      mkfs.ext4 -q -m 25 /dev/ram1 8M
      mount /dev/ram1 /tmp/fs
      chmod 1777 /tmp/fs
      ${LEARNER} dd if=/dev/zero of=/tmp/fs/learner bs=1M status=none 2>&1 | grep -o 'No space.*'
      stat -c %s /tmp/fs/learner
      dd if=/dev/zero of=/tmp/fs/root bs=1M status=none 2>&1 | grep -o 'No space.*'
      stat -c %s /tmp/fs/root
    `);
    const [first, learner, second, root] = out.split("\n");
    expect([first, second]).toEqual(["No space left on device", "No space left on device"]);
    // A quarter of 8 MiB is root's; journal and tables take between one and two MiB of the rest.
    expect(Number(learner)).toBeGreaterThan(4 * MIB);
    expect(Number(learner)).toBeLessThan(5 * MIB);
    expect(Number(root)).toBeGreaterThan(1.8 * MIB);
    expect(Number(root)).toBeLessThan(2.1 * MIB);
  });
});

describe("idmapped mounts", () => {
  const disk = (...options: string[]): object => ({ destination: "/data", source: "/tmp/fs/disk", options });
  const IDS = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  const FILES = `stat -c "%n %u:%g" /data/*`;

  /** A container whose root is 100000 outside looks at the mount on `disk`, and writes to it. */
  const look = (...options: string[]): string => `
    ${runContainer(`${FILES}; touch /data/new`, {
      namespaces: ["user"],
      linux: { uidMappings: IDS, gidMappings: IDS },
      mounts: [disk("bind", ...options)],
    })} || true
  `;

  const EXT4 = `
    mkfs.ext4 -q /dev/ram1 4M
    mkdir disk
    mount /dev/ram1 disk
    rmdir disk/lost+found
    touch disk/file
    chown 5:6 disk/file
  `;

  test("ext4: the container's ids are the disk's, reading and writing", async () => {
    const out = await run(`${EXT4} ${look("idmap")} stat -c '%n %u:%g' disk/*`);
    expect(out).toBe("/data/file 5:6\ndisk/file 5:6\ndisk/new 0:0\n");
  });

  test("ext4 without: its files are nobody's, and the container may not write", async () => {
    const out = await run(`${EXT4} ${look()} stat -c '%n %u:%g' disk/*`);
    expect(out).toBe("/data/file 65534:65534\ntouch: /data/new: Permission denied\ndisk/file 5:6\n");
  });

  test("ext4 with a mapping of its own: what is in the range is shifted, what is not is nobody's", async () => {
    const out = await run(`
      ${EXT4}
      touch disk/outside && chown 10:10 disk/outside
      ${runContainer(FILES, { mounts: [disk("bind", "idmap=uids=0-5000-10;gids=0-6000-10")] })}
    `);
    expect(out).toBe("/data/file 5005:6006\n/data/outside 65534:65534\n");
  });

  const EROFS = `${unpackImage("erofs", "image")}; mkdir disk; mount -o loop image disk`;

  test("erofs: root's file is the container's root's; without, nobody's", async () => {
    expect(await run(`${EROFS}; ${look("idmap")}`)).toBe(
      "/data/hello 0:0\ntouch: /data/new: Read-only file system\n",
    );
    expect(await run(`${EROFS}; ${look()}`)).toBe(
      "/data/hello 65534:65534\ntouch: /data/new: Read-only file system\n",
    );
  });

  test("tmpfs and squashfs refuse", async () => {
    const refused = "mount_setattr `/tmp/fs/disk`: Invalid argument\n";
    expect(await run(`mkdir disk; mount -t tmpfs none disk; ${look("idmap")}`)).toBe(refused);
    const squashfs = `${unpackImage("squashfs", "image")}; mkdir disk; mount -o loop image disk`;
    expect(await run(`${squashfs}; ${look("idmap")}`)).toBe(refused);
  });
});

describe("tmpfs", () => {
  test("has trusted.* attributes, for root only, and no user.* ones", async () => {
    const out = await run(`
      setfattr -n trusted.lesson -v kept .
      getfattr -n trusted.lesson --only-values .; echo
      ${LEARNER} getfattr -n trusted.lesson . 2>&1 | grep -o 'No such attribute'
      setfattr -n user.lesson -v kept . 2>&1 || true
    `);
    expect(out).toBe("kept\nNo such attribute\nsetfattr: .: Operation not supported\n");
  });

  test("holds as many bytes and files as it was told to, exactly", async () => {
    const out = await run(`
      mount -t tmpfs -o size=1M,nr_inodes=10 none /tmp/fs
      cd /tmp/fs
      dd if=/dev/zero of=full bs=4K status=none 2>&1 | grep -o 'No space.*'
      stat -c %s full
      rm full
      for i in {1..20}; do (>$i) 2>/dev/null || true; done
      echo *
    `);
    // The root directory is the tenth inode.
    expect(out).toBe("No space left on device\n1048576\n1 2 3 4 5 6 7 8 9\n");
  });
});
