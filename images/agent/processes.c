#include "processes.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const NAMESPACES[] = {
    "cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children",
    "user", "uts",
};
enum { NAMESPACE_COUNT = sizeof NAMESPACES / sizeof NAMESPACES[0], KTHREADD = 2 };

static ssize_t read_text(int dir, const char *path, char *text, size_t size) {
  int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = read(fd, text, size - 1);
  close(fd);
  text[length > 0 ? length : 0] = '\0';
  return length;
}

/* The number in "pid:[4026531836]"; 0 when the link cannot be read. */
static unsigned long namespace_inode(int dir, const char *path) {
  char target[64];
  ssize_t length = readlinkat(dir, path, target, sizeof target - 1);
  if (length <= 0) return 0;
  target[length] = '\0';
  const char *bracket = strchr(target, '[');
  return bracket != NULL ? strtoul(bracket + 1, NULL, 10) : 0;
}

/* The value of a line "Name:\tvalue" of /proc/PID/status, ended with NUL in place. */
static char *field(char *status, const char *name) {
  char *at = strstr(status, name);
  if (at == NULL) return NULL;
  at += strlen(name);
  at += strspn(at, "\t ");
  at[strcspn(at, "\n")] = '\0';
  return at;
}

/* Kernel threads are most of the table and change least; writing their status is most of its cost. A
 * thread that was seen to be the kernel's is known again by its number, as long as it has no program:
 * /proc/PID/exe cannot be read then, and a process that got the number later has one. */
enum { REMEMBERED = 256 };
static int kernel_threads[REMEMBERED];

static size_t describe_kernel_thread(int proc, const char *name, char *out, size_t size) {
  char path[32], text[64];
  snprintf(path, sizeof path, "%s/exe", name);
  if (readlinkat(proc, path, text, sizeof text) >= 0) return 0;
  snprintf(path, sizeof path, "%s/comm", name);
  if (read_text(proc, path, text, sizeof text) <= 0) return 0;
  text[strcspn(text, "\n")] = '\0';
  return (size_t)snprintf(out, size, "%s %d - 0 %s 0 0 0 0 0 0 0 0 0 0 0 - %s\n", name,
                          atoi(name) == KTHREADD ? 0 : KTHREADD, name, text);
}

static size_t describe(int proc, const char *name, char *out, size_t size) {
  int *remembered = &kernel_threads[atoi(name) % REMEMBERED];
  if (*remembered == atoi(name)) {
    size_t known = describe_kernel_thread(proc, name, out, size);
    if (known > 0) return known;
    *remembered = 0;
  }
  int dir = openat(proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return 0;
  size_t length = 0;
  static char status[4096];
  if (read_text(dir, "status", status, sizeof status) <= 0) goto done;

  /* From the end of the file to its start: each field ends the text before it. */
  char *nspid = field(status, "\nNSpid:");
  char *uid = field(status, "\nUid:");
  char *ppid = field(status, "\nPPid:");
  char *state = field(status, "\nState:");
  char *comm = field(status, "Name:");
  if (nspid == NULL || uid == NULL || ppid == NULL || state == NULL || comm == NULL) goto done;
  for (char *tab = nspid; (tab = strchr(tab, '\t')) != NULL;) *tab = ',';

  if (atoi(name) == KTHREADD || atoi(ppid) == KTHREADD) {
    *remembered = atoi(name);
    length = describe_kernel_thread(proc, name, out, size);
    goto done;
  }
  length = (size_t)snprintf(out, size, "%s %s %c %lu %s", name, ppid, *state,
                            strtoul(uid, NULL, 10), nspid);
  for (int i = 0; i < NAMESPACE_COUNT; i++) {
    char path[32];
    snprintf(path, sizeof path, "ns/%s", NAMESPACES[i]);
    length += (size_t)snprintf(out + length, size - length, " %lu",
                               namespace_inode(dir, path));
  }
  /* PID 1 of a proc mount lives in the PID namespace that the mount shows. */
  length += (size_t)snprintf(out + length, size - length, " %lu",
                             namespace_inode(dir, "root/proc/1/ns/pid"));
  char cgroup[512] = "";
  read_text(dir, "cgroup", cgroup, sizeof cgroup);
  const char *path = strncmp(cgroup, "0::", 3) == 0 ? cgroup + 3 : "-";
  length += (size_t)snprintf(out + length, size - length, " ");
  for (; *path != '\0' && *path != '\n' && length + 5 < size; path++) {
    if (isspace((unsigned char)*path)) {
      length += (size_t)snprintf(out + length, size - length, "\\%03o", (unsigned char)*path);
    } else {
      out[length++] = *path;
    }
  }
  int rest = snprintf(out + length, size - length, " %s\n", comm);
  length = (size_t)rest < size - length ? length + (size_t)rest : 0;
done:
  close(dir);
  return length;
}

void list_processes(void (*line)(void *context, const char *text, size_t length), void *context) {
  DIR *proc = opendir("/proc");
  if (proc == NULL) return;
  const struct dirent *entry;
  static char text[2048];
  while ((entry = readdir(proc)) != NULL) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    size_t length = describe(dirfd(proc), entry->d_name, text, sizeof text);
    if (length > 0) line(context, text, length);
  }
  closedir(proc);
}
