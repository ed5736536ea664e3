/* The agent: serves terminals, commands and files to the host over one raw virtio console.
 *
 * Init starts a guard, which starts the agent and, when it is killed, the next one. All the agent's
 * memory is taken at its start, and what it answers by itself needs no fork, so that it stays reachable
 * when the machine is out of memory or of processes. */
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/signalfd.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "guard.h"
#include "processes.h"
#include "session.h"
#include "wire.h"

enum {
  CHANNELS = 62,
  INPUT_WINDOW = 4096, /* bytes that the host may send ahead on one channel */
  QUEUE_SIZE = 16 * WIRE_MAX_FRAME,
  /* Replies and notices may use the last part of the queue; streams leave it free. */
  QUEUE_RESERVE = 4 * WIRE_MAX_FRAME,
  REST_MS = 2, /* less than a screen's frame, and time for a program to write many lines */
};

struct channel {
  uint16_t id; /* 0: free */
  struct session session;
  bool terminal;
  bool input_ended; /* the host has sent EOF: close `in` when the input has been written */
  bool hung_up; /* a terminal's programs have all let go of it */
  bool reaped, timed_out;
  int wait_status;
  uint32_t credit;     /* output that we may still send */
  int64_t deadline_ms; /* 0: none */
  int64_t rest_ms;     /* a terminal is not read before */
  uint16_t input_length;
  uint8_t input[INPUT_WINDOW];
};

static struct channel channels[CHANNELS];
static struct frame_reader reader;
static uint8_t open_parts[65536];
static uint32_t open_length;
static uint16_t open_channel;

static uint8_t queue[QUEUE_SIZE];
static size_t queue_start, queue_length;
static int line_fd;
static int files_fd;

/* ---- to the host ---- */

static size_t queue_room(void) { return sizeof queue - queue_length; }

static void queue_bytes(const uint8_t *bytes, size_t length) {
  size_t at = (queue_start + queue_length) % sizeof queue;
  size_t first = length < sizeof queue - at ? length : sizeof queue - at;
  memcpy(queue + at, bytes, first);
  memcpy(queue, bytes + first, length - first);
  queue_length += length;
}

static void flush_queue(void) {
  while (queue_length > 0) {
    size_t run = sizeof queue - queue_start;
    if (run > queue_length) run = queue_length;
    ssize_t written = write(line_fd, queue + queue_start, run);
    if (written <= 0) return;
    queue_start = (queue_start + (size_t)written) % sizeof queue;
    queue_length -= (size_t)written;
  }
}

static void send_frame(uint8_t type, uint16_t channel, const uint8_t *payload, uint16_t length) {
  uint8_t header[WIRE_HEADER];
  /* A console that takes nothing more is the host's doing; wait for it rather than lose a frame. */
  while (queue_room() < sizeof header + length) {
    struct pollfd line = {.fd = line_fd, .events = POLLOUT};
    poll(&line, 1, 100);
    flush_queue();
  }
  wire_header(header, type, channel, payload, length);
  queue_bytes(header, sizeof header);
  queue_bytes(payload, length);
}

static void send_u32(uint8_t type, uint16_t channel, uint32_t value) {
  uint8_t payload[4];
  put_u32(payload, value);
  send_frame(type, channel, payload, sizeof payload);
}

static void send_hello(uint32_t nonce) {
  uint8_t payload[14];
  put_u16(payload, WIRE_VERSION);
  put_u32(payload + 2, nonce);
  put_u32(payload + 6, (uint32_t)getpid());
  put_u32(payload + 10, INPUT_WINDOW);
  send_frame(TO_HOST_HELLO, 0, payload, sizeof payload);
}

static void refuse(uint16_t id, int reason, const char *text) {
  uint8_t payload[128];
  put_u32(payload, (uint32_t)reason);
  int length = snprintf((char *)payload + 4, sizeof payload - 4, "%s", text);
  send_frame(TO_HOST_REFUSED, id, payload, (uint16_t)(4 + length));
}

/* ---- channels ---- */

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct channel *find_channel(uint16_t id) {
  for (int i = 0; i < CHANNELS; i++) {
    if (channels[i].id == id) return &channels[i];
  }
  return NULL;
}

static void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

/* On a terminal the three are one descriptor, which is held as `out`. */
static void close_input(struct channel *channel) {
  if (!channel->terminal) close_fd(&channel->session.in);
}

