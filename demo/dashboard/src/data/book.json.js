// Everything the page shows, read from the views of one book: PGHEDGE_BOOK (desk), in the database that
// the usual PG variables name. What is large is cut, and the cut is told.
import pg from 'pg';

const MOST_PAIRS = 5000;        // rows of materialized_offsets, the largest risk_offset first
const MOST_SERIES = 40;         // pairs with a rolling correlation
const MOST_ASSETS = 40;         // in the heat map

const client = new pg.Client();
await client.connect();
const book = process.env.PGHEDGE_BOOK || 'desk';
const schema = pg.escapeIdentifier(book);
const rows = async (text, values) => (await client.query(text, values)).rows;

// One state of the book for all queries.
await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
const [{ base_currency: currency }] = await rows(`SELECT base_currency FROM ${schema}.book`);
const health = await rows(`SELECT * FROM ${schema}.model_health ORDER BY model`);
const models = await rows(`SELECT model, bar::text AS bar, rolling_bars, minimum_correlation FROM ${schema}.model ORDER BY model`);
const portfolios = await rows(`SELECT * FROM ${schema}.portfolio_risk ORDER BY portfolio, model`);
const [{ all_pairs: allPairs }] = await rows(`SELECT count(*)::integer AS all_pairs FROM ${schema}.materialized_offsets`);
const pairs = await rows(`SELECT * FROM ${schema}.materialized_offsets ORDER BY risk_offset DESC, portfolio, asset_a, asset_b LIMIT $1`,
  [MOST_PAIRS]);

const key = (p) => JSON.stringify([p.model, p.asset_a, p.asset_b]);
const shown = [...new Map(pairs.map((p) => [key(p), p])).values()].slice(0, MOST_SERIES);
const rolling = [];
const stability = [];
for (const { model, asset_a: y, asset_b: x } of shown) {
  const where = 'WHERE model = $1 AND asset_y = $2 AND asset_x = $3';
  rolling.push(...await rows(`SELECT * FROM ${schema}.rolling_correlation ${where} ORDER BY time`, [model, y, x]));
  stability.push(...await rows(`SELECT * FROM ${schema}.correlation_stability ${where}`, [model, y, x]));
}

const held = [...new Set(pairs.flatMap((p) => [p.asset_a, p.asset_b]))].slice(0, MOST_ASSETS);
const correlation = await rows(
  `SELECT * FROM ${schema}.correlation WHERE asset_y = ANY ($1) AND asset_x = ANY ($1) ORDER BY model, asset_y, asset_x`, [held]);
const alerts = await rows(`SELECT * FROM ${schema}.open_alerts`);
const quality = await rows(`SELECT * FROM ${schema}.data_quality ORDER BY model, asset`);
await client.query('COMMIT');
await client.end();

process.stdout.write(JSON.stringify({
  book, currency, models, health, portfolios, allPairs, pairs, rolling, stability, correlation, alerts, quality,
}));
