#include "guard.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void come_first(int locked) {
  const struct sched_param first = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_RR, &first);
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0) {
    if (write(fd, "-1000", 5) < 0) perror("vivarium-agent: oom_score_adj");
    close(fd);
  }
  mlockall(locked);
}

void become_reachable(void) { come_first(MCL_CURRENT | MCL_FUTURE); }

void take_name(char *argument, const char *name) {
  prctl(PR_SET_NAME, name);
  snprintf(argument, strlen(argument) + 1, "%s", name);
}

static void pause_ms(long ms) {
  const struct timespec time = {.tv_nsec = ms * 1000000};
  nanosleep(&time, NULL);
}

void guard_agent(char *argument) {
  const pid_t guard = getpid();
  come_first(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT); /* it needs few pages of the agent's */
  take_name(argument, "vivarium-guard");
  for (;; pause_ms(20)) {
    pid_t pid = fork();
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL); /* never two: the next guard starts its own */
      if (getppid() != guard) _exit(1);
      take_name(argument, "vivarium-agent");
      return;
    }
    int status;
    /* No process to be had is no reason to end: there may be one in a moment. */
    if (pid < 0 || waitpid(pid, &status, 0) != pid) continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) != START_AGAIN) exit(WEXITSTATUS(status));
  }
}
