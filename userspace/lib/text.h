/* SPDX-License-Identifier: GPL-2.0 */
/* Words and numbers out of text that nobody vouches for. */
#ifndef CONNTRIAGE_LIB_TEXT_H
#define CONNTRIAGE_LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the one line that explains a failure goes. */
struct fault {
	char *text;
	size_t size;
	const char *again;	/* the next step where a message names none */
};

/**
 * fault_at() - say what is wrong with a file
 * @f: takes the line; an earlier one stays
 * @file: its name, as the user knows it
 * @line: counted from 1; 0: the file as a whole
 * @fmt: what is wrong; what to do (without "; what to do": f->again)
 *
 * Return: -1, so that callers can return it.
 */
int fault_at(struct fault *f, const char *file, unsigned int line,
	     const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/**
 * text_count() - a decimal number and nothing else
 * @word: digits; no sign, no space, no prefix
 * @value: set where the word is one that fits
 */
bool text_count(const char *word, int64_t *value);

/** text_signed() - as text_count(), with an optional leading minus sign */
bool text_signed(const char *word, int64_t *value);

/** text_hex() - hexadecimal digits without a prefix, at most 64 bits - 1 */
bool text_hex(const char *word, int64_t *value);

/** text_real() - digits, optionally a point and more; independent of locale */
bool text_real(const char *word, double *value);

/**
 * text_address() - an IPv4 or IPv6 address, optionally with /bits
 * @family: 4 or 6: only that; 0: either
 *
 * These words end up in commands that a person pastes into a root shell, so
 * nothing else passes.
 */
bool text_address(const char *word, int family);

/** text_port() - a decimal number up to 65535 */
bool text_port(const char *word);

/** text_service() - protocol/port, the protocol as a name or as a number */
bool text_service(const char *word);

/** text_pair() - address:port of any family, IPv6 in brackets */
bool text_pair(const char *word);

/** text_endpoint() - protocol/address:port, as text_service() and text_pair() */
bool text_endpoint(const char *word);

/** text_plain() - only characters that neither a terminal nor a shell minds */
bool text_plain(const char *word);

/** text_bracketed() - the same and brackets: they are for an IPv6 address with a port */
bool text_bracketed(const char *word);

/**
 * text_clean() - copy what text_plain() accepts, with '?' for all else
 * @size: of @to; longer text is cut
 */
void text_clean(char *to, size_t size, const char *from);

/** text_printable() - as text_clean(), but all of printable ASCII passes */
void text_printable(char *to, size_t size, const char *from);

/**
 * text_line() - the next line of a text
 * @next: where it begins; moved behind its newline; NULL at the end
 *
 * The newline is overwritten. Return: the line, or NULL when there is none.
 */
char *text_line(char **next);

/** text_trim() - the text without white space around it; @s is written to */
char *text_trim(char *s);

#endif
