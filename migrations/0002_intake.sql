-- What intake stores in bulk is compressed by lz4: a third more contacts a second than pglz, at a little more space.
ALTER TABLE contact ALTER COLUMN text SET COMPRESSION lz4;
ALTER TABLE contact ALTER COLUMN html SET COMPRESSION lz4;
ALTER TABLE contact_raw ALTER COLUMN body SET COMPRESSION lz4;
ALTER TABLE attachment ALTER COLUMN content SET STORAGE EXTERNAL; -- pictures, PDF and TIFF are compressed already

-- One input may hold many contacts (a CSV of calls). Its bytes are kept once, with the first of them.
ALTER TABLE contact_raw ADD COLUMN shared_with bigint REFERENCES contact_raw;
