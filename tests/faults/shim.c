/* Stands between a program and the C library (LD_PRELOAD).
 *
 * Everything that is done to the files of one folder (FAULTS_FOLDER) is written down, in order, in
 * the file FAULTS_TRACE; and any single one of these calls can be made to fail. The program marks
 * in the same record what it has told to people.
 *
 * A write is recorded before it happens and a flush at both its ends: what is claimed to be on the
 * disk was written before the flush began, whichever process wrote it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 1024
#define NAME 64

static char folder[PATH_MAX];
static size_t folder_length;
static int trace = -1;
static char names[FILES][NAME]; /* by descriptor; "" is none of ours, "/" the folder itself */

/* Kinds of calls, to be added up. */
enum { OPENING = 1, WRITING = 2, FLUSHING = 4, CUTTING = 8, NAMING = 16, READING = 32, MAPPING = 64 };

static _Atomic long calls, first_failing, failing;
static int fault, torn, kinds;

struct record {
  char kind;
  char name[NAME - 1];
  uint64_t offset, length;
} __attribute__((packed));

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FAULTS_FOLDER");
  if (path == NULL || strlen(path) + 2 > sizeof folder) return;
  strcpy(folder, path);
  folder_length = strlen(folder);
  path = getenv("FAULTS_TRACE");
  if (path != NULL)
    trace = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static void note(char kind, const char *name, uint64_t offset, const void *data, uint64_t length) {
  if (trace < 0) return;
  struct record record = {.kind = kind, .offset = offset, .length = length};
  strncpy(record.name, name, sizeof record.name - 1);
  struct iovec parts[2] = {{&record, sizeof record}, {(void *)data, data == NULL ? 0 : length}};
  if (syscall(SYS_writev, trace, parts, 2) < 0) abort();
}

/* ---- for the program itself, by ctypes ---- */

void faults_mark(const void *data, uint64_t length) { note('m', "", 0, data, length); }

/* From the `first`-th call of some `which` kinds after this one, `count` calls fail with `number`;
 * half of a failing write is done all the same if `half`. Another folder may be named. */
void faults_arm(const char *path, int which, long first, long count, int number, int half) {
  strncpy(folder, path, sizeof folder - 1);
  folder_length = strlen(folder);
  kinds = which;
  fault = number;
  torn = half;
  calls = 0;
  first_failing = first;
  failing = count;
}

long faults_calls(void) { return calls; }

static int fails(int kind) {
  if ((kinds & kind) == 0) return 0;
  long number = ++calls;
  if (failing == 0 || number < first_failing || number - first_failing >= failing) return 0;
  errno = fault;
  return 1;
}

/* ---- which files are ours ---- */

static const char *ours(const char *path) {
  if (folder_length == 0 || path == NULL || strncmp(path, folder, folder_length) != 0) return NULL;
  if (path[folder_length] == 0) return "/";
  if (path[folder_length] != '/' || path[folder_length + 1] == 0) return NULL;
  return path + folder_length + 1;
}

static const char *name_of(int fd) {
  return fd >= 0 && fd < FILES && names[fd][0] != 0 ? names[fd] : NULL;
}

static int shared_memory(const char *name) {
  size_t length = strlen(name);
  return length > 4 && strcmp(name + length - 4, "-shm") == 0; /* gone when the power is */
}


static int opened(int at, const char *path, int flags, mode_t mode) {
  const char *name = ours(path);
  int made = 0;
  if (name != NULL) {
    if (fails(OPENING)) return -1;
    made = (flags & O_CREAT) && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0;
  }
  int fd = (int)syscall(SYS_openat, at, path, flags, mode);
  if (fd >= 0 && fd < FILES) {
    names[fd][0] = 0;
    if (name != NULL) strncpy(names[fd], name, NAME - 1);
  }
  if (fd >= 0 && name != NULL && !shared_memory(name)) {
    if (made) note('c', name, 0, NULL, 0);
    if (flags & O_TRUNC) note('t', name, 0, NULL, 0);
  }
  return fd;
}

