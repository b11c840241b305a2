// SPDX-License-Identifier: GPL-2.0
/* Words and numbers out of text that nobody vouches for. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"

int fault_at(struct fault *f, const char *file, unsigned int line,
	     const char *fmt, ...)
{
	va_list args;
	size_t len;
	int used;

	if (f->text[0])
		return -1;
	if (line)
		used = snprintf(f->text, f->size, "%s:%u: ", file, line);
	else
		used = snprintf(f->text, f->size, "%s: ", file);
	if (used < 0 || (size_t)used >= f->size)
		return -1;
	va_start(args, fmt);
	vsnprintf(f->text + used, f->size - used, fmt, args);
	va_end(args);
	len = strlen(f->text);
	if (f->again && !strstr(f->text + used, "; "))
		snprintf(f->text + len, f->size - len, "; %s", f->again);
	/* Names of files and words out of them go to a terminal. */
	text_printable(f->text, f->size, f->text);
	return -1;
}

static bool digits(const char *word, unsigned int base, int64_t *value)
{
	int64_t sum = 0;

	if (!*word)
		return false;
	for (; *word; word++) {
		int digit;

		if (*word >= '0' && *word <= '9')
			digit = *word - '0';
		else if (base == 16 && *word >= 'a' && *word <= 'f')
			digit = *word - 'a' + 10;
		else if (base == 16 && *word >= 'A' && *word <= 'F')
			digit = *word - 'A' + 10;
		else
			return false;
		if (__builtin_mul_overflow(sum, (int64_t)base, &sum) ||
		    __builtin_add_overflow(sum, (int64_t)digit, &sum))
			return false;
	}
	*value = sum;
	return true;
}

bool text_count(const char *word, int64_t *value)
{
	return digits(word, 10, value);
}

bool text_signed(const char *word, int64_t *value)
{
	if (*word != '-')
		return digits(word, 10, value);
	if (!digits(word + 1, 10, value))
		return false;
	*value = -*value;
	return true;
}

bool text_hex(const char *word, int64_t *value)
{
	return digits(word, 16, value);
}

bool text_real(const char *word, double *value)
{
	const char *point = strchrnul(word, '.');
	char whole[24];
	int64_t number;
	double scale = 1;

	if ((size_t)(point - word) >= sizeof(whole))
		return false;
	memcpy(whole, word, point - word);
	whole[point - word] = '\0';
	if (!digits(whole, 10, &number))
		return false;
	*value = number;
	if (!*point)
		return true;
	if (!*++point)
		return false;
	for (; *point; point++) {
		if (*point < '0' || *point > '9')
			return false;
		scale /= 10;
		*value += (*point - '0') * scale;
	}
	return true;
}

bool text_address(const char *word, int family)
{
	unsigned char binary[sizeof(struct in6_addr)];
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchrnul(word, '/');
	int64_t bits;
	bool four;

	if ((size_t)(slash - word) >= sizeof(address))
		return false;
	memcpy(address, word, slash - word);
	address[slash - word] = '\0';

	four = !strchr(address, ':');
	if ((family == 4 && !four) || (family == 6 && four))
		return false;
	if (inet_pton(four ? AF_INET : AF_INET6, address, binary) != 1)
		return false;
	if (!*slash)
		return true;
	return text_count(slash + 1, &bits) && bits <= (four ? 32 : 128);
}

bool text_port(const char *word)
{
	int64_t port;

	return text_count(word, &port) && port <= UINT16_MAX;
}

/* What follows "protocol/", or NULL */
static const char *behind_protocol(const char *word)
{
	size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789");

	return len && word[len] == '/' ? word + len + 1 : NULL;
}

bool text_service(const char *word)
{
	const char *port = behind_protocol(word);

	return port && text_port(port);
}

static bool plain(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("._:/,=+@-", c));
}

bool text_pair(const char *word)
{
	const char *port = strrchr(word, ':');
	bool v6 = *word == '[';
	char address[64];
	size_t len;

	if (!port || !text_port(port + 1))
		return false;
	if (v6 && (port == word || port[-1] != ']'))
		return false;
	len = port - word - 2 * v6;
	if (len >= sizeof(address))
		return false;
	memcpy(address, word + v6, len);
	address[len] = '\0';
	return !strchr(address, '/') && text_address(address, v6 ? 6 : 4);
}

bool text_endpoint(const char *word)
{
	const char *pair = behind_protocol(word);

	return pair && text_pair(pair);
}

bool text_plain(const char *word)
{
	while (plain(*word))
		word++;
	return !*word;
}

bool text_bracketed(const char *word)
{
	while (plain(*word) || *word == '[' || *word == ']')
		word++;
	return !*word;
}

void text_clean(char *to, size_t size, const char *from)
{
	for (; *from && size > 1; from++, size--)
		*to++ = plain(*from) ? *from : '?';
	*to = '\0';
}

void text_printable(char *to, size_t size, const char *from)
{
	for (; *from && size > 1; from++, size--)
		*to++ = *from >= ' ' && *from <= '~' ? *from : '?';
	*to = '\0';
}

char *text_line(char **next)
{
	char *line = *next, *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	if (end)
		*end++ = '\0';
	*next = end;
	return line;
}

char *text_trim(char *s)
{
	size_t len;

	s += strspn(s, " \t\r\v\f");
	len = strlen(s);
	while (len && strchr(" \t\r\v\f", s[len - 1]))
		len--;
	s[len] = '\0';
	return s;
}
