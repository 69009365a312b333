-- Tokens are rows of a declared noun, whose lists are JSON.
ALTER TABLE token
    ALTER COLUMN scopes TYPE jsonb USING to_jsonb(scopes),
    ALTER COLUMN gateway_ids TYPE jsonb USING to_jsonb(gateway_ids);

-- What an agent has missed in a row is the engine's to count.
ALTER TABLE presence DROP COLUMN missed;
