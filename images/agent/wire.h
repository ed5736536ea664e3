/* The wire between the agent and the host: frames over one raw console.
 * The format is described in src/protocol/agent.ts, the other side of it; a change here is a change there. */
#ifndef VIVARIUM_WIRE_H
#define VIVARIUM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  WIRE_VERSION = 2,
  WIRE_HEADER = 12,
  WIRE_MAX_PAYLOAD = 4084,
  WIRE_MAX_FRAME = WIRE_HEADER + WIRE_MAX_PAYLOAD,
};

enum to_guest {
  TO_GUEST_HELLO = 0x01,
  TO_GUEST_OPEN = 0x02,
  TO_GUEST_DATA = 0x03,
  TO_GUEST_EOF = 0x04,
  TO_GUEST_CREDIT = 0x05,
  TO_GUEST_RESIZE = 0x06,
  TO_GUEST_SIGNAL = 0x07,
  TO_GUEST_CLOSE = 0x08,
  TO_GUEST_REQUEST = 0x09,
  TO_GUEST_OPEN_PART = 0x0a,
};

enum to_host {
  TO_HOST_HELLO = 0x41,
  TO_HOST_OPENED = 0x42,
  TO_HOST_DATA = 0x43,
  TO_HOST_DATA_ERROR = 0x44,
  TO_HOST_CREDIT = 0x45,
  TO_HOST_EXIT = 0x46,
  TO_HOST_REFUSED = 0x47,
  TO_HOST_REPLY_DATA = 0x48,
  TO_HOST_REPLY_END = 0x49,
};

enum verb {
  VERB_STATUS = 1,
  VERB_PROCESSES = 2,
  VERB_SETUP = 3,
  VERB_SIGNAL = 4,
  VERB_OPEN = 5,
  VERB_READ = 6,
  VERB_WRITE = 7,
  VERB_CLOSE = 8,
  VERB_STAT = 9,
};

enum open_how { OPEN_READ = 0, OPEN_WRITE = 1, OPEN_REPLACE = 2 };

enum exit_how { EXIT_HOW_EXITED = 0, EXIT_HOW_SIGNALLED = 1, EXIT_HOW_TIMED_OUT = 2 };

struct frame {
  uint8_t type;
  uint16_t channel;
  uint16_t length;
  const uint8_t *payload;
};

/* Collects bytes until they are a frame. */
struct frame_reader {
  uint8_t bytes[2 * WIRE_MAX_FRAME];
  size_t length;
};

uint32_t wire_crc(const uint8_t *header, const uint8_t *payload, size_t payload_length);

/* Writes a frame's header for `payload` into `header` (WIRE_HEADER bytes). */
void wire_header(uint8_t *header, uint8_t type, uint16_t channel, const uint8_t *payload,
                 uint16_t length);

/* Room for more bytes at the reader's end. */
size_t reader_room(const struct frame_reader *reader);
uint8_t *reader_end(struct frame_reader *reader);

/* Takes the next whole frame out of the reader; bytes that belong to none are skipped.
 * The payload points into the reader and is good until the next call. `*used` must be 0 before the
 * first call after bytes were added, and belongs to this function until it returns false. */
bool reader_next(struct frame_reader *reader, size_t *used, struct frame *frame);

/* Little-endian fields of a payload; a reader that ran over its end stays bad and gives zeros. */
struct cursor {
  const uint8_t *at;
  const uint8_t *end;
  bool bad;
};

uint8_t take_u8(struct cursor *cursor);
uint16_t take_u16(struct cursor *cursor);
uint32_t take_u32(struct cursor *cursor);
/* Copies a string with its length in front to `*arena` and ends it with NUL; NULL when it does not fit. */
char *take_text(struct cursor *cursor, char **arena, const char *arena_end);

void put_u16(uint8_t *to, uint16_t value);
void put_u32(uint8_t *to, uint32_t value);

#endif
