/*
 * stand_in.c
 *	  The few things of the server that the types' input and output functions use, so that they can
 *	  be fuzzed without one: memory from malloc, each piece apart for the sanitizers; an error as a
 *	  jump out; messages read and written.  Strings, hashing and number output are the server's own
 *	  (libpgcommon, libpgport).  What those functions never use stops the program.
 */
#include "stand_in.h"

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#undef palloc
#undef snprintf
#undef vsnprintf
#undef fprintf

MemoryContext CurrentMemoryContext;
volatile sig_atomic_t InterruptPending;
sigjmp_buf *stand_in_error;
char		stand_in_message[4096];
static int	sqlstate;

/* ---------- memory ---------- */

static void **piece;
static size_t pieces,
			room_for;

static void *
keep(void *p)
{
	if (p == NULL)
		abort();
	if (pieces == room_for)
	{
		room_for = room_for * 2 + 64;
		piece = realloc(piece, room_for * sizeof(void *));
	}
	return piece[pieces++] = p;
}

void
stand_in_free_all(void)
{
	while (pieces > 0)
		free(piece[--pieces]);
}

static size_t
find(void *p)
{
	for (size_t i = pieces; i-- > 0;)
		if (piece[i] == p)
			return i;
	abort();
}

static void *
allocate(Size size, Size most)
{
	if (size > most)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("invalid memory alloc request size %zu", size)));
	/* the server would have had it; the fuzzer need not */
	if (size > 256 * 1024 * 1024)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return keep(malloc(size));
}

void *
palloc(Size size)
{
	return allocate(size, MaxAllocSize);
}

void *
palloc0(Size size)
{
	return memset(palloc(size), 0, size);
}

void
pfree(void *p)
{
	size_t		i = find(p);

	free(p);
	piece[i] = piece[--pieces];
}

void *
repalloc(void *p, Size size)
{
	size_t		i = find(p);

	if (size > MaxAllocSize)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("invalid memory alloc request size %zu", size)));
	return piece[i] = realloc(p, size);
}

void *
MemoryContextAlloc(MemoryContext context, Size size)
{
	return palloc(size);
}

void *
MemoryContextAllocZero(MemoryContext context, Size size)
{
	return palloc0(size);
}

void *
MemoryContextAllocHuge(MemoryContext context, Size size)
{
	return allocate(size, MaxAllocHugeSize);
}

/* ---------- errors ---------- */

bool
errstart(int elevel, const char *domain)
{
	sqlstate = 0;
	stand_in_message[0] = '\0';
	return elevel >= ERROR;
}

bool
errstart_cold(int elevel, const char *domain)
{
	return errstart(elevel, domain);
}

int
errcode(int state)
{
	return sqlstate = state;
}

/* formatted, since a wrong argument shows only then */
#define MESSAGE(name) \
int \
name(const char *fmt, ...) \
{ \
	va_list		args; \
	\
	va_start(args, fmt); \
	pg_vsnprintf(stand_in_message, sizeof(stand_in_message), fmt, args); \
	va_end(args); \
	return 0; \
}

MESSAGE(errmsg)
MESSAGE(errmsg_internal)
MESSAGE(errdetail)
MESSAGE(errhint)

void
errfinish(const char *filename, int lineno, const char *funcname)
{
	/* an error without a code of its own is an internal one */
	if (sqlstate == 0 || sqlstate == ERRCODE_INTERNAL_ERROR || stand_in_error == NULL)
		abort();
	siglongjmp(*stand_in_error, 1);
}

void
ProcessInterrupts(void)
{
}

TimestampTz
GetCurrentTimestamp(void)
{
	return 1;
}

/* ---------- strings and messages ---------- */

int
pg_mbcliplen(const char *s, int len, int limit)
{
	return Min(len, limit);
}

char *
pg_server_to_client(const char *s, int len)
{
	return unconstify(char *, s);
}

void
pq_begintypsend(StringInfo buf)
{
	initStringInfo(buf);
	appendStringInfoSpaces(buf, 4);
}

#if PG_VERSION_NUM >= 160000
void
pq_sendbytes(StringInfo buf, const void *data, int len)
#else
void
pq_sendbytes(StringInfo buf, const char *data, int len)
#endif
{
	appendBinaryStringInfo(buf, data, len);
}

