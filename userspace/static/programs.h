/* SPDX-License-Identifier: GPL-2.0 */
/* The main() of both programs, as the Makefile renames them. */
#ifndef CONNTRIAGE_STATIC_PROGRAMS_H
#define CONNTRIAGE_STATIC_PROGRAMS_H

int conntriage_main(int argc, char **argv);
int conntriage_delete_main(int argc, char **argv);

#endif
