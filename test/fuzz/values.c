/*
 * values.c
 *	  Fuzz target: text and binary input of both types.  What is let in must be written and read
 *	  back byte for byte in both forms, and be a value that the accessors can work with.
 */
#include "stand_in.h"

#include "fmgr.h"
#include "lib/stringinfo.h"

#include "../../src/pg/comoments.h"
#include "../../src/pg/matrix.h"
#include "pair.h"

typedef struct Type
{
	PGFunction	in;
	PGFunction	out;
	PGFunction	recv;
	PGFunction	send;
} Type;

#define DECLARE(name) extern Datum name(PG_FUNCTION_ARGS)
DECLARE(pghedge_comoments_in);
DECLARE(pghedge_comoments_out);
DECLARE(pghedge_comoments_recv);
DECLARE(pghedge_comoments_send);
DECLARE(pghedge_matrix_in);
DECLARE(pghedge_matrix_out);
DECLARE(pghedge_matrix_recv);
DECLARE(pghedge_matrix_send);
DECLARE(pghedge_matrix_nearest_psd);

static const Type types[] = {
	{pghedge_comoments_in, pghedge_comoments_out, pghedge_comoments_recv, pghedge_comoments_send},
	{pghedge_matrix_in, pghedge_matrix_out, pghedge_matrix_recv, pghedge_matrix_send},
};

static struct varlena *
call(PGFunction function, void *argument)
{
	LOCAL_FCINFO(fcinfo, 1);
	FmgrInfo	flinfo;

	memset(&flinfo, 0, sizeof(flinfo));
	InitFunctionCallInfoData(*fcinfo, &flinfo, 1, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = PointerGetDatum(argument);
	fcinfo->args[0].isnull = false;
	return (struct varlena *) DatumGetPointer(function(fcinfo));
}

static struct varlena *
receive(const Type *type, void *bytes, int len)
{
	StringInfoData buf;
	struct varlena *value;

	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, bytes, len);
	value = call(type->recv, &buf);
	/* the server refuses a message that was not read to its end */
	if (buf.cursor != buf.len)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("incorrect binary data format")));
	return value;
}

static void
check_same(struct varlena *a, struct varlena *b)
{
	must(VARSIZE(a) == VARSIZE(b));
	must(memcmp(a, b, VARSIZE(a)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sigjmp_buf	error;
	volatile bool let_in = false;
	const Type *type;

	if (size == 0)
		return 0;
	type = &types[data[0] & 1];
	stand_in_error = &error;
	if (sigsetjmp(error, 0) == 0)
	{
		struct varlena *value;
		struct varlena *sent;

		if (data[0] & 2)
			value = receive(type, unconstify(uint8_t *, data) + 1, (int) size - 1);
		else
		{
			/* in a piece of its own length, for what is read beyond its end */
			size_t		length = strnlen((const char *) data + 1, size - 1);
			char	   *text = palloc(length + 1);

			memcpy(text, data + 1, length);
			text[length] = '\0';
			value = call(type->in, text);
		}
		let_in = true;
		check_same(value, call(type->in, call(type->out, value)));
		sent = call(type->send, value);
		check_same(value, receive(type, VARDATA(sent), VARSIZE(sent) - VARHDRSZ));
		if (type == &types[0])
			check_pair(&((Comoments *) value)->c);
		else
		{
			MatrixArg	arg;

			pghedge_matrix_unpack((MatrixDatum *) value, &arg);
			for (int y = 0; y < arg.m.n; y++)
			{
				int			len;
				const char *label = pghedge_matrix_label(&arg, y, &len);

				must(pghedge_matrix_find(&arg, label, len) == y);
				for (int x = 0; x < arg.m.n; x++)
				{
					PhComoments c;

					ph_matrix_pair(&arg.m, y, x, &c);
					if (c.w > 0)
						check_pair(&c);
				}
			}
			if (arg.m.n <= 6)
			{
				struct varlena *repaired = call(pghedge_matrix_nearest_psd, value);

				check_same(repaired, call(type->in, call(type->out, repaired)));
			}
		}
	}
	else
		must(!let_in);
	stand_in_free_all();
	return 0;
}
