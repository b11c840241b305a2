// SPDX-License-Identifier: GPL-2.0
/*
 * Names of addresses by reverse DNS, for who asks for them: all at once, and after two
 * seconds with those that have come. Whoever owns an address chooses its name.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "lib/address.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define PATIENCE	2	/* s, for all */
#define THREADS		32	/* that ask at the same time */
#define HEAVIEST	16	/* of each list of the census */

/*
 * Shared with threads that may hang in the resolver's library for longer than this
 * program wants to wait: the last that is done with it frees it.
 */
struct lookups {
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t finished;
	struct resolved *item;		/* addresses are fixed before the threads begin */
	size_t nr, next, done;
	unsigned int users;
	bool late;			/* nobody waits any more */
};

static bool binary(const char *address, struct sockaddr_storage *to, socklen_t *len)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;

	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		*len = sizeof(*v4);
		return true;
	}
	if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		*len = sizeof(*v6);
		return true;
	}
	return false;
}

static void ask(const char *address, char *name, size_t size)
{
	struct sockaddr_storage to;
	char host[NI_MAXHOST];
	socklen_t len;

	*name = '\0';
	if (binary(address, &to, &len) &&
	    !getnameinfo((struct sockaddr *)&to, len, host, sizeof(host), NULL, 0, NI_NAMEREQD))
		text_printable(name, size, host);
}

/* Called with the lock held, which is gone with the last user. */
static void put(struct lookups *l)
{
	bool last = !--l->users;

	pthread_mutex_unlock(&l->lock);
	if (!last)
		return;
	pthread_cond_destroy(&l->finished);
	pthread_mutex_destroy(&l->lock);
	free(l->item);
	free(l);
}

static void *work(void *data)
{
	struct lookups *l = data;
	struct resolved got;
	size_t i;

	pthread_mutex_lock(&l->lock);
	while (!l->late && l->next < l->nr) {
		i = l->next++;
		got = l->item[i];
		pthread_mutex_unlock(&l->lock);
		ask(got.address, got.name, sizeof(got.name));
		pthread_mutex_lock(&l->lock);
		l->item[i] = got;
		if (++l->done == l->nr)
			pthread_cond_signal(&l->finished);
	}
	put(l);
	return NULL;
}

static void begin(struct lookups *l)
{
	pthread_attr_t attr;
	pthread_t thread;
	size_t i;

	if (pthread_attr_init(&attr))
		return;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_mutex_lock(&l->lock);
	for (i = 0; i < THREADS && i < l->nr; i++)
		if (!pthread_create(&thread, &attr, work, l))
			l->users++;
	pthread_mutex_unlock(&l->lock);
	pthread_attr_destroy(&attr);
}

/* Ends with the lock held */
static void wait_for(struct lookups *l)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE;
	pthread_mutex_lock(&l->lock);
	while (l->users > 1 && l->done < l->nr &&
	       !pthread_cond_timedwait(&l->finished, &l->lock, &until))
		;
	l->late = true;
}

static int by_address(const void *left, const void *right)
{
	return strcmp(((const struct resolved *)left)->address,
		      ((const struct resolved *)right)->address);
}

static void add(struct lookups *l, const char *address)
{
	struct resolved *row;
	size_t i;

	if (l->nr >= READ_MAX_RESOLVED || !text_address(address, 0) || strchr(address, '/'))
		return;
	for (i = 0; i < l->nr; i++)
		if (!strcmp(l->item[i].address, address))
			return;
	row = grow(&l->item, &l->nr, sizeof(*row));
	snprintf(row->address, sizeof(row->address), "%s", address);
}

/* Those that findings and lists name: heavy sources, and who holds most */
static void collect(const struct snapshot *s, struct lookups *l)
{
	enum census_record record = CENSUS_WALK;
	size_t i, nr = 0;
	char address[64];

	for (i = 0; i < s->nr_source; i++)
		if (s->source[i].family)
			add(l, s->source[i].source);
	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];

		nr = row->record == record ? nr + 1 : 0;
		record = row->record;
		if (nr >= HEAVIEST)
			continue;
		if (record == CENSUS_PAIR)
			address_of_pair(row->name, address, sizeof(address));
		if (record == CENSUS_PAIR)
			add(l, address);
		else if (record == CENSUS_SOURCE || record == CENSUS_DEST)
			add(l, row->name);
	}
	if (l->nr)
		qsort(l->item, l->nr, sizeof(*l->item), by_address);
}

static struct lookups *lookups_new(void)
{
	struct lookups *l = calloc(1, sizeof(*l));
	pthread_condattr_t attr;

	if (!l)
		no_memory();
	pthread_mutex_init(&l->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&l->finished, &attr);
	pthread_condattr_destroy(&attr);
	l->users = 1;
	return l;
}

int read_resolve(struct reader *r)
{
	struct lookups *l = lookups_new();
	size_t i;

	collect(r->s, l);
	begin(l);
	wait_for(l);
	for (i = 0; i < l->nr; i++)
		if (*l->item[i].name)
			*(struct resolved *)grow(&r->s->resolved, &r->s->nr_resolved,
						 sizeof(*l->item)) = l->item[i];
	put(l);
	return 0;
}
