// SPDX-License-Identifier: GPL-2.0
/*
 * For LD_PRELOAD: the kernel's "Operation not permitted" for files whose path holds
 * $REFUSE, as lockdown and a lack of capabilities give it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	const char *refused = getenv("REFUSE");
	long a[6];
	va_list ap;
	int i;

	va_start(ap, number);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_openat2 && refused && strstr((const char *)a[1], refused)) {
		errno = EPERM;
		return -1;
	}
	if (!next)
		next = (long (*)(long number, ...))dlsym(RTLD_NEXT, "syscall");
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
