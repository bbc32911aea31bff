// All pairs with DuckDB: its in-memory copy of a CSV file (asset, ts, value), a self-join and corr,
// two threads.  Argument: the file.  Prints milliseconds, number of pairs and the sum of the
// correlations, then the version.
const { DuckDBInstance } = require('@duckdb/node-api');

async function main() {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE long AS SELECT * FROM read_csv('${process.argv[2]}', header = false,
    columns = {asset: 'VARCHAR', ts: 'TIMESTAMPTZ', value: 'DOUBLE'})`);
  const start = process.hrtime.bigint();
  const reader = await connection.runAndReadAll(`
    SELECT count(*)::INTEGER, sum(correlation)
    FROM (SELECT y.asset, x.asset, corr(y.value, x.value) AS correlation
          FROM long y JOIN long x ON x.ts = y.ts AND x.asset > y.asset
          GROUP BY y.asset, x.asset)`);
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  const version = await connection.runAndReadAll('SELECT version()');
  console.log(milliseconds.toFixed(3));
  console.log(reader.getRows()[0].join(' '));
  console.log(version.getRows()[0][0]);
}

main();
