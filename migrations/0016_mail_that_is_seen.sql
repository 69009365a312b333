-- Two tickets that show each other: a subject names the one from outside, or one mail came to the mailboxes of both.
ALTER TABLE ticket ADD COLUMN related_why text NOT NULL DEFAULT 'named' CHECK (related_why IN ('named', 'copy'));
CREATE INDEX ticket_related ON ticket (related_ticket_id) WHERE related_ticket_id IS NOT NULL;
