/* Reading and writing files for the host, by a process of its own: it is started with the agent, before
 * memory or processes can run out, and a file that waits for its disk holds up no terminal. */
#ifndef VIVARIUM_FILES_H
#define VIVARIUM_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

/* One packet between the agent and the process: a frame's type and channel, and its payload. */
struct file_packet {
  uint8_t type;
  uint16_t channel;
  uint8_t payload[WIRE_MAX_PAYLOAD];
};
enum { FILE_PACKET_HEAD = offsetof(struct file_packet, payload) };

/* True for the verbs that the process answers. */
bool is_file_verb(uint8_t verb);

/* Starts it; `argument` is the agent's first word on its command line. Returns the agent's end of a pair
 * of packet sockets, non-blocking, or -1. Frames of the host go in as they are; what comes out are
 * frames for the host. At its end of file the process has died. */
int start_file_server(char *argument);

#endif
