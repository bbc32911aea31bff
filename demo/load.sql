-- A book with the demonstration's prices and positions, and its first run.
\set ON_ERROR_STOP on
CREATE EXTENSION pghedge;
SELECT hedge.create_book('desk', base_currency => 'EUR');
\copy desk.price (ts, asset, price) FROM 'demo/prices.csv' WITH (FORMAT csv, HEADER)
\copy desk.instrument (asset, contract_size, funded) FROM 'demo/instruments.csv' WITH (FORMAT csv, HEADER)
\copy desk.position (portfolio, asset, quantity) FROM 'demo/positions.csv' WITH (FORMAT csv, HEADER)
CALL hedge.refresh('desk', as_of => '1998-08-25');
