-- What the mails of a ticket name besides messages that are known here: "<id>", a message that never came here (a
-- colleague answers before, or instead of, what he answers), and "conversation <base64>", the Thread-Index of Outlook.
-- Another mail that names it belongs to the ticket if who wrote it takes part there.
CREATE TABLE mail_clue (
    clue       text   NOT NULL,
    ticket_id  bigint NOT NULL REFERENCES ticket
);
CREATE INDEX mail_clue_by_clue ON mail_clue (clue, ticket_id);
