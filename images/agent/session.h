/* Starting programs: a child on a terminal, or on three pipes. */
#ifndef VIVARIUM_SESSION_H
#define VIVARIUM_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { MAX_ARGUMENTS = 1024, MAX_VARIABLES = 256 };

struct open_spec {
  bool terminal;
  uint16_t cols, rows;
  uint32_t timeout_ms; /* 0: none */
  uint32_t credit;
  const char *user;
  const char *cwd; /* empty: home */
  char *argv[MAX_ARGUMENTS + 1]; /* none: a login shell */
  char *env[MAX_VARIABLES + 1];
};

struct session {
  pid_t pid; /* also its process group and session */
  int in;    /* write here; on a terminal the same as `out` */
  int out;
  int err; /* -1 on a terminal */
};

/* Parses the payload of an `open`; the strings point into memory that stays until the next call. */
bool parse_open(const uint8_t *payload, uint32_t length, struct open_spec *spec);

/* Starts it. Returns 0, or the errno that made it impossible; nothing is left open then. */
int start_session(const struct open_spec *spec, struct session *session);

#endif
