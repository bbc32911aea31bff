"""Reads a book as Python tools do, through psycopg2 and information_schema.

Prints what test/clients/compare.py reads; fails at a value of a type that it does not expect.
    read_psycopg.py SCHEMA VIEW...     connection by PGHOST, PGPORT, PGUSER, ...
"""
import datetime
import json
import sys

import psycopg2

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def plain(value, column):
    if isinstance(value, datetime.datetime):
        return (value - EPOCH) // datetime.timedelta(milliseconds=1)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or type(value) in (str, int, float, bool):
        return value
    sys.exit(f'column {column} arrives as {type(value).__name__}')


def main(schema, *views):
    cursor = psycopg2.connect('').cursor()
    cursor.execute('''
        SELECT table_name, obj_description(format('%%I.%%I', table_schema, table_name)::regclass, 'pg_class')
        FROM information_schema.views WHERE table_schema = %s''', [schema])
    for name, comment in cursor.fetchall():
        print(json.dumps({'view': name, 'comment': comment}))
    for view in views:
        cursor.execute('''
            SELECT column_name, udt_name,
                col_description(format('%%I.%%I', table_schema, table_name)::regclass, ordinal_position)
            FROM information_schema.columns WHERE table_schema = %s AND table_name = %s
            ORDER BY ordinal_position''', [schema, view])
        for name, kind, comment in cursor.fetchall():
            print(json.dumps({'view': view, 'column': name, 'type': kind, 'comment': comment}))
        cursor.execute(f'SELECT v.* FROM {schema}.{view} AS v ORDER BY v::text COLLATE "C"')
        names = [d[0] for d in cursor.description]
        for row in cursor:
            print(json.dumps({'view': view, 'row': [plain(v, c) for v, c in zip(row, names)]}, allow_nan=False))


main(*sys.argv[1:])
