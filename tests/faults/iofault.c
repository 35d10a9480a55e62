/* A disk that keeps a log of what a process does to the files of one folder, and fails when asked.
 *
 * Preloaded (LD_PRELOAD) in front of libc, so that the process, its sqlite3 and our package are the
 * ones that people run. iofault.py builds it, tells it what to do and reads its log.
 *
 * Kinds of operations: o an open that creates, w write, t truncate, s sync, d unlink, m rename,
 * D sync of the folder, x a sync of a file that failed; r read and l lock are never logged, but can
 * fail as well.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 1024
#define LONGEST 512

enum fault { NONE, FAIL, SHORT, HALF_THEN_DIE };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char names[MOST_FILES][LONGEST];
static char folder[LONGEST];
static int log_file = -1;
static int lying;

static char kinds[16];
static char mode;
static long at, counted;
static int error_number;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* What the tests call. */

void iofault_watch(const char *path, const char *log)
{
    strncpy(folder, path, LONGEST - 1);
    log_file = *log ? REAL(open64)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
}

/* Let the n-th operation of these kinds fail: e once, E from then on, p every n-th, s write half,
 * k die before, K write half and die, - only count. */
void iofault_arm(const char *of, long nth, char how, int number)
{
    strncpy(kinds, of, sizeof kinds - 1);
    at = nth;
    mode = how;
    error_number = number;
    counted = 0;
}

void iofault_lie(int yes) { lying = yes; }

long iofault_counted(void) { return counted; }

/* What is watched, noted and failed. */

static int is_watched(const char *path)
{
    size_t length = strlen(folder);
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static int is_notebook(const char *path)
{
    size_t length = strlen(path);
    return length > 6 && !strcmp(path + length - 6, ".notes");
}

static const char *name_of(int fd)
{
    return fd >= 0 && fd < MOST_FILES && *names[fd] ? names[fd] : NULL;
}

static void record(char kind, const char *path, const char *other, uint64_t number,
                   const void *content, size_t size)
{
    struct __attribute__((packed)) {
        char kind;
        uint16_t path, other;
        uint64_t number;
        uint32_t size;
    } head = {kind, strlen(path), strlen(other), number, size};
    struct iovec parts[] = {{&head, sizeof head}, {(char *)path, head.path},
                            {(char *)other, head.other}, {(void *)content, size}};

    if (log_file < 0)
        return;
    pthread_mutex_lock(&turn);
    if (writev(log_file, parts, 4) < 0)
        abort();
    pthread_mutex_unlock(&turn);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    pause();
}

static enum fault fault(char kind, const char *path)
{
    if (!mode || is_notebook(path) || !strchr(kinds, kind))
        return NONE;
    long nth = __sync_add_and_fetch(&counted, 1);
    if (mode == '-' || nth < at || (nth > at && mode != 'E' && mode != 'p'))
        return NONE;
    if (mode == 'p' && nth % at)
        return NONE;
    if (mode == 'k' || (mode == 'K' && kind != 'w'))
        die();
    if (mode == 's')
        return kind == 'w' ? SHORT : NONE;
    if (mode == 'K')
        return HALF_THEN_DIE;
    errno = error_number;
    return FAIL;
}

/* What stands in front of libc. */

static int opened(const char *path, int flags, mode_t rights)
{
    int watched = is_watched(path);
    int creates = watched && (flags & O_CREAT) && access(path, F_OK);

    if (creates && fault('o', path) == FAIL)
        return -1;
    int fd = REAL(open64)(path, flags, rights);
    if (fd < 0 || fd >= MOST_FILES || !watched)
        return fd;
    strncpy(names[fd], path, LONGEST - 1);
    if (creates)
        record('o', path, "", 0, NULL, 0);
    return fd;
}

static mode_t rights_in(int flags, va_list rest)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode_t rights = rights_in(flags, rest);                                                    \
        va_end(rest);                                                                              \
        return opened(path, flags, rights);                                                        \
    }
OPEN(open)
OPEN(open64)

int close(int fd)
{
    if (name_of(fd))
        *names[fd] = 0;
    return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *content, size_t size, off64_t offset)
{
    const char *path = name_of(fd);
    if (!path)
        return REAL(pwrite64)(fd, content, size, offset);

    enum fault wrong = fault('w', path);
    if (wrong == FAIL)
        return -1;
    if (wrong != NONE && size > 1)
        size /= 2;
    record('w', path, "", offset, content, size);
    ssize_t written = REAL(pwrite64)(fd, content, size, offset);
    if (wrong == HALF_THEN_DIE)
        die();
    return written;
}

ssize_t pwrite(int fd, const void *content, size_t size, off_t offset)
{
    return pwrite64(fd, content, size, offset);
}

ssize_t write(int fd, const void *content, size_t size)
{
    const char *path = name_of(fd);
    if (!path)
        return REAL(write)(fd, content, size);
    if (!is_notebook(path)) {
        ssize_t written = pwrite64(fd, content, size, lseek64(fd, 0, SEEK_CUR));
        if (written > 0)
            lseek64(fd, written, SEEK_CUR);
        return written;
    }
    record('w', path, "", 0, content, size);
    return REAL(write)(fd, content, size);
}

int ftruncate64(int fd, off64_t size)
{
    const char *path = name_of(fd);
    if (path && fault('t', path) == FAIL)
        return -1;
    if (path)
        record('t', path, "", size, NULL, 0);
    return REAL(ftruncate64)(fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd, int (*really)(int))
{
    const char *path = name_of(fd);
    if (!path)
        return really(fd);
    int is_file = strcmp(path, folder);
    if (fault(is_file ? 's' : 'D', path) == FAIL) {
        if (is_file)
            record('x', path, "", 0, NULL, 0);
        errno = error_number;
        return -1;
    }
    if (lying)
        return 0;
    int result = really(fd);
    record(is_file ? 's' : 'D', path, "", 0, NULL, 0);
    return result;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

int unlink(const char *path)
{
    int watched = is_watched(path);
    if (watched && !access(path, F_OK) && fault('d', path) == FAIL)
        return -1;
    int result = REAL(unlink)(path);
    if (watched && !result)
        record('d', path, "", 0, NULL, 0);
    return result;
}

int rename(const char *path, const char *other)
{
    int watched = is_watched(path);
    if (watched && fault('m', path) == FAIL)
        return -1;
    int result = REAL(rename)(path, other);
    if (watched && !result)
        record('m', path, other, 0, NULL, 0);
    return result;
}

static int unreadable(int fd)
{
    const char *path = name_of(fd);
    return path && fault('r', path) == FAIL;
}

ssize_t pread64(int fd, void *content, size_t size, off64_t offset)
{
    return unreadable(fd) ? -1 : REAL(pread64)(fd, content, size, offset);
}

ssize_t pread(int fd, void *content, size_t size, off_t offset)
{
    return pread64(fd, content, size, offset);
}

ssize_t read(int fd, void *content, size_t size)
{
    return unreadable(fd) ? -1 : REAL(read)(fd, content, size);
}

int flock(int fd, int how)
{
    const char *path = name_of(fd);
    return path && fault('l', path) == FAIL ? -1 : REAL(flock)(fd, how);
}
