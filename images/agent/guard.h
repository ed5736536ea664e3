/* The process that keeps an agent running, and what both do to stay reachable. */
#ifndef VIVARIUM_GUARD_H
#define VIVARIUM_GUARD_H

/* Exit status of an agent that wants a successor; after any other one, the next would fail as it did. */
enum { START_AGAIN = 2 };

/* Returns in the agent: in a child of the caller, and in the next one when that has been killed.
 * The caller becomes the guard; it ends when an agent gives up, with that agent's exit status.
 * BusyBox's init waits for a second before it starts anything again, and a terminal should not be
 * gone for that long. `argument` is the program's first word on its command line. */
void guard_agent(char *argument);

/* Real-time priority, never chosen by the OOM killer, and all memory taken now. */
void become_reachable(void);

/* What ps shows of this process, by command and by command line. */
void take_name(char *argument, const char *name);

#endif
