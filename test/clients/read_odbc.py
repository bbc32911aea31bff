"""Reads a book as ODBC tools do: views by SQLTables, columns by SQLColumns, rows as the driver types them.

Prints what test/clients/compare.py reads; fails at a value of a type that it does not expect.
    read_odbc.py SCHEMA VIEW...     connection by PGHOST, PGPORT, PGUSER, ...
"""
import datetime
import json
import os
import sys

import pyodbc

EPOCH = datetime.datetime(1970, 1, 1)


def plain(value, column):
    if isinstance(value, datetime.datetime):
        return (value - EPOCH) // datetime.timedelta(milliseconds=1)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or type(value) in (str, int, float, bool):
        return value
    sys.exit(f'column {column} arrives as {type(value).__name__}')


def main(schema, *views):
    env = os.environ
    os.environ['PGTZ'] = 'UTC'
    connection = pyodbc.connect(
        f"Driver={env['ODBC_DRIVER']};Server={env['PGHOST']};Port={env['PGPORT']};Database={env['PGDATABASE']};"
        f"UID={env['PGUSER']};PWD={env['PGPASSWORD']};BoolsAsChar=0;SSLMode=disable")
    cursor = connection.cursor()
    for row in cursor.tables(schema=schema, tableType='VIEW').fetchall():
        print(json.dumps({'view': row.table_name, 'comment': row.remarks}))
    for view in views:
        for row in cursor.columns(schema=schema, table=view).fetchall():
            print(json.dumps({'view': view, 'column': row.column_name, 'type': row.type_name, 'comment': row.remarks}))
        cursor.execute(f'SELECT v.* FROM {schema}.{view} AS v ORDER BY v::text COLLATE "C"')
        names = [d[0] for d in cursor.description]
        for row in cursor:
            print(json.dumps({'view': view, 'row': [plain(v, c) for v, c in zip(row, names)]}, allow_nan=False))


main(*sys.argv[1:])