static void free_channel(struct channel *channel) {
  close_input(channel);
  close_fd(&channel->session.out);
  close_fd(&channel->session.err);
  memset(channel, 0, sizeof *channel);
}

/* A child that has not run yet has not made the group that it will lead: then it is alone. */
static void kill_session(pid_t pid, int number) {
  if (kill(-pid, number) != 0 && errno == ESRCH) kill(pid, number);
}

/* The host wants no more of it: a terminal hangs up, a command is killed. */
static void close_channel(struct channel *channel) {
  if (!channel->reaped) {
    kill_session(channel->session.pid, channel->terminal ? SIGHUP : SIGKILL);
    if (channel->terminal) kill_session(channel->session.pid, SIGCONT);
  }
  free_channel(channel);
}

static void finish_channel(struct channel *channel) {
  uint8_t payload[2];
  int status = channel->wait_status;
  if (channel->timed_out) {
    payload[0] = EXIT_HOW_TIMED_OUT, payload[1] = SIGKILL;
  } else if (WIFSIGNALED(status)) {
    payload[0] = EXIT_HOW_SIGNALLED, payload[1] = (uint8_t)WTERMSIG(status);
  } else {
    payload[0] = EXIT_HOW_EXITED, payload[1] = (uint8_t)WEXITSTATUS(status);
  }
  send_frame(TO_HOST_EXIT, channel->id, payload, sizeof payload);
  free_channel(channel);
}

static void open_session(uint16_t id) {
  static struct open_spec spec;
  if (id == 0 || find_channel(id) != NULL) return refuse(id, EEXIST, "the channel is in use");
  struct channel *channel = find_channel(0);
  if (channel == NULL) return refuse(id, EMFILE, "all channels are in use");
  if (!parse_open(open_parts, open_length, &spec)) return refuse(id, EINVAL, "malformed request");
  struct session session;
  int reason = start_session(&spec, &session);
  if (reason != 0) return refuse(id, reason, strerror(reason));
  memset(channel, 0, sizeof *channel);
  channel->id = id;
  channel->session = session;
  channel->terminal = spec.terminal;
  channel->credit = spec.credit;
  channel->deadline_ms = spec.timeout_ms == 0 ? 0 : now_ms() + spec.timeout_ms;
  send_u32(TO_HOST_OPENED, id, (uint32_t)session.pid);
}

static void write_input(struct channel *channel) {
  if (channel->input_length > 0) {
    ssize_t written = write(channel->session.in, channel->input, channel->input_length);
    if (written < 0) {
      if (errno == EAGAIN || errno == EINTR) return;
      written = channel->input_length; /* nobody reads any more: what is left has no taker */
    }
    channel->input_length -= (uint16_t)written;
    memmove(channel->input, channel->input + written, channel->input_length);
    send_u32(TO_HOST_CREDIT, channel->id, (uint32_t)written);
  }
  if (channel->input_length == 0 && channel->input_ended) close_input(channel);
}

/* A program that writes line by line would wake us, ahead of itself, for each of them: after a piece of
 * a terminal's output the next is let gather. What a key echoes comes after a rest, and goes at once.
 * Returns false when this stream has ended. */
static bool send_output(struct channel *channel, int fd, uint8_t type) {
  uint8_t bytes[WIRE_MAX_PAYLOAD];
  size_t most = channel->credit < sizeof bytes ? channel->credit : sizeof bytes;
  ssize_t length = read(fd, bytes, most);
  if (length < 0) return errno == EAGAIN || errno == EINTR;
  if (length == 0) return false;
  channel->credit -= (uint32_t)length;
  if (channel->terminal && (size_t)length < most) channel->rest_ms = now_ms() + REST_MS;
  send_frame(type, channel->id, bytes, (uint16_t)length);
  return true;
}

static bool may_send(const struct channel *channel) {
  return channel->credit > 0 && queue_room() > QUEUE_RESERVE;
}

static bool readable(int fd) {
  struct pollfd probe = {.fd = fd, .events = POLLIN};
  return fd >= 0 && poll(&probe, 1, 0) > 0 && (probe.revents & POLLIN) != 0;
}

/* A command that has ended is over when what it wrote has been sent; a process that it left behind
 * may hold its pipes for ever and is not waited for. */
static void settle_channel(struct channel *channel) {
  if (!channel->reaped) return;
  if (channel->hung_up || (!readable(channel->session.out) && !readable(channel->session.err))) {
    finish_channel(channel);
  }
}

