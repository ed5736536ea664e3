/* The process table as text, for checks that are made from inside the guest. */
#ifndef VIVARIUM_PROCESSES_H
#define VIVARIUM_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>

/* Gives `line` for every process:
 *
 *   PID PPID STATE UID NSPID[,NSPID…] NS×10 PROC_PIDNS CGROUP COMM
 *
 * NS are the inode numbers of /proc/PID/ns in the order cgroup ipc mnt net pid pid_for_children time
 * time_for_children user uts; PROC_PIDNS is the PID namespace that the process sees at /proc. What
 * could not be read is 0 (CGROUP: -). Kernel threads have 0 throughout, and - for STATE. CGROUP and COMM are escaped
 * as in /proc/PID/status; COMM comes last, since it may contain blanks. */
void list_processes(void (*line)(void *context, const char *text, size_t length), void *context);

#endif
