-- When the visitor was last sent what was said: he may ask for it once in some minutes.
ALTER TABLE chat_session ADD COLUMN transcript_at timestamptz;