static void reap_children(int signals) {
  struct signalfd_siginfo ignored[8];
  while (read(signals, ignored, sizeof ignored) > 0) {
  }
  pid_t pid;
  int status;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    for (int i = 0; i < CHANNELS; i++) {
      if (channels[i].id != 0 && channels[i].session.pid == pid) {
        channels[i].reaped = true;
        channels[i].wait_status = status;
      }
    }
  }
}

/* ---- requests that need no fork ---- */

struct reply {
  uint16_t channel;
  uint16_t length;
  uint8_t bytes[WIRE_MAX_PAYLOAD];
};

static void reply_add(void *context, const char *text, size_t length) {
  struct reply *reply = context;
  if (reply->length + length > sizeof reply->bytes) {
    send_frame(TO_HOST_REPLY_DATA, reply->channel, reply->bytes, reply->length);
    reply->length = 0;
  }
  memcpy(reply->bytes + reply->length, text, length);
  reply->length += (uint16_t)length;
}

static int set_up(struct cursor *cursor) {
  static char text[512];
  char *free_at = text;
  struct timespec now = {.tv_sec = (time_t)take_u32(cursor)};
  now.tv_nsec = (long)take_u32(cursor) * 1000;
  const char *host_name = take_text(cursor, &free_at, text + sizeof text);
  struct {
    struct rand_pool_info info;
    uint32_t words[16];
  } pool = {0};
  uint16_t entropy = take_u16(cursor);
  if (entropy > sizeof pool.words) return EINVAL;
  for (uint16_t i = 0; i < entropy; i++) ((uint8_t *)pool.words)[i] = take_u8(cursor);
  if (cursor->bad) return EINVAL;

  if (clock_settime(CLOCK_REALTIME, &now) != 0) return errno;
  if (*host_name != '\0' && sethostname(host_name, strlen(host_name)) != 0) return errno;
  if (entropy == 0) return 0;
  int random = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
  if (random < 0) return errno;
  pool.info.buf_size = entropy;
  pool.info.entropy_count = entropy * 8;
  int failed = ioctl(random, RNDADDENTROPY, &pool) != 0 || ioctl(random, RNDRESEEDCRNG) != 0;
  int reason = errno;
  close(random);
  return failed ? reason : 0;
}

static int send_signal(struct cursor *cursor) {
  pid_t pid = (pid_t)take_u32(cursor); /* below 0: a process group, as in kill(2) */
  int number = take_u8(cursor);
  if (cursor->bad || pid == 0 || pid == -1) return EINVAL;
  return kill(pid, number) != 0 ? errno : 0;
}

