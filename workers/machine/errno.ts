/** The words of Linux for the reasons that a file or a program is commonly refused for, by number (errno(3), i386). */
const WORDS: Readonly<Record<number, string>> = {
  1: "Operation not permitted",
  2: "No such file or directory",
  3: "No such process",
  5: "Input/output error",
  6: "No such device or address",
  7: "Argument list too long",
  9: "Bad file descriptor",
  11: "Resource temporarily unavailable",
  12: "Cannot allocate memory",
  13: "Permission denied",
  16: "Device or resource busy",
  17: "File exists",
  20: "Not a directory",
  21: "Is a directory",
  22: "Invalid argument",
  23: "Too many open files in system",
  24: "Too many open files",
  26: "Text file busy",
  27: "File too large",
  28: "No space left on device",
  30: "Read-only file system",
  32: "Broken pipe",
  36: "File name too long",
  38: "Function not implemented",
  40: "Too many levels of symbolic links",
  95: "Operation not supported",
};

export function errnoWords(errno: number): string {
  return WORDS[errno] ?? `errno ${errno}`;
}
