-- section: position
-- The book's own positions, made when create_book is given no relation of positions.

CREATE TABLE @book@.position (
	portfolio text NOT NULL,
	asset text NOT NULL,
	quantity float8 NOT NULL,
	delta float8 NOT NULL DEFAULT 1,
	CONSTRAINT quantity_is_finite CHECK (quantity > '-infinity' AND quantity < 'infinity'),
	CONSTRAINT delta_is_finite CHECK (delta > '-infinity' AND delta < 'infinity')
);
CREATE INDEX position_portfolio_asset ON @book@.position (portfolio, asset);
ALTER TABLE @book@.position REPLICA IDENTITY FULL;
COMMENT ON TABLE @book@.position IS 'What is held now. Several rows of one asset in a portfolio are summed.';
COMMENT ON COLUMN @book@.position.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.position.asset IS 'What is held.';
COMMENT ON COLUMN @book@.position.quantity IS 'Contracts held; negative when short. Above 1e50 there is no exposure.';
COMMENT ON COLUMN @book@.position.delta IS 'Change of the position''s value per change of the asset''s: 1 for the asset itself and its futures, an option''s delta for options.';
