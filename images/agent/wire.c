#include "wire.h"

#include <string.h>

enum { MAGIC_0 = 0x56, MAGIC_1 = 0x7e };

/* CRC-32 of IEEE 802.3, four bytes at a time: `tables[k][b]` is what byte b comes to, k bytes later.
 * By single bytes it was a fifth of the instructions that a terminal's output costs. */
static uint32_t tables[4][256];

static void fill_tables(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    tables[0][byte] = crc;
  }
  for (int later = 1; later < 4; later++) {
    for (int byte = 0; byte < 256; byte++) {
      uint32_t crc = tables[later - 1][byte];
      tables[later][byte] = crc >> 8 ^ tables[0][crc & 255];
    }
  }
}

static uint32_t crc_update(uint32_t crc, const uint8_t *bytes, size_t length) {
  if (tables[0][1] == 0) fill_tables();
  for (; length >= 4; bytes += 4, length -= 4) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word); /* both machines that this is built for are little-endian */
    crc ^= word;
    crc = tables[3][crc & 255] ^ tables[2][crc >> 8 & 255] ^ tables[1][crc >> 16 & 255] ^
          tables[0][crc >> 24];
  }
  for (; length > 0; bytes++, length--) crc = crc >> 8 ^ tables[0][(crc ^ *bytes) & 255];
  return crc;
}

uint32_t wire_crc(const uint8_t *header, const uint8_t *payload, size_t payload_length) {
  uint32_t crc = crc_update(0xffffffff, header + 2, 6);
  return ~crc_update(crc, payload, payload_length);
}

void put_u16(uint8_t *to, uint16_t value) {
  to[0] = (uint8_t)value;
  to[1] = (uint8_t)(value >> 8);
}

void put_u32(uint8_t *to, uint32_t value) {
  put_u16(to, (uint16_t)value);
  put_u16(to + 2, (uint16_t)(value >> 16));
}

static uint16_t get_u16(const uint8_t *from) { return (uint16_t)(from[0] | from[1] << 8); }

static uint32_t get_u32(const uint8_t *from) {
  return get_u16(from) | (uint32_t)get_u16(from + 2) << 16;
}

void wire_header(uint8_t *header, uint8_t type, uint16_t channel, const uint8_t *payload,
                 uint16_t length) {
  header[0] = MAGIC_0;
  header[1] = MAGIC_1;
  header[2] = type;
  header[3] = 0;
  put_u16(header + 4, channel);
  put_u16(header + 6, length);
  put_u32(header + 8, wire_crc(header, payload, length));
}

size_t reader_room(const struct frame_reader *reader) {
  return sizeof reader->bytes - reader->length;
}

uint8_t *reader_end(struct frame_reader *reader) { return reader->bytes + reader->length; }

bool reader_next(struct frame_reader *reader, size_t *used, struct frame *frame) {
  size_t at = *used;
  while (at < reader->length) {
    const uint8_t *head = reader->bytes + at;
    size_t left = reader->length - at;
    if (head[0] != MAGIC_0 || (left > 1 && head[1] != MAGIC_1)) {
      at++;
      continue;
    }
    if (left < WIRE_HEADER) break;
    uint16_t length = get_u16(head + 6);
    if (length > WIRE_MAX_PAYLOAD) {
      at++;
      continue;
    }
    if (left < (size_t)WIRE_HEADER + length) break;
    if (get_u32(head + 8) != wire_crc(head, head + WIRE_HEADER, length)) {
      at++;
      continue;
    }
    frame->type = head[2];
    frame->channel = get_u16(head + 4);
    frame->length = length;
    frame->payload = head + WIRE_HEADER;
    *used = at + WIRE_HEADER + length;
    return true;
  }
  reader->length -= at;
  memmove(reader->bytes, reader->bytes + at, reader->length);
  return false;
}

static bool take(struct cursor *cursor, size_t bytes) {
  if (cursor->bad || (size_t)(cursor->end - cursor->at) < bytes) {
    cursor->bad = true;
    return false;
  }
  cursor->at += bytes;
  return true;
}

uint8_t take_u8(struct cursor *cursor) { return take(cursor, 1) ? cursor->at[-1] : 0; }
uint16_t take_u16(struct cursor *cursor) { return take(cursor, 2) ? get_u16(cursor->at - 2) : 0; }
uint32_t take_u32(struct cursor *cursor) { return take(cursor, 4) ? get_u32(cursor->at - 4) : 0; }

char *take_text(struct cursor *cursor, char **arena, const char *arena_end) {
  uint16_t length = take_u16(cursor);
  if ((size_t)(arena_end - *arena) < (size_t)length + 1 || !take(cursor, length)) {
    cursor->bad = true;
    return NULL;
  }
  char *text = *arena;
  memcpy(text, cursor->at - length, length);
  text[length] = '\0';
  *arena += length + 1;
  return text;
}
