#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard.h"

enum {
  HANDLES = 16,
  MOST_AT_ONCE = 65536, /* bytes of one READ */
  STAT_SIZE = 40,
};

/* What is opened, by number less one. */
static int handles[HANDLES];
static char path_space[4097]; /* PATH_MAX and its NUL */
static int line;

static void send_packet(uint8_t type, uint16_t channel, const uint8_t *payload, size_t length) {
  static struct file_packet packet;
  packet.type = type;
  packet.channel = channel;
  memcpy(packet.payload, payload, length);
  /* Blocks while the agent has no room: so fast goes a file, and no faster. */
  while (send(line, &packet, FILE_PACKET_HEAD + length, 0) < 0 && errno == EINTR) {
  }
}

static void put_u64(uint8_t *to, uint64_t value) {
  put_u32(to, (uint32_t)value);
  put_u32(to + 4, (uint32_t)(value >> 32));
}

static uint64_t take_u64(struct cursor *cursor) {
  uint64_t low = take_u32(cursor);
  return low | (uint64_t)take_u32(cursor) << 32;
}

static const char *take_path(struct cursor *cursor) {
  char *free_at = path_space;
  return take_text(cursor, &free_at, path_space + sizeof path_space);
}

/* Mode, links, user, group, size, inode, modification time in seconds and nanoseconds. */
static void put_stat(uint8_t *to, const struct stat *stat) {
  put_u32(to, stat->st_mode);
  put_u32(to + 4, (uint32_t)stat->st_nlink);
  put_u32(to + 8, stat->st_uid);
  put_u32(to + 12, stat->st_gid);
  put_u64(to + 16, (uint64_t)stat->st_size);
  put_u64(to + 24, (uint64_t)stat->st_ino);
  put_u32(to + 32, (uint32_t)stat->st_mtim.tv_sec);
  put_u32(to + 36, (uint32_t)stat->st_mtim.tv_nsec);
}

static int *handle_of(struct cursor *cursor) {
  uint16_t number = take_u16(cursor);
  return number == 0 || number > HANDLES || handles[number - 1] < 0 ? NULL : &handles[number - 1];
}

static int answer_open(uint16_t channel, struct cursor *cursor) {
  const char *path = take_path(cursor);
  uint8_t how = take_u8(cursor);
  mode_t mode = take_u16(cursor);
  uid_t user = take_u32(cursor);
  gid_t group = take_u32(cursor);
  if (cursor->bad) return EINVAL;
  int free_handle = 0;
  while (free_handle < HANDLES && handles[free_handle] >= 0) free_handle++;
  if (free_handle == HANDLES) return EMFILE;

  /* Never waits for the other end of a pipe. */
  int flags = O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  bool made = false;
  int fd = -1;
  if (how == OPEN_READ) {
    fd = open(path, flags | O_RDONLY);
  } else if (how == OPEN_WRITE) {
    fd = open(path, flags | O_WRONLY);
  } else if (how == OPEN_REPLACE) {
    fd = open(path, flags | O_WRONLY | O_CREAT | O_EXCL, 0600);
    made = fd >= 0;
    if (!made && errno == EEXIST) fd = open(path, flags | O_WRONLY | O_TRUNC);
  } else {
    return EINVAL;
  }
  if (fd < 0) return errno;
  struct stat stat;
  /* A new file is the given user's from its first moment with content. */
  if ((made && (fchown(fd, user, group) != 0 || fchmod(fd, mode & 07777) != 0)) || fstat(fd, &stat) != 0) {
    int reason = errno;
    close(fd);
    if (made) unlink(path);
    return reason;
  }
  handles[free_handle] = fd;
  uint8_t reply[2 + STAT_SIZE];
  put_u16(reply, (uint16_t)(free_handle + 1));
  put_stat(reply + 2, &stat);
  send_packet(TO_HOST_REPLY_DATA, channel, reply, sizeof reply);
  return 0;
}

