-- section: price
-- The book's own prices, made when create_book is given no relation of prices.

CREATE TABLE @book@.price (
	asset text,
	ts timestamptz,
	price float8,
	PRIMARY KEY (asset, ts)
);
CREATE INDEX price_ts ON @book@.price (ts);
COMMENT ON TABLE @book@.price IS 'Prices. Not positive or not finite ones may stand here: no return is made from them, and data_quality counts them.';
COMMENT ON COLUMN @book@.price.asset IS 'What has the price.';
COMMENT ON COLUMN @book@.price.ts IS 'Instant of the price. Of several in one bar the last counts.';
COMMENT ON COLUMN @book@.price.price IS 'Price of one unit, in the instrument''s currency. NULL: none.';
