/* A disk that keeps only what was synced: each time fsync or fdatasync of a file below $LIVE returns, the file is
 * copied into $PLATTER. After a "power cut" (SIGKILL) the platter is all there is. Loaded by LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static void keep(int fd) {
    const char *live = getenv("LIVE"), *platter = getenv("PLATTER");
    char link[64], path[4096], draft[4200], target[4200], buffer[65536];
    if (!live || !platter) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1), size;
    if (length < 0) return;
    path[length] = 0;
    if (strncmp(path, live, strlen(live)) || !strrchr(path, '/')) return;
    snprintf(target, sizeof target, "%s%s", platter, strrchr(path, '/'));
    snprintf(draft, sizeof draft, "%s/.draft", platter);
    int lock = open(platter, O_RDONLY), from, to;
    flock(lock, LOCK_EX);
    if ((from = open(path, O_RDONLY)) >= 0) {
        to = open(draft, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        while ((size = read(from, buffer, sizeof buffer)) > 0)
            if (write(to, buffer, size) != size) abort();
        close(to);
        close(from);
        rename(draft, target);
    }
    close(lock);
}

static int synced(const char *name, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name), result = real(fd);
    if (!result) keep(fd);
    return result;
}
int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }
