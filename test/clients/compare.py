"""Compares what a client read (standard input) with what the server has (file): says where they differ.

Lines of JSON: {view, comment}, {view, column, type, comment}, {view, row}; times as milliseconds since 1970.
A column of another type than BI tools read is refused, whether or not this client could read it. A client
may leave comments out, all of them with --no-comments, but not change one.
    compare.py FILE [--no-comments]
"""
import json
import sys

PLAIN = {'text', 'int4', 'float8', 'bool', 'date', 'timestamptz'}


def refuse(word):
    sys.exit(f'{word} reached the client')


def read(lines):
    """What was said of the views, of the columns, and the rows, by view."""
    views, columns, rows = {}, {}, {}
    for line in lines:
        said = json.loads(line, parse_constant=refuse)
        if 'row' in said:
            rows.setdefault(said['view'], []).append(said['row'])
        elif 'column' in said:
            columns.setdefault(said['view'], []).append((said['column'], said['type'], said['comment']))
        else:
            views[said['view']] = said['comment']
    return views, columns, rows


def same(name, got, want):
    if name.endswith('age_seconds') and got is not None and want is not None:    # they grow meanwhile
        return 0 <= got - want < 600
    return got == want and type(got) is type(want) or type(want) is int and got == float(want)


def differences(got, want):
    for view in sorted(set(got[0]) | set(want[0])):
        if view not in got[0] or view not in want[0] or got[0][view] not in (want[0][view], '', None):
            yield f'view {view}: {got[0].get(view)!r} read, {want[0].get(view)!r} there'
    for view, there in want[1].items():
        names = [name for name, *_ in there]
        read_columns = got[1].get(view, [])
        if [c[:2] for c in read_columns] != [c[:2] for c in there]:
            yield f'columns of {view}: {read_columns} read, {there} there'
        for name, kind, _ in read_columns:
            if kind not in PLAIN:
                yield f'{view}.{name} has type {kind}'
        for x, y in zip(read_columns, there):
            if x[2] not in (y[2], '', None):
                yield f'comment on {view}.{y[0]}: {x[2]!r} read, {y[2]!r} there'
        x, y = got[2].get(view, []), want[2].get(view, [])
        if len(x) != len(y):
            yield f'rows of {view}: {len(x)} read, {len(y)} there'
        for r, t in zip(x, y):
            for name, a, b in zip(names, r, t):
                if not same(name, a, b):
                    yield f'{view}.{name}: {a!r} read, {b!r} there'


with open(sys.argv[1]) as file:
    want = read(file)
got = read(sys.stdin)
if not want[2]:
    sys.exit('the server has no row to read')
found = list(differences(got, want))
comments = [c for c in list(got[0].values()) + [c[2] for v in got[1].values() for c in v] if c]
print(f'{len(comments)} comments seen')
if not comments and '--no-comments' not in sys.argv:
    found.append('no comment was seen')
sys.exit('\n'.join(found[:20]) or 0)
