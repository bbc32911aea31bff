/*
 * names.c
 *	  Names of assets, numbered in the order in which they come.  See names.h.
 */
#include "names.h"

#include "common/hashfn.h"
#include "miscadmin.h"

typedef struct NameEntry
{
	AssetName		name;
	int			number;
	char		status;
} NameEntry;

#define SH_PREFIX namehash
#define SH_ELEMENT_TYPE NameEntry
#define SH_KEY_TYPE AssetName
#define SH_KEY name
#define SH_HASH_KEY(tb, k) hash_bytes((const unsigned char *) (k).bytes, (k).len)
#define SH_EQUAL(tb, a, b) ((a).len == (b).len && memcmp((a).bytes, (b).bytes, (a).len) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

void
pghedge_names_init(Names *names, MemoryContext context)
{
	names->context = context;
	names->hash = namehash_create(context, 16, NULL);
	names->n = 0;
	names->size = 16;
	names->name = MemoryContextAlloc(context, names->size * sizeof(AssetName));
	names->follower = MemoryContextAlloc(context, names->size * sizeof(int));
	names->last = -1;
}

static inline bool
names_equal(const AssetName *name, const char *bytes, int len)
{
	return name->len == len && memcmp(name->bytes, bytes, len) == 0;
}

int
pghedge_names_number(Names *names, const char *bytes, int len)
{
	int			last = names->last;
	AssetName		key = {bytes, len};
	NameEntry  *entry;

	if (last >= 0)
	{
		int			next = names->follower[last];

		if (names_equal(&names->name[next], bytes, len))
			return names->last = next;
		if (names_equal(&names->name[last], bytes, len))
			return last;
	}
	entry = namehash_lookup(names->hash, key);
	if (entry == NULL)
	{
		char	   *copy = MemoryContextAlloc(names->context, Max(len, 1));
		bool		found;

		memcpy(copy, bytes, len);
		key.bytes = copy;
		if (names->n == names->size)
		{
			names->size *= 2;
			names->name = repalloc(names->name, names->size * sizeof(AssetName));
			names->follower = repalloc(names->follower, names->size * sizeof(int));
		}
		entry = namehash_insert(names->hash, key, &found);
		entry->number = names->n;
		names->name[names->n] = key;
		names->follower[names->n] = names->n;
		names->n++;
	}
	if (last >= 0)
		names->follower[last] = entry->number;
	return names->last = entry->number;
}

static int
compare_numbered(const void *a, const void *b, void *names)
{
	const AssetName *x = &((Names *) names)->name[*(const int *) a];
	const AssetName *y = &((Names *) names)->name[*(const int *) b];

	return pghedge_compare_labels(x->bytes, x->len, y->bytes, y->len);
}

int *
pghedge_names_order(const Names *names)
{
	int		   *order = palloc(Max(names->n, 1) * sizeof(int));

	for (int i = 0; i < names->n; i++)
		order[i] = i;
	qsort_arg(order, names->n, sizeof(int), compare_numbered, (void *) names);
	return order;
}

Size
pghedge_names_bytes(const Names *names)
{
	Size		bytes = 0;

	for (int i = 0; i < names->n; i++)
		bytes += names->name[i].len;
	return bytes;
}

int
pghedge_compare_texts(Datum a, Datum b)
{
	const text *x = DatumGetTextPP(a);
	const text *y = DatumGetTextPP(b);

	return pghedge_compare_labels(VARDATA_ANY(x), VARSIZE_ANY_EXHDR(x),
								  VARDATA_ANY(y), VARSIZE_ANY_EXHDR(y));
}

int
pghedge_sort_texts(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return pghedge_compare_texts(*(const Datum *) a, *(const Datum *) b);
}
