/* SPDX-License-Identifier: GPL-2.0 */
/* Sentences of what is said as data: see judge/fact.h. */
#ifndef CONNTRIAGE_RENDER_SENTENCE_H
#define CONNTRIAGE_RENDER_SENTENCE_H

#include "judge/fact.h"
#include "judge/finding.h"
#include "judge/party.h"
#include "lib/lines.h"

/** sentence_value() - a value in words, "4,812" or "62 %"; in a buffer of lib/words.h */
const char *sentence_value(const struct value *v);

/** sentence_name() - the name of a fact's next value
 * @pattern: behind the brace that begins it; @len: set to the length of the name
 *
 * Return: what follows its closing brace, or NULL.
 */
const char *sentence_name(const char *pattern, size_t *len);

/** sentence() - a fact in words, with its origin in brackets; free() it */
char *sentence(const struct fact *f);

/** sentence_facts() - facts in words, a line each */
void sentence_facts(const struct facts *facts, struct lines *out);

/** sentence_all() - facts as one text, with spaces between them; free() it, or NULL */
char *sentence_all(const struct facts *facts);

/** sentence_party() - "10.0.0.13 (pod shop/cart-7f): 520 new connections ..."; free() it */
char *sentence_party(const struct party *p);

/** sentence_parties() - parties in words, a line each */
void sentence_parties(const struct parties *parties, struct lines *out);

/**
 * sentence_prediction() - "entries should settle at about 4,100 within 2 minutes, and
 * nothing be refused"
 *
 * Return: free() it; NULL where nothing is predicted.
 */
char *sentence_prediction(const struct prediction *e);

/**
 * sentence_summary() - "CONNTRACK WARNING - ...", as monitoring plugins print: the worst
 * and how many more there are, or the all-clear
 *
 * Return: free() it.
 */
char *sentence_summary(const struct findings *fs);

#endif
