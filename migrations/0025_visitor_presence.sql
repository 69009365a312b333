-- When the visitor's last window was closed; null while he is here, or as far as anybody knows.
ALTER TABLE chat_session ADD COLUMN away_since timestamptz;
