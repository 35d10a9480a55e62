/* Logs when a process locks, unlocks and writes the files of one SQLite database.
 *
 * Preloaded (LD_PRELOAD) in front of libc. EXCLUSION_PATH names the database, EXCLUSION_LOG the
 * log. A line is one write: process, before the call, after it (CLOCK_MONOTONIC, ns), file, what.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LONGEST 512
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Which file of the database this is: "db", "-wal", "-shm", "-lock"; NULL for any other. */
static const char *file_of(int fd)
{
    static __thread char name[LONGEST];
    char link[64];
    const char *path = getenv("EXCLUSION_PATH");
    ssize_t length;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, name, sizeof name - 1);
    if (!path || length < 0)
        return NULL;
    name[length] = 0;
    if (strncmp(name, path, strlen(path)))
        return NULL;
    return name[strlen(path)] ? name + strlen(path) : "db";
}

static void note(long long before, const char *file, const char *what, long long from, long long many)
{
    static int log = -1;
    char line[LONGEST];
    int length, error = errno;
    long long after = now();
    if (log < 0)
        log = syscall(SYS_openat, AT_FDCWD, getenv("EXCLUSION_LOG"),
                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    length = snprintf(line, sizeof line, "%d %lld %lld %s %s %lld %lld\n", getpid(), before, after,
                      file, what, from, many);
    syscall(SYS_write, log, line, length);
    errno = error;
}

static int locking(__typeof__(&fcntl) real, int fd, int command, void *argument)
{
    struct flock *lock = argument;
    const char *file = command == F_SETLK || command == F_SETLKW ? file_of(fd) : NULL;
    long long before = now();
    int answer = real(fd, command, argument);
    if (file && answer == 0)
        note(before, file,
             lock->l_type == F_WRLCK ? "exclusive" : lock->l_type == F_RDLCK ? "shared" : "free",
             lock->l_start, lock->l_len);
    return answer;
}

int fcntl(int fd, int command, ...)
{
    va_list rest;
    void *argument;
    va_start(rest, command);
    argument = va_arg(rest, void *);
    va_end(rest);
    return locking(REAL(fcntl), fd, command, argument);
}

int fcntl64(int fd, int command, ...)
{
    va_list rest;
    void *argument;
    va_start(rest, command);
    argument = va_arg(rest, void *);
    va_end(rest);
    return locking(REAL(fcntl64), fd, command, argument);
}

int flock(int fd, int operation)
{
    const char *file = file_of(fd);
    long long before = now();
    int answer = REAL(flock)(fd, operation);
    if (file && answer == 0)
        note(before, file, operation & LOCK_UN ? "free" : "exclusive", 0, 0);
    return answer;
}

int close(int fd)
{
    static __thread char name[LONGEST];
    const char *file = file_of(fd);
    long long before = now();
    int answer;
    if (file)
        strncpy(name, file, LONGEST - 1);
    answer = REAL(close)(fd);
    if (file && strcmp(name, "-wal"))
        note(before, name, "free", 0, -1);
    return answer;
}

ssize_t pwrite64(int fd, const void *bytes, size_t many, off64_t from)
{
    const char *file = file_of(fd);
    long long before = now();
    ssize_t answer = REAL(pwrite64)(fd, bytes, many, from);
    if (file && answer > 0)
        note(before, file, "write", from, answer);
    return answer;
}

ssize_t pwrite(int fd, const void *bytes, size_t many, off_t from)
{
    return pwrite64(fd, bytes, many, from);
}

ssize_t write(int fd, const void *bytes, size_t many)
{
    const char *file = file_of(fd);
    long long before = now();
    ssize_t answer = REAL(write)(fd, bytes, many);
    if (file && answer > 0)
        note(before, file, "write", -1, answer);
    return answer;
}
