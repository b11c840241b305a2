// SPDX-License-Identifier: GPL-2.0
/*
 * What there is to complete, out of the tables that the program itself reads its command
 * line by, as data for a shell: make bash, make zsh, make fish.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "judge/causes.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "commands.h"

/* What a word is called in help, and what can be offered for it */
static const struct {
	const char *word, *kind;
} kinds[] = {
	{ "DIR", "directory" }, { "DIR...", "directory" }, { "WORD=NUMBER", "threshold" }, { "[CAUSE]", "cause" },
};

/* What is offered for an option's word, or a command's; "word": nothing can be */
static const char *kind_of(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].word, word))
			return kinds[i].kind;
	return "word";
}

static const char *kind_of_command(size_t command)
{
	/* The findings' numbers would take a diagnosis. */
	return command == COMMAND_INCIDENTS ? "incident" :
	       kind_of(command_row(command)->words + 1);
}

/* In single quotes, of which @quote takes the place inside; @escaped gets a "\" */
static void quoted(const char *text, const char *quote, const char *escaped)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs(quote, stdout);
			continue;
		}
		if (strchr(escaped, *text))
			putchar('\\');
		putchar(*text);
	}
}

static void causes_and_thresholds(const char *causes_are, const char *thresholds_are,
				  const char *end)
{
	const struct cause *const *c;
	size_t i;

	fputs(causes_are, stdout);
	for (c = causes; *c; c++)
		printf("%s%s", c == causes ? "" : " ", (*c)->name);
	printf("%s%s", end, thresholds_are);
	for (i = 0; i < NR_THRESHOLDS; i++)
		printf("%s%s=", i ? " " : "", threshold[i].word);
	fputs(end, stdout);
}

/* "_conntriage_takes WORD": what follows an option, or a command, of bash and zsh */
static void takes(void)
{
	const struct command_row *c;
	const struct option_row *o;
	size_t i;

	puts("_conntriage_takes()\n{\n\tcase $1 in");
	for (i = 0; (o = option_row(i)); i++) {
		if (!o->word)
			continue;
		putchar('\t');
		if (o->letter < 256)
			printf("-%c | ", o->letter);
		printf("--%s) echo %s ;;\n", o->name, kind_of(o->word));
	}
	for (i = 0; (c = command_row(i)); i++)
		if (c->max_words)
			printf("\t%s) echo %s ;;\n", c->name, kind_of_command(i));
	puts("\thelp) echo command ;;\n\tesac\n}");
}

static void bash(void)
{
	const struct command_row *c;
	const struct option_row *o;
	size_t i, j;

	puts("# bash completion for conntriage(8); made from its own tables");
	fputs("_conntriage_commands=\"", stdout);
	for (i = 0; (c = command_row(i)); i++)
		printf("%s%s", i ? " " : "", c->name);
	puts("\"");
	causes_and_thresholds("_conntriage_causes=\"", "_conntriage_thresholds=\"", "\"\n");
	takes();
	puts("_conntriage_options()\n{\n\tcase $1 in");
	for (i = 0; (c = command_row(i)); i++) {
		printf("\t%s) echo \"", c->name);
		for (j = 0; (o = option_row(j)); j++)
			if (o->of & (1u << i))
				printf("--%s ", o->name);
		puts("\" ;;");
	}
	puts("\tesac\n}");
}

/* A specification for _arguments: what shuts it out, how it is written, what it is */
static void zsh_option(const struct option_row *o, bool letter)
{
	bool again = o->word && !strcmp(kind_of(o->word), "threshold");

	fputs("\t\t'", stdout);
	if (again)
		putchar('*');
	else if (o->letter < 256)
		printf("(-%c --%s)", o->letter, o->name);
	if (letter)
		printf("-%c%s", o->letter, o->word ? "+" : "");
	else
		printf("--%s%s", o->name, o->word ? "=" : "");
	putchar('[');
	quoted(o->text, "'\\''", "[]\\");
	putchar(']');
	if (o->word)
		printf(":%s:_conntriage_%s", o->word, kind_of(o->word));
	puts("'");
}

static void zsh(void)
{
	const struct command_row *c;
	const struct option_row *o;
	size_t i, j;

	puts("#compdef conntriage\n# zsh completion for conntriage(8); made from its own tables");
	puts("_conntriage_commands=(");
	for (i = 0; (c = command_row(i)); i++) {
		printf("\t'%s:", c->name);
		quoted(c->line, "'\\''", "\\");
		puts("'");
	}
	puts(")");
	causes_and_thresholds("_conntriage_causes=(", "_conntriage_thresholds=(", ")\n");
	takes();
	puts("_conntriage_options()\n{\n\tcase $1 in");
	for (i = 0; (c = command_row(i)); i++) {
		printf("\t%s) reply=(\n", c->name);
		for (j = 0; (o = option_row(j)); j++) {
			if (!(o->of & (1u << i)))
				continue;
			if (o->letter < 256)
				zsh_option(o, true);
			zsh_option(o, false);
		}
		puts("\t\t) ;;");
	}
	puts("\tesac\n}");
}

static void fish_option(const struct option_row *o)
{
	const struct command_row *c;
	size_t i;

	fputs("complete -c conntriage -n '__conntriage_of", stdout);
	for (i = 0; (c = command_row(i)); i++)
		if (o->of & (1u << i))
			printf(" %s", c->name);
	fputs("' ", stdout);
	if (o->letter < 256)
		printf("-s %c ", o->letter);
	printf("-l %s ", o->name);
	if (o->word)
		printf("-x -a '(__conntriage_offer %s)' ", kind_of(o->word));
	fputs("-d '", stdout);
	quoted(o->text, "\\'", "\\");
	puts("'");
}

static void fish_command(const char *name, const char *line, const char *kind)
{
	printf("complete -c conntriage -n __conntriage_no_command -a %s -d '", name);
	quoted(line, "\\'", "\\");
	puts("'");
	if (kind)
		printf("complete -c conntriage -n '__conntriage_word_of %s' "
		       "-a '(__conntriage_offer %s)'\n", name, kind);
}

static void fish(void)
{
	const struct command_row *c;
	const struct option_row *o;
	size_t i;

	puts("# fish completion for conntriage(8); made from its own tables");
	fputs("set -g __conntriage_commands", stdout);
	for (i = 0; (c = command_row(i)); i++)
		printf(" %s", c->name);
	fputs("\nset -g __conntriage_takes", stdout);
	for (i = 0; (o = option_row(i)); i++) {
		if (o->word && o->letter < 256)
			printf(" -%c", o->letter);
		if (o->word)
			printf(" --%s", o->name);
	}
	putchar('\n');
	causes_and_thresholds("set -g __conntriage_causes ", "set -g __conntriage_thresholds ",
			      "\n");
	puts("complete -c conntriage -f");
	for (i = 0; (o = option_row(i)); i++)
		fish_option(o);
	for (i = 0; (c = command_row(i)); i++)
		fish_command(c->name, c->line, c->max_words ? kind_of_command(i) : NULL);
	fish_command("help", "the options of a command", "command");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(void);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };
	size_t i;

	for (i = 0; argc == 2 && i < ARRAY_SIZE(shells); i++) {
		if (strcmp(argv[1], shells[i].name))
			continue;
		shells[i].write();
		if (fflush(stdout))
			err(1, "standard output");
		return 0;
	}
	errx(1, "which shell? give bash, zsh or fish");
}
