// Reads a book as JavaScript tools do, through the package pg as it comes: values as it types them.
// Prints what test/clients/compare.py reads; fails where a number arrives as a string.
//   node read_node.cjs SCHEMA VIEW...     connection by PGHOST, PGPORT, PGUSER, ...
const { Client } = require('pg');

const typeOf = { text: 'string', int4: 'number', float8: 'number', bool: 'boolean', date: 'date', timestamptz: 'date' };

function plain(value, column) {
  if (value === null) return null;
  const kind = value instanceof Date ? 'date' : typeof value;
  if (kind !== typeOf[column.type]) {
    throw new Error(`column ${column.column} of type ${column.type} arrives as ${kind}`);
  }
  if (kind === 'number' && !Number.isFinite(value)) throw new Error(`column ${column.column} holds ${value}`);
  if (column.type === 'date') return value.toISOString().slice(0, 10);
  return kind === 'date' ? value.getTime() : value;
}

async function main([schema, ...views]) {
  const print = (object) => console.log(JSON.stringify(object));
  const client = new Client();
  await client.connect();
  const listed = await client.query(`
    SELECT c.relname AS view, obj_description(c.oid, 'pg_class') AS comment
    FROM pg_class AS c WHERE c.relkind = 'v' AND c.relnamespace = $1::regnamespace`, [schema]);
  listed.rows.forEach(print);
  for (const view of views) {
    const columns = (await client.query(`
      SELECT $2::text AS view, a.attname AS column, t.typname AS type, col_description(a.attrelid, a.attnum) AS comment
      FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
      WHERE a.attrelid = ($1 || '.' || $2)::regclass AND a.attnum > 0 ORDER BY a.attnum`, [schema, view])).rows;
    columns.forEach(print);
    const rows = await client.query({
      text: `SELECT v.* FROM ${schema}.${view} AS v ORDER BY v::text COLLATE "C"`, rowMode: 'array' });
    rows.rows.forEach((row) => print({ view, row: row.map((value, i) => plain(value, columns[i])) }));
  }
  await client.end();
}

process.env.TZ = 'UTC';
main(process.argv.slice(2)).catch((error) => {
  console.error(String(error));
  process.exit(1);
});
