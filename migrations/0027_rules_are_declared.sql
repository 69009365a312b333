-- What a rule does not say is not in it: it used to be kept as it was sent, with null for what was not meant.
UPDATE rule SET conditions = jsonb_strip_nulls(conditions), actions = jsonb_strip_nulls(actions)
WHERE conditions <> jsonb_strip_nulls(conditions) OR actions <> jsonb_strip_nulls(actions);
