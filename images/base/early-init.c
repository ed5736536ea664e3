/*
 * The first program of the guest. The kernel has mounted the read-only root over 9p; this makes a writable root of it
 * and whatever a systemd host would have mounted, then becomes /sbin/init. It forks nothing and reads no configuration.
 *
 * The root ends as an overlay (lower: 9p, upper: tmpfs) that hangs from the kernel's own rootfs, so that pivot_root(2)
 * works for whoever tries it later; it cannot while / is an initramfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LEARNER 1000

/* Says on the kernel's log, hence on the rescue terminal, what failed; the boot goes on with what there is. */
static void complain(const char *what, const char *where) {
  char line[256];
  int length = snprintf(line, sizeof line, "<3>early-init: %s %s: %s\n", what, where, strerror(errno));
  int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
  if (log < 0) log = STDERR_FILENO;
  if (write(log, line, (size_t)length) < 0) return;
  if (log != STDERR_FILENO) close(log);
}

static void attach(const char *source, const char *target, const char *type, unsigned long flags, const char *options) {
  if (mount(source, target, type, flags, options) < 0) complain("mount", target);
}

static void make_directory(const char *path, mode_t mode) {
  if (mkdir(path, mode) < 0 && errno != EEXIST) complain("mkdir", path);
  else if (chmod(path, mode) < 0) complain("chmod", path);
}

static void put(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, text, strlen(text)) < 0) complain("write", path);
  if (file >= 0) close(file);
}

static void link_to(const char *target, const char *path) {
  if (symlink(target, path) < 0) complain("symlink", path);
}

static void give(const char *path, unsigned owner) {
  if (chown(path, owner, owner) < 0) complain("chown", path);
}

static void open_to_all(const char *device) {
  if (chmod(device, 0666) < 0) complain("chmod", device);
}

/* Overlays the 9p root with a tmpfs and makes that the root of the mount namespace; the 9p mount itself goes away. */
static void make_root_writable(void) {
  attach("upper", "/run", "tmpfs", 0, "mode=0755,size=75%");
  make_directory("/run/upper", 0755);
  make_directory("/run/work", 0755);
  make_directory("/run/root", 0755);
  attach("overlay", "/run/root", "overlay", 0, "lowerdir=/,upperdir=/run/upper,workdir=/run/work,redirect_dir=on");
  if (chdir("/run/root") < 0 || syscall(SYS_pivot_root, ".", ".") < 0) complain("pivot_root", "/run/root");
  /* The old root now lies on top of the new one, at the same place. */
  if (umount2(".", MNT_DETACH) < 0) complain("umount", "the 9p root");
  if (chdir("/") < 0) complain("chdir", "/");
}

static void mount_all(void) {
  const unsigned long quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  attach("proc", "/proc", "proc", quiet, NULL);
  attach("sysfs", "/sys", "sysfs", quiet, NULL);
  attach("cgroup2", "/sys/fs/cgroup", "cgroup2", quiet, "nsdelegate,memory_recursiveprot");
  attach("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=0755");
  make_directory("/dev/pts", 0755);
  make_directory("/dev/shm", 01777);
  make_directory("/dev/mqueue", 01777);
  attach("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=620,ptmxmode=666");
  attach("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
  attach("mqueue", "/dev/mqueue", "mqueue", quiet, NULL);
  attach("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=20%");
  link_to("/proc/self/fd", "/dev/fd");
  link_to("fd/0", "/dev/stdin");
  link_to("fd/1", "/dev/stdout");
  link_to("fd/2", "/dev/stderr");
  /* Open to all, as udev makes them: an own user namespace may hold its own interfaces and FUSE file systems. */
  open_to_all("/dev/net/tun");
  open_to_all("/dev/fuse");
  make_directory("/run/lock", 01777);
  make_directory("/run/user", 0755);
  make_directory("/run/user/1000", 0700);
  give("/run/user/1000", LEARNER);
  /* As systemd does on its hosts: mounts propagate unless someone says otherwise (mount_namespaces(7)). */
  if (mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) < 0) complain("make rshared", "/");
}

/* A subtree that the learner may arrange as they like: cgroups(7), "Delegation". */
static void delegate(void) {
  static const char *const owned[] = {
      "/sys/fs/cgroup/learner",
      "/sys/fs/cgroup/learner/cgroup.procs",
      "/sys/fs/cgroup/learner/cgroup.threads",
      "/sys/fs/cgroup/learner/cgroup.subtree_control",
  };
  put("/sys/fs/cgroup/cgroup.subtree_control", "+cpu +memory +io +pids");
  make_directory("/sys/fs/cgroup/learner", 0755);
  for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) give(owned[i], LEARNER);
}

static void bring_up_loopback(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (handle < 0 || ioctl(handle, SIOCSIFFLAGS, &request) < 0) complain("up", "lo");
  if (handle >= 0) close(handle);
}

int main(void) {
  umask(0);
  make_root_writable();
  mount_all();
  umask(022);
  delegate();
  bring_up_loopback();
  if (sethostname("vivarium", strlen("vivarium")) < 0) complain("set", "host name");
  /* Whoever is in any group may ping without being root: no set-uid ping, no file capabilities over 9p. */
  put("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
  /* tinyconfig's small base makes it 4096; what other 32-bit machines have, numbers are reused later. */
  put("/proc/sys/kernel/pid_max", "32768");
  char *const arguments[] = {(char[]){"init"}, NULL};
  char *const environment[] = {(char[]){"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"},
                               (char[]){"HOME=/root"}, (char[]){"TERM=linux"}, (char[]){"LC_CTYPE=C.UTF-8"}, NULL};
  execve("/sbin/init", arguments, environment);
  complain("exec", "/sbin/init");
  return 1;
}
