#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "wire.h"

/* The host splits a longer `open`; see MAX_OPEN_SIZE in src/protocol/agent.ts. */
static char arena[65536 + MAX_ARGUMENTS + MAX_VARIABLES + 16];

bool parse_open(const uint8_t *payload, uint32_t length, struct open_spec *spec) {
  struct cursor cursor = {payload, payload + length, false};
  char *free_at = arena;
  const char *end = arena + sizeof arena;
  spec->terminal = take_u8(&cursor) == 1;
  spec->cols = take_u16(&cursor);
  spec->rows = take_u16(&cursor);
  spec->timeout_ms = take_u32(&cursor);
  spec->credit = take_u32(&cursor);
  spec->user = take_text(&cursor, &free_at, end);
  spec->cwd = take_text(&cursor, &free_at, end);
  uint16_t count = take_u16(&cursor);
  if (count > MAX_ARGUMENTS) return false;
  for (uint16_t i = 0; i < count; i++) spec->argv[i] = take_text(&cursor, &free_at, end);
  spec->argv[count] = NULL;
  count = take_u16(&cursor);
  if (count > MAX_VARIABLES) return false;
  for (uint16_t i = 0; i < count; i++) spec->env[i] = take_text(&cursor, &free_at, end);
  spec->env[count] = NULL;
  return !cursor.bad;
}

static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  if (write(fd, text, strlen(text)) < 0) { /* an absent controller is no reason not to start */
  }
  close(fd);
}

/* A user other than root works inside its delegated cgroup, /sys/fs/cgroup/USER, in a leaf of it,
 * as a login on a systemd host does (cgroups(7), "Delegation"). */
static void enter_delegated_cgroup(const struct passwd *user) {
  char path[128];
  snprintf(path, sizeof path, "/sys/fs/cgroup/%s/login", user->pw_name);
  if (mkdir(path, 0755) == 0) {
    if (chown(path, user->pw_uid, user->pw_gid) != 0) return;
    for (const char *const *file = (const char *const[]){"cgroup.procs", "cgroup.threads",
                                                         "cgroup.subtree_control", NULL};
         *file != NULL; file++) {
      char inner[160];
      snprintf(inner, sizeof inner, "%s/%s", path, *file);
      if (chown(inner, user->pw_uid, user->pw_gid) != 0) return;
    }
  }
  char procs[160];
  snprintf(procs, sizeof procs, "%s/cgroup.procs", path);
  write_file(procs, "0");
}

static _Noreturn void give_up(const char *what) {
  dprintf(STDERR_FILENO, "vivarium-agent: %s: %s\n", what, strerror(errno));
  _exit(errno == ENOENT ? 127 : 126);
}

/* Takes back what the agent has and an ordinary process must not. */
static void become_ordinary(void) {
  const struct sched_param normal = {0};
  sched_setscheduler(0, SCHED_OTHER, &normal);
  write_file("/proc/self/oom_score_adj", "0");
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
}

static _Noreturn void run(const struct open_spec *spec) {
  become_ordinary();
  errno = 0;
  const struct passwd *user = getpwnam(spec->user);
  if (user == NULL) {
    dprintf(STDERR_FILENO, "vivarium-agent: there is no user named '%s'\n", spec->user);
    _exit(126);
  }
  if (user->pw_uid != 0) enter_delegated_cgroup(user);
  if (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
      setuid(user->pw_uid) != 0) {
    give_up("cannot become the user");
  }

  clearenv();
  setenv("HOME", user->pw_dir, 1);
  setenv("USER", user->pw_name, 1);
  setenv("LOGNAME", user->pw_name, 1);
  setenv("SHELL", user->pw_shell, 1);
  setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
  setenv("LANG", "C.UTF-8", 1);
  if (spec->terminal) setenv("TERM", "xterm-256color", 1);
  for (char *const *variable = spec->env; *variable != NULL; variable++) putenv(*variable);

  const char *cwd = *spec->cwd != '\0' ? spec->cwd : user->pw_dir;
  if (chdir(cwd) != 0) {
    if (*spec->cwd != '\0') give_up(cwd);
    if (chdir("/") != 0) give_up("/");
  }
  if (spec->argv[0] != NULL) {
    execvp(spec->argv[0], spec->argv);
    give_up(spec->argv[0]);
  }
  char name[64];
  const char *base = strrchr(user->pw_shell, '/');
  snprintf(name, sizeof name, "-%s", base != NULL ? base + 1 : user->pw_shell);
  execl(user->pw_shell, name, (char *)NULL);
  give_up(user->pw_shell);
}

static int start_on_terminal(const struct open_spec *spec, struct session *session) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (master < 0) return errno;
  int slave = -1, number;
  char slave_path[32];
  if (unlockpt(master) != 0 || ioctl(master, TIOCGPTN, &number) != 0) goto fail;
  snprintf(slave_path, sizeof slave_path, "/dev/pts/%d", number);
  /* Open before the fork: a master whose slave nobody holds reads as hung up. */
  slave = open(slave_path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0) goto fail;
  const struct winsize size = {.ws_col = spec->cols, .ws_row = spec->rows};
  ioctl(master, TIOCSWINSZ, &size);
  struct termios modes;
  if (tcgetattr(slave, &modes) == 0) {
    modes.c_iflag |= IUTF8; /* so that the kernel's own line editing erases whole characters */
    tcsetattr(slave, TCSANOW, &modes);
  }

  pid_t pid = fork();
  if (pid < 0) goto fail;
  if (pid == 0) {
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    for (int fd = 0; fd < 3; fd++) dup2(slave, fd);
    run(spec);
  }
  close(slave);
  *session = (struct session){.pid = pid, .in = master, .out = master, .err = -1};
  return 0;

fail:;
  int reason = errno;
  if (slave >= 0) close(slave);
  close(master);
  return reason;
}

static int start_on_pipes(const struct open_spec *spec, struct session *session) {
  int ends[6]; /* stdin read, write; stdout read, write; stderr read, write */
  for (int i = 0; i < 3; i++) {
    if (pipe2(ends + 2 * i, O_CLOEXEC) != 0) {
      int reason = errno;
      while (i-- > 0) close(ends[2 * i]), close(ends[2 * i + 1]);
      return reason;
    }
  }
  pid_t pid = fork();
  if (pid < 0) {
    int reason = errno;
    for (int i = 0; i < 6; i++) close(ends[i]);
    return reason;
  }
  if (pid == 0) {
    setsid();
    dup2(ends[0], STDIN_FILENO);
    dup2(ends[3], STDOUT_FILENO);
    dup2(ends[5], STDERR_FILENO);
    run(spec);
  }
  close(ends[0]), close(ends[3]), close(ends[5]);
  *session = (struct session){.pid = pid, .in = ends[1], .out = ends[2], .err = ends[4]};
  fcntl(session->in, F_SETFL, O_NONBLOCK);
  fcntl(session->out, F_SETFL, O_NONBLOCK);
  fcntl(session->err, F_SETFL, O_NONBLOCK);
  return 0;
}

int start_session(const struct open_spec *spec, struct session *session) {
  return spec->terminal ? start_on_terminal(spec, session) : start_on_pipes(spec, session);
}