/* Returns 0, or why the file server cannot take it: it is never waited for. */
static int pass_on(uint8_t type, uint16_t channel, const uint8_t *payload, uint16_t length) {
  static struct file_packet packet;
  packet.type = type;
  packet.channel = channel;
  if (length > 0) memcpy(packet.payload, payload, length);
  return send(files_fd, &packet, FILE_PACKET_HEAD + length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

static void answer(uint16_t channel, const uint8_t *payload, uint16_t length) {
  static struct reply reply;
  struct cursor cursor = {payload, payload + length, false};
  reply.channel = channel;
  reply.length = 0;
  int reason = 0;
  if (length > 0 && is_file_verb(payload[0])) {
    reason = pass_on(TO_GUEST_REQUEST, channel, payload, length);
    if (reason != 0) send_u32(TO_HOST_REPLY_END, channel, (uint32_t)reason);
    return;
  }
  switch (take_u8(&cursor)) {
    case VERB_STATUS: {
      struct sysinfo info;
      char text[128];
      sysinfo(&info);
      int written = snprintf(text, sizeof text, "%ld %lu.%02lu %lu %u\n", info.uptime,
                             info.loads[0] >> 16, (info.loads[0] & 0xffff) * 100 >> 16,
                             info.freeram, info.procs);
      reply_add(&reply, text, (size_t)written);
      break;
    }
    case VERB_PROCESSES:
      list_processes(reply_add, &reply);
      break;
    case VERB_SETUP:
      reason = set_up(&cursor);
      break;
    case VERB_SIGNAL:
      reason = send_signal(&cursor);
      break;
    default:
      reason = ENOSYS;
  }
  if (reply.length > 0) send_frame(TO_HOST_REPLY_DATA, channel, reply.bytes, reply.length);
  send_u32(TO_HOST_REPLY_END, channel, (uint32_t)reason);
}

/* ---- from the host ---- */

static void take_open_part(const struct frame *frame) {
  if (frame->channel != open_channel) open_length = 0;
  open_channel = frame->channel;
  if (open_length + frame->length > sizeof open_parts) {
    open_length = sizeof open_parts + 1; /* too long: the `open` will be refused as malformed */
    return;
  }
  memcpy(open_parts + open_length, frame->payload, frame->length);
  open_length += frame->length;
}

static void signal_channel(const struct channel *channel, int number) {
  pid_t group = 0;
  if (channel->terminal && ioctl(channel->session.out, TIOCGPGRP, &group) == 0 && group > 0) {
    kill(-group, number);
  } else if (!channel->reaped) {
    kill_session(channel->session.pid, number);
  }
}

static void take_channel_frame(const struct frame *frame, struct cursor *cursor) {
  struct channel *channel = frame->channel != 0 ? find_channel(frame->channel) : NULL;
  if (channel == NULL) return; /* it ended while the host was writing */
  switch (frame->type) {
    case TO_GUEST_DATA: {
      size_t room = sizeof channel->input - channel->input_length;
      size_t length = frame->length < room ? frame->length : room; /* more is beyond our grant */
      if (channel->input_ended) break;
      memcpy(channel->input + channel->input_length, frame->payload, length);
      channel->input_length += (uint16_t)length;
      write_input(channel);
      break;
    }
    case TO_GUEST_EOF:
      channel->input_ended = true;
      write_input(channel);
      break;
    case TO_GUEST_CREDIT: {
      uint32_t more = take_u32(cursor);
      channel->credit = channel->credit + more < more ? UINT32_MAX : channel->credit + more;
      break;
    }
    case TO_GUEST_RESIZE: {
      struct winsize size = {0};
      size.ws_col = take_u16(cursor);
      size.ws_row = take_u16(cursor);
      if (channel->terminal && !cursor->bad) ioctl(channel->session.out, TIOCSWINSZ, &size);
      break;
    }
    case TO_GUEST_SIGNAL:
      signal_channel(channel, take_u8(cursor));
      break;
    case TO_GUEST_CLOSE:
      close_channel(channel);
      break;
    default:
      break; /* a newer host's frame: the handshake told it our version */
  }
}

static void take_frame(const struct frame *frame) {
  struct cursor cursor = {frame->payload, frame->payload + frame->length, false};
  switch (frame->type) {
    case TO_GUEST_HELLO:
      take_u16(&cursor);
      for (int i = 0; i < CHANNELS; i++) {
        if (channels[i].id != 0) close_channel(&channels[i]);
      }
      pass_on(TO_GUEST_HELLO, 0, NULL, 0);
      send_hello(take_u32(&cursor));
      break;
    case TO_GUEST_OPEN_PART:
      take_open_part(frame);
      break;
    case TO_GUEST_OPEN:
      take_open_part(frame);
      if (open_length > sizeof open_parts) open_length = 0;
      open_session(frame->channel);
      open_length = 0;
      break;
    case TO_GUEST_REQUEST:
      answer(frame->channel, frame->payload, frame->length);
      break;
    default:
      take_channel_frame(frame, &cursor);
  }
}

static void read_line(void) {
  size_t used = 0;
  struct frame frame;
  ssize_t length = read(line_fd, reader_end(&reader), reader_room(&reader));
  if (length <= 0) return;
  reader.length += (size_t)length;
  while (reader_next(&reader, &used, &frame)) take_frame(&frame);
}

/* A packet for each frame; none is taken that there is no room for. */
static void read_files(void) {
  static struct file_packet packet;
  while (queue_room() > QUEUE_RESERVE) {
    ssize_t length = recv(files_fd, &packet, sizeof packet, MSG_DONTWAIT);
    if (length < 0) return;
    if (length < (ssize_t)FILE_PACKET_HEAD) exit(START_AGAIN); /* it has died */
    send_frame(packet.type, packet.channel, packet.payload, (uint16_t)((size_t)length - FILE_PACKET_HEAD));
  }
}

/* ---- life ---- */

static int open_line(const char *path) {
  int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return -1;
  struct termios modes;
  if (tcgetattr(fd, &modes) == 0) {
    cfmakeraw(&modes);
    tcsetattr(fd, TCSANOW, &modes);
  }
  return fd;
}

static int sooner(int a, int64_t b) { return a >= 0 && a < b ? a : b > INT32_MAX ? INT32_MAX : (int)b; }

/* Kills what is over its time; returns the milliseconds until the next deadline, or -1. */
static int enforce_deadlines(int64_t now) {
  int next = -1;
  for (int i = 0; i < CHANNELS; i++) {
    struct channel *channel = &channels[i];
    if (channel->id == 0 || channel->deadline_ms == 0 || channel->reaped) continue;
    int64_t left = channel->deadline_ms - now;
    if (left <= 0) {
      channel->timed_out = true;
      channel->deadline_ms = 0;
      kill_session(channel->session.pid, SIGKILL);
    } else {
      next = sooner(next, left);
    }
  }
  return next;
}

enum { STREAMS = 3, FIXED = 3 }; /* in, out, err of each channel; the line, the signals, the files */

static void serve(int signals) {
  static struct pollfd polled[FIXED + STREAMS * CHANNELS];
  static struct {
    struct channel *channel;
    int *fd;
  } owners[FIXED + STREAMS * CHANNELS];

  for (;;) {
    int count = FIXED;
    const int64_t now = now_ms();
    int wait = enforce_deadlines(now);
    polled[0] = (struct pollfd){.fd = line_fd, .events = POLLIN};
    if (queue_length > 0) polled[0].events |= POLLOUT;
    polled[1] = (struct pollfd){.fd = signals, .events = POLLIN};
    polled[2] = (struct pollfd){.fd = files_fd, .events = queue_room() > QUEUE_RESERVE ? POLLIN : 0};
    for (int i = 0; i < CHANNELS; i++) {
      struct channel *channel = &channels[i];
      struct session *session = &channel->session;
      if (channel->id == 0) continue;
      if (channel->input_length > 0 && session->in >= 0) {
        owners[count].channel = channel, owners[count].fd = &session->in;
        polled[count++] = (struct pollfd){.fd = session->in, .events = POLLOUT};
      }
      if (!may_send(channel)) continue;
      if (channel->rest_ms > now) {
        wait = sooner(wait, channel->rest_ms - now);
        continue;
      }
      for (int *fd = &session->out; fd != NULL; fd = fd == &session->out ? &session->err : NULL) {
        if (*fd < 0 || channel->hung_up) continue;
        owners[count].channel = channel, owners[count].fd = fd;
        polled[count++] = (struct pollfd){.fd = *fd, .events = POLLIN};
      }
    }

    if (poll(polled, (nfds_t)count, wait) < 0 && errno != EINTR) continue;

    for (int i = FIXED; i < count; i++) {
      struct channel *channel = owners[i].channel;
      struct session *session = &channel->session;
      if (polled[i].revents == 0) continue;
      if (polled[i].events == POLLOUT) {
        write_input(channel);
      } else if (may_send(channel)) {
        uint8_t type = owners[i].fd == &session->err ? TO_HOST_DATA_ERROR : TO_HOST_DATA;
        if (!send_output(channel, *owners[i].fd, type)) {
          /* Closing a terminal under a program that is just exiting would turn its exit code into a
           * hangup; it is closed when the program has been reaped. */
          if (channel->terminal) channel->hung_up = true;
          else close_fd(owners[i].fd);
        }
      }
    }
    if (polled[1].revents != 0) reap_children(signals);
    for (int i = 0; i < CHANNELS; i++) {
      if (channels[i].id != 0) settle_channel(&channels[i]);
    }
    if (polled[2].revents != 0) read_files();
    if (polled[0].revents & POLLIN) read_line();
    flush_queue();
  }
}

int main(int argc, char **argv) {
  guard_agent(argv[0]);
  const char *path = argc > 1 ? argv[1] : "/dev/hvc0";
  line_fd = open_line(path);
  if (line_fd < 0) {
    fprintf(stderr, "%s: %s: %s\n", argv[0], path, strerror(errno));
    return 1;
  }
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, NULL);
  signal(SIGPIPE, SIG_IGN);
  int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) {
    perror("vivarium-agent: signalfd");
    return 1;
  }
  become_reachable();
  files_fd = start_file_server(argv[0]);
  if (files_fd < 0) {
    perror("vivarium-agent: file server");
    return 1;
  }
  send_hello(0); /* also tells the host that an earlier agent and its channels are gone */
  flush_queue();
  serve(signals);
}
