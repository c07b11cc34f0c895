/* Lets the Nth call to the system that concerns files below one folder fail, whoever makes it, SQLite included. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST 1024

static char root[4096];
static size_t length;
static long calls, failing;
static int code;
static const char *met = "";
static char ours[MOST];

void faults_arm(const char *folder, long at, int number) {
    strncpy(root, folder, sizeof root - 1);
    length = strlen(root);
    calls = 0;
    failing = at;
    code = number;
    met = "";
}

long faults_calls(void) { return calls; }

const char *faults_met(void) { return met; }

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("FAULTS_ROOT"), *at = getenv("FAULTS_AT"), *number = getenv("FAULTS_ERRNO");
    if (folder && at && number) faults_arm(folder, atol(at), atoi(number));
}

static int below(const char *path) { return length && path && strncmp(path, root, length) == 0; }

static int is_ours(int fd) { return length && fd >= 0 && fd < MOST && ours[fd]; }

static int fails(const char *name) {
    if (++calls != failing) return 0;
    met = name;
    errno = code;
    return 1;
}

static int opened(const char *path, int fd) {
    if (fd >= 0 && fd < MOST) ours[fd] = (char)below(path);
    return fd;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, int); \
        va_end(rest); \
        if (below(path) && fails("open")) return -1; \
        return opened(path, real(path, flags, mode)); \
    }
OPEN(open)
OPEN(open64)

#define WITH_FD(type, name, told, params, arguments, ...) \
    type name params { \
        REAL(type, name, __VA_ARGS__); \
        if (is_ours(fd) && fails(told)) return -1; \
        return real arguments; \
    }
WITH_FD(ssize_t, write, "write", (int fd, const void *data, size_t size), (fd, data, size), int, const void *, size_t)
WITH_FD(ssize_t, read, "read", (int fd, void *data, size_t size), (fd, data, size), int, void *, size_t)
WITH_FD(ssize_t, pwrite, "write", (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), int, const void *, size_t, off_t)
WITH_FD(ssize_t, pwrite64, "write", (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), int, const void *, size_t, off64_t)
WITH_FD(ssize_t, pread, "read", (int fd, void *data, size_t size, off_t at), (fd, data, size, at), int, void *, size_t, off_t)
WITH_FD(ssize_t, pread64, "read", (int fd, void *data, size_t size, off64_t at), (fd, data, size, at), int, void *, size_t, off64_t)
WITH_FD(int, fsync, "fsync", (int fd), (fd), int)
WITH_FD(int, fdatasync, "fsync", (int fd), (fd), int)
WITH_FD(int, ftruncate, "truncate", (int fd, off_t size), (fd, size), int, off_t)
WITH_FD(int, ftruncate64, "truncate", (int fd, off64_t size), (fd, size), int, off64_t)
WITH_FD(int, fchmod, "chmod", (int fd, mode_t mode), (fd, mode), int, mode_t)

int close(int fd) {
    REAL(int, close, int);
    int failed = is_ours(fd) && fails("close"), done;
    if (fd >= 0 && fd < MOST) ours[fd] = 0;
    done = real(fd);
    if (!failed) return done;
    errno = code;
    return -1;
}

#define WITH_PATH(name, told, params, arguments, ...) \
    int name params { \
        REAL(int, name, __VA_ARGS__); \
        if (below(path) && fails(told)) return -1; \
        return real arguments; \
    }
WITH_PATH(rename, "rename", (const char *path, const char *to), (path, to), const char *, const char *)
WITH_PATH(link, "link", (const char *path, const char *to), (path, to), const char *, const char *)
WITH_PATH(unlink, "unlink", (const char *path), (path), const char *)
WITH_PATH(mkdir, "mkdir", (const char *path, mode_t mode), (path, mode), const char *, mode_t)
WITH_PATH(chmod, "chmod", (const char *path, mode_t mode), (path, mode), const char *, mode_t)

int linkat(int from, const char *path, int there, const char *to, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    if (below(path) && fails("link")) return -1;
    return real(from, path, there, to, flags);
}
