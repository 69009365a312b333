-- What becomes of a ticket whose customer leaves before anybody has it in hand: somebody calls back (where a number is
-- known; else it stays), it is closed, or it stays as it is.
ALTER TABLE queue ADD COLUMN left_action text NOT NULL DEFAULT 'call_back' CHECK (left_action IN ('call_back', 'close', 'stay'));