static int answer_read(uint16_t channel, struct cursor *cursor) {
  const int *handle = handle_of(cursor);
  uint64_t offset = take_u64(cursor);
  uint32_t left = take_u32(cursor);
  if (cursor->bad || handle == NULL || left > MOST_AT_ONCE) return handle == NULL ? EBADF : EINVAL;
  static uint8_t bytes[WIRE_MAX_PAYLOAD];
  bool sequential = false; /* a pipe or a device has no offsets */
  while (left > 0) {
    size_t want = left < sizeof bytes ? left : sizeof bytes;
    ssize_t length = sequential ? read(*handle, bytes, want) : pread(*handle, bytes, want, (off_t)offset);
    if (length < 0 && errno == ESPIPE && !sequential) {
      sequential = true;
      continue;
    }
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return errno;
    if (length == 0) return 0;
    send_packet(TO_HOST_REPLY_DATA, channel, bytes, (size_t)length);
    offset += (uint64_t)length;
    left -= (uint32_t)length;
  }
  return 0;
}

static int answer_write(struct cursor *cursor) {
  const int *handle = handle_of(cursor);
  uint64_t offset = take_u64(cursor);
  if (cursor->bad || handle == NULL) return handle == NULL ? EBADF : EINVAL;
  while (cursor->at < cursor->end) {
    size_t left = (size_t)(cursor->end - cursor->at);
    ssize_t length = pwrite(*handle, cursor->at, left, (off_t)offset);
    if (length < 0 && errno == ESPIPE) length = write(*handle, cursor->at, left);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return errno;
    cursor->at += length;
    offset += (uint64_t)length;
  }
  return 0;
}

static int answer_close(struct cursor *cursor) {
  int *handle = handle_of(cursor);
  if (handle == NULL) return EBADF;
  int reason = close(*handle) != 0 ? errno : 0;
  *handle = -1;
  return reason;
}

static int answer_stat(uint16_t channel, struct cursor *cursor) {
  const char *path = take_path(cursor);
  bool follow = take_u8(cursor) != 0;
  if (cursor->bad) return EINVAL;
  struct stat stat;
  if (fstatat(AT_FDCWD, path, &stat, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) return errno;
  uint8_t reply[STAT_SIZE];
  put_stat(reply, &stat);
  send_packet(TO_HOST_REPLY_DATA, channel, reply, sizeof reply);
  return 0;
}

static void close_all(void) {
  for (int i = 0; i < HANDLES; i++) {
    if (handles[i] >= 0) close(handles[i]);
    handles[i] = -1;
  }
}

static void answer(const struct file_packet *packet, size_t length) {
  /* A host that introduces itself knows of nothing that was open. */
  if (packet->type == TO_GUEST_HELLO) return close_all();
  struct cursor cursor = {packet->payload, packet->payload + length, false};
  int reason;
  switch (take_u8(&cursor)) {
    case VERB_OPEN: reason = answer_open(packet->channel, &cursor); break;
    case VERB_READ: reason = answer_read(packet->channel, &cursor); break;
    case VERB_WRITE: reason = answer_write(&cursor); break;
    case VERB_CLOSE: reason = answer_close(&cursor); break;
    case VERB_STAT: reason = answer_stat(packet->channel, &cursor); break;
    default: reason = ENOSYS;
  }
  uint8_t end[4];
  put_u32(end, (uint32_t)reason);
  send_packet(TO_HOST_REPLY_END, packet->channel, end, sizeof end);
}

bool is_file_verb(uint8_t verb) { return verb >= VERB_OPEN && verb <= VERB_STAT; }

int start_file_server(char *argument) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  pid_t agent = getpid();
  pid_t pid = fork();
  if (pid != 0) {
    close(ends[1]);
    if (pid > 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0) return ends[0];
    close(ends[0]);
    return -1;
  }
  close(ends[0]);
  line = ends[1];
  take_name(argument, "vivarium-files");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != agent) _exit(1); /* it died before that was set */
  umask(0);
  for (int i = 0; i < HANDLES; i++) handles[i] = -1;
  /* Its code stays in memory with the agent's, which is locked; what it writes to is taken now. */
  static struct file_packet packet;
  memset(&packet, 0, sizeof packet);
  memset(path_space, 0, sizeof path_space);
  for (;;) {
    ssize_t length = recv(line, &packet, sizeof packet, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length <= FILE_PACKET_HEAD - 1) _exit(1); /* the agent is gone */
    answer(&packet, (size_t)length - FILE_PACKET_HEAD);
  }
}
