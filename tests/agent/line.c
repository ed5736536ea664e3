/* Runs the agent on this machine: its console is a terminal whose other end is our standard input and output.
 *
 *   line AGENT
 *
 * In namespaces of its own, where there may be any: what the agent is told to kill, name or schedule is not the
 * machine's. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void put(const char *path, const char *text) {
  int fd = open(path, O_WRONLY);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) perror(path);
  if (fd >= 0) close(fd);
}

static void put_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(fd, bytes, length);
    if (written < 0 && errno != EINTR) exit(1);
    if (written > 0) bytes += written, length -= (size_t)written;
  }
}

/* A namespace's maps are written from outside it: from inside, groups could not be set any more. */
static void map_ids(pid_t pid) {
  char path[64], map[32];
  snprintf(path, sizeof path, "/proc/%d/setgroups", pid);
  if (getuid() != 0) put(path, "deny");
  snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
  snprintf(map, sizeof map, "0 %u 1", getuid());
  put(path, map);
  snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
  snprintf(map, sizeof map, "0 %u 1", getgid());
  put(path, map);
}

static void run_agent(char *const *argv, int told, int tell) {
  char byte = 0;
  if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWUTS) != 0) perror("line: no namespaces of one's own"), _exit(3);
  if (write(tell, &byte, 1) != 1 || read(told, &byte, 1) != 1) _exit(4);
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* and with the first process of the namespace all others */
  pid_t agent = fork();
  if (agent == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execv(argv[0], argv);
    perror(argv[0]);
    _exit(127);
  }
  int status = 0;
  waitpid(agent, &status, 0);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static int open_terminal(char *path, size_t size) {
  int number;
  struct termios modes;
  int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (terminal < 0 || unlockpt(terminal) != 0 || ioctl(terminal, TIOCGPTN, &number) != 0) exit(5);
  tcgetattr(terminal, &modes);
  cfmakeraw(&modes);
  tcsetattr(terminal, TCSANOW, &modes);
  snprintf(path, size, "/dev/pts/%d", number);
  return terminal;
}

/* Both ways, without one waiting for the other, until one side ends. */
static void relay(int terminal, int held) {
  static char in[4096], out[65536];
  size_t start = 0, end = 0;
  for (;;) {
    struct pollfd ends[2] = {{.fd = STDIN_FILENO, .events = start == end ? POLLIN : 0},
                             {.fd = terminal, .events = POLLIN | (start < end ? POLLOUT : 0)}};
    if (poll(ends, 2, -1) < 0) continue;
    if (ends[1].revents & (POLLIN | POLLHUP)) {
      ssize_t length = read(terminal, out, sizeof out);
      if (length == 0 || (length < 0 && errno != EAGAIN)) return;
      if (length > 0) put_all(STDOUT_FILENO, out, (size_t)length);
      if (held >= 0) close(held); /* the agent has it now: from here on its end is seen */
      held = -1;
    }
    if (ends[1].revents & POLLOUT) {
      ssize_t length = write(terminal, in + start, end - start);
      if (length > 0) start += (size_t)length;
    }
    if (start == end && ends[0].revents != 0) {
      ssize_t length = read(STDIN_FILENO, in, sizeof in);
      if (length <= 0) return;
      start = 0, end = (size_t)length;
    }
  }
}

int main(int argc, char **argv) {
  char path[32];
  int ready[2], go[2];
  if (argc != 2 || pipe2(ready, O_CLOEXEC) != 0 || pipe2(go, O_CLOEXEC) != 0) return 2;
  int terminal = open_terminal(path, sizeof path);
  int held = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC); /* until the agent has it, it is not hung up */
  pid_t child = fork();
  if (child == 0) run_agent((char *[]){argv[1], path, NULL}, go[0], ready[1]);
  close(ready[1]);
  char byte;
  if (read(ready[0], &byte, 1) == 1) {
    map_ids(child);
    if (write(go[1], &byte, 1) != 1) return 4;
  }
  signal(SIGPIPE, SIG_IGN);
  relay(terminal, held);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}
