CREATE TABLE IF NOT EXISTS items (name TEXT PRIMARY KEY, price_cents BIGINT NOT NULL, stock BIGINT NOT NULL);
INSERT INTO items (name, price_cents, stock) VALUES
    ('tea', 350, 1000),
    ('cup', 700, 1000),
    ('kettle', 2900, 1000),
    ('milk', 120, 1000),
    ('sugar', 90, 1000),
    ('spoon', 250, 1000),
    ('plate', 600, 1000),
    ('cake', 1800, 1000)
ON CONFLICT (name) DO NOTHING;
