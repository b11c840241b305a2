// SPDX-License-Identifier: GPL-2.0
/* Heads: a line, fields, an empty line. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "exporter/http.h"

#define OPENMETRICS	"application/openmetrics-text"
/* What RFC 9110 calls a token: methods, names of fields */
#define TOKEN		"!#$%&'*+-.^_`|~0123456789"	\
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* The line without its end, which becomes a NUL; @next is moved to the one behind it */
static char *take_line(char **next)
{
	char *line = *next, *end = strstr(line, "\r\n");

	*end = '\0';
	*next = end + 2;
	return line;
}

/* "GET /path?query HTTP/1.1", or as a proxy is asked: "GET http://host/path HTTP/1.1" */
static int parse_line(char *line, struct request_head *r, bool *needs_host)
{
	char *target = strchr(line, ' ');
	char *version = target ? strchr(target + 1, ' ') : NULL;

	if (!version || strspn(line, TOKEN) != (size_t)(target - line) ||
	    strncmp(version, " HTTP/1.", 8) || !isdigit((unsigned char)version[8]) || version[9])
		return 400;
	*needs_host = version[8] != '0';
	*target++ = *version = '\0';
	r->head = !strcmp(line, "HEAD");
	if (!r->head && strcmp(line, "GET"))
		return 405;
	if (!strncasecmp(target, "http://", 7))
		target += 7 + strcspn(target + 7, "/");
	target[strcspn(target, "?")] = '\0';
	r->path = target;
	return *target == '/' ? 200 : 400;
}

static int parse_fields(char *next, struct request_head *r, bool needs_host)
{
	int hosts = 0;

	while (*next) {
		char *line = take_line(&next), *colon = line + strspn(line, TOKEN);

		if (colon == line || *colon != ':')
			return 400;
		hosts += !strncasecmp(line, "host:", 5);
		r->openmetrics |= !strncasecmp(line, "accept:", 7) && strcasestr(line, OPENMETRICS);
	}
	return hosts > 1 || (needs_host && !hosts) ? 400 : 200;
}

int request_parse(char *text, size_t len, struct request_head *r)
{
	char *end = memmem(text, len, "\r\n\r\n", 4), *next = text;
	bool needs_host;
	int status;

	r->head = r->openmetrics = false;
	/* One who speaks TLS or something else needn't wait until time is over. */
	if (len && !isupper((unsigned char)*text))
		return 400;
	if (!end && len < REQUEST_MOST)
		return 0;
	if (!end)
		return memchr(text, '\n', len) ? 431 : 414;
	end[2] = '\0';
	if (strlen(text) != (size_t)(end + 2 - text))
		return 400;	/* a NUL among it */
	status = parse_line(take_line(&next), r, &needs_host);
	return status == 200 ? parse_fields(next, r, needs_host) : status;
}

static const char *reason(int status)
{
	switch (status) {
	case 200: return "OK";
	case 400: return "Bad Request";
	case 404: return "Not Found";
	case 405: return "Method Not Allowed";
	case 408: return "Request Timeout";
	case 414: return "URI Too Long";
	case 431: return "Request Header Fields Too Large";
	default: return "Service Unavailable";
	}
}

size_t answer_head(const struct answer *a, bool body, char *to)
{
	const char *text = reason(a->status);
	time_t now = time(NULL);
	struct tm tm;
	char date[40];

	body = body && !a->page;
	strftime(date, sizeof(date), "%a, %d %b %Y %T GMT", gmtime_r(&now, &tm));
	return snprintf(to, ANSWER_MOST, "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: %s\r\n"
			"Content-Length: %zu\r\n%sConnection: close\r\n"
			"X-Content-Type-Options: nosniff\r\n\r\n%s%s", a->status, text, date,
			a->type ? a->type : "text/plain; charset=utf-8",
			a->page ? a->page->len : strlen(text) + 1,
			a->status == 405 ? "Allow: GET, HEAD\r\n" : "",
			body ? text : "", body ? "\n" : "");
}
