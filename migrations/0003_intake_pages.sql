-- A mail of a few KB stays in its row, compressed: a second table with two chunks, and their index, cost each of them a
-- tenth of what PostgreSQL does for it. What is larger goes there as ever.
ALTER TABLE contact SET (toast_tuple_target = 4080);
ALTER TABLE contact_raw SET (toast_tuple_target = 4080);
