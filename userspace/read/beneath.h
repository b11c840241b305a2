/* SPDX-License-Identifier: GPL-2.0 */
/* A file below a directory, where the kernel can't keep us there itself. */
#ifndef CONNTRIAGE_READ_BENEATH_H
#define CONNTRIAGE_READ_BENEATH_H

#include <stdbool.h>

/**
 * beneath_by_kernel() - is openat2() to be had?
 * @dir: a directory that is open
 *
 * Kernels have it since 5.6; older seccomp filters and emulators refuse it in any one.
 */
bool beneath_by_kernel(int dir);

/**
 * beneath_open() - open a path as openat2() does with RESOLVE_IN_ROOT
 * @root: the directory that stands for "/"; nothing outside of it is reached
 * @path: relative to it
 * @flags: of open(); O_CLOEXEC is added
 *
 * What /proc offers as links that are none (RESOLVE_NO_MAGICLINKS) is followed by its
 * text, below @root as all else.
 *
 * Return: a descriptor, or -errno.
 */
int beneath_open(int root, const char *path, int flags);

#endif