static mode_t mode_of(int flags, va_list rest) {
  return (flags & (O_CREAT | O_TMPFILE)) ? (mode_t)va_arg(rest, int) : 0;
}

#define OPEN(name)                              \
  int name(const char *path, int flags, ...) {  \
    va_list rest;                               \
    va_start(rest, flags);                      \
    mode_t mode = mode_of(flags, rest);         \
    va_end(rest);                               \
    return opened(AT_FDCWD, path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                   \
  int name(int at, const char *path, int flags, ...) { \
    va_list rest;                                      \
    va_start(rest, flags);                             \
    mode_t mode = mode_of(flags, rest);                \
    va_end(rest);                                      \
    return opened(at, path, flags, mode);              \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
  if (fd >= 0 && fd < FILES) names[fd][0] = 0;
  return (int)syscall(SYS_close, fd);
}

static ssize_t written(int fd, const void *data, size_t length, off_t offset, int placed) {
  const char *name = name_of(fd);
  size_t done = length;
  int failed = 0;
  if (name != NULL) {
    failed = fails(WRITING);
    if (failed && !torn) return -1;
    if (failed) done = length / 2;
    if (!placed) offset = (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
    if (!shared_memory(name)) note('w', name, (uint64_t)offset, data, done);
  }
  ssize_t result = placed ? syscall(SYS_pwrite64, fd, data, done, offset)
                          : syscall(SYS_write, fd, data, done);
  if (!failed) return result;
  errno = fault;
  return -1;
}

ssize_t write(int fd, const void *data, size_t length) { return written(fd, data, length, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  return written(fd, data, length, offset, 1);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  return written(fd, data, length, offset, 1);
}

static ssize_t was_read(int fd, void *data, size_t length, off_t offset) {
  if (name_of(fd) != NULL && fails(READING)) return -1;
  return syscall(SYS_pread64, fd, data, length, offset);
}

ssize_t read(int fd, void *data, size_t length) {
  if (name_of(fd) != NULL && fails(READING)) return -1;
  return syscall(SYS_read, fd, data, length);
}

ssize_t pread(int fd, void *data, size_t length, off_t offset) {
  return was_read(fd, data, length, offset);
}
ssize_t pread64(int fd, void *data, size_t length, off64_t offset) {
  return was_read(fd, data, length, offset);
}

static int cut(int fd, off_t length) {
  const char *name = name_of(fd);
  if (name != NULL) {
    if (fails(CUTTING)) return -1;
    if (!shared_memory(name)) note('t', name, (uint64_t)length, NULL, 0);
  }
  return (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int flushed(int fd) {
  const char *name = name_of(fd);
  if (name == NULL) return (int)syscall(SYS_fsync, fd);
  if (fails(FLUSHING)) return -1;
  note('b', name, (uint64_t)getpid(), NULL, 0);
  int result = (int)syscall(SYS_fsync, fd);
  if (result == 0) note('e', name, (uint64_t)getpid(), NULL, 0);
  return result;
}

int fsync(int fd) { return flushed(fd); }
int fdatasync(int fd) { return flushed(fd); }

int unlink(const char *path) {
  const char *name = ours(path);
  if (name != NULL) {
    if (fails(NAMING)) return -1;
    if (!shared_memory(name)) note('u', name, 0, NULL, 0);
  }
  return (int)syscall(SYS_unlink, path);
}

int rename(const char *from, const char *to) {
  const char *old = ours(from), *fresh = ours(to);
  if (old != NULL && fresh != NULL) {
    if (fails(NAMING)) return -1;
    note('r', old, 0, fresh, strlen(fresh));
  }
  return (int)syscall(SYS_rename, from, to);
}

static void *mapped(void *at, size_t length, int rights, int flags, int fd, off_t offset) {
  if (name_of(fd) != NULL && fails(MAPPING)) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, at, length, rights, flags, fd, offset);
}

void *mmap(void *at, size_t length, int rights, int flags, int fd, off_t offset) {
  return mapped(at, length, rights, flags, fd, offset);
}
void *mmap64(void *at, size_t length, int rights, int flags, int fd, off64_t offset) {
  return mapped(at, length, rights, flags, fd, offset);
}
