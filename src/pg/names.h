/*
 * names.h
 *	  Names of assets, numbered in the order in which they come.
 */
#ifndef PGHEDGE_NAMES_H
#define PGHEDGE_NAMES_H

#include "pghedge.h"

typedef struct AssetName
{
	const char *bytes;
	int			len;
} AssetName;

struct namehash_hash;

typedef struct Names
{
	MemoryContext context;
	struct namehash_hash *hash;
	AssetName	   *name;			/* by number */
	int		   *follower;		/* which name came after this one last time */
	int			n;
	int			size;
	int			last;
} Names;

extern void pghedge_names_init(Names *names, MemoryContext context);

/*
 * The number of a name, which is added if it is new.  Rows come asset by asset or time by time, so
 * the same name again, or the one that followed last time, is tried before the hash.
 */
extern int	pghedge_names_number(Names *names, const char *bytes, int len);

static inline int
pghedge_names_text(Names *names, const text *name)
{
	return pghedge_names_number(names, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

/* Numbers in byte order of the names. */
extern int *pghedge_names_order(const Names *names);

/* Bytes of all names together. */
extern Size pghedge_names_bytes(const Names *names);

static inline int
pghedge_compare_labels(const char *a, int a_len, const char *b, int b_len)
{
	int			order = memcmp(a, b, Min(a_len, b_len));

	return order != 0 ? order : a_len - b_len;
}

/* Byte order of two texts, as Datums. */
extern int	pghedge_compare_texts(Datum a, Datum b);

/* The same for qsort, of Datums or text pointers; a long sort can be stopped in it. */
extern int	pghedge_sort_texts(const void *a, const void *b);

#endif							/* PGHEDGE_NAMES_H */