void
pq_sendfloat8(StringInfo buf, float8 f)
{
	union
	{
		float8		f;
		uint64		i;
	}			swap;

	swap.f = f;
	pq_sendint64(buf, swap.i);
}

bytea *
pq_endtypsend(StringInfo buf)
{
	SET_VARSIZE(buf->data, buf->len);
	return (bytea *) buf->data;
}

static void
need(StringInfo msg, int len)
{
	if (len < 0 || len > msg->len - msg->cursor)
		ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION), errmsg("insufficient data left in message")));
}

int
pq_getmsgbyte(StringInfo msg)
{
	need(msg, 1);
	return (unsigned char) msg->data[msg->cursor++];
}

static uint64
get(StringInfo msg, int bytes)
{
	uint64		value = 0;

	need(msg, bytes);
	for (int i = 0; i < bytes; i++)
		value = value << 8 | (unsigned char) msg->data[msg->cursor++];
	return value;
}

unsigned int
pq_getmsgint(StringInfo msg, int b)
{
	return (unsigned int) get(msg, b);
}

float8
pq_getmsgfloat8(StringInfo msg)
{
	union
	{
		float8		f;
		uint64		i;
	}			swap;

	swap.i = get(msg, 8);
	return swap.f;
}

/* The server checks the encoding, which no zero byte has. */
char *
pq_getmsgtext(StringInfo msg, int rawbytes, int *nbytes)
{
	char	   *text;

	need(msg, rawbytes);
	if (memchr(msg->data + msg->cursor, 0, rawbytes) != NULL)
		ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE), errmsg("invalid byte sequence")));
	text = palloc(rawbytes + 1);
	memcpy(text, msg->data + msg->cursor, rawbytes);
	text[rawbytes] = '\0';
	msg->cursor += rawbytes;
	*nbytes = rawbytes;
	return text;
}

/* ---------- values ---------- */

struct varlena *
pg_detoast_datum(struct varlena *datum)
{
	return datum;
}

struct varlena *
pg_detoast_datum_packed(struct varlena *datum)
{
	return datum;
}

struct varlena *
pg_detoast_datum_copy(struct varlena *datum)
{
	return memcpy(palloc(VARSIZE(datum)), datum, VARSIZE(datum));
}

#define UNUSED(declaration) declaration { abort(); }
#if PG_VERSION_NUM >= 170000
#define CONST_SINCE_17 const
#else
#define CONST_SINCE_17
#endif

UNUSED(void DefineCustomIntVariable(const char *name, const char *short_desc, const char *long_desc, int *valueAddr,
									int bootValue, int minValue, int maxValue, GucContext context, int flags,
									GucIntCheckHook check_hook, GucIntAssignHook assign_hook, GucShowHook show_hook))
UNUSED(void MarkGUCPrefixReserved(const char *className))
UNUSED(int AggCheckCallContext(FunctionCallInfo fcinfo, MemoryContext *aggcontext))
UNUSED(TupleDesc BlessTupleDesc(TupleDesc tupdesc))
UNUSED(Datum HeapTupleHeaderGetDatum(HeapTupleHeader tuple))
UNUSED(void InitMaterializedSRF(FunctionCallInfo fcinfo, uint32 flags))
UNUSED(void *MemoryContextAllocExtended(MemoryContext context, Size size, int flags))
UNUSED(ArrayType *construct_empty_array(Oid elmtype))
UNUSED(ArrayType *construct_array(Datum *elems, int nelems, Oid elmtype, int elmlen, bool elmbyval, char elmalign))
UNUSED(ArrayType *construct_md_array(Datum *elems, bool *nulls, int ndims, int *dims, int *lbs, Oid elmtype,
									 int elmlen, bool elmbyval, char elmalign))
UNUSED(text *cstring_to_text_with_len(const char *s, int len))
UNUSED(char *text_to_cstring(const text *t))
UNUSED(TypeFuncClass get_call_result_type(FunctionCallInfo fcinfo, Oid *resultTypeId, TupleDesc *resultTupleDesc))
UNUSED(HeapTuple heap_form_tuple(TupleDesc tupleDescriptor, CONST_SINCE_17 Datum *values, CONST_SINCE_17 bool *isnull))
UNUSED(void tuplestore_putvalues(Tuplestorestate *state, TupleDesc tdesc, CONST_SINCE_17 Datum *values, CONST_SINCE_17 bool *isnull))
UNUSED(void float_overflow_error(void))
