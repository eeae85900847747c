/*
 * stat(2) as a function came with glibc 2.33; before, it was inline in the headers. A copy of our own lets the native
 * files load with every glibc that Node itself runs on. On x86-64 and arm64 the kernel's struct stat is glibc's.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((visibility("hidden"))) int stat(const char *path, struct stat *found) {
	return (int) syscall(SYS_newfstatat, AT_FDCWD, path, found, 0);
}
