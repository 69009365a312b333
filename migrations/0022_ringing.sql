-- Written work (e-mail, fax, post, social, messages that callers left) may be put aside for a call or a chat unless its
-- queue says otherwise; live work never is, whatever the queue says. Queues of before to which written work comes, and
-- where nobody has said so yet, do so from now on. What is in hand at this moment keeps the room it has taken.
ALTER TABLE queue ALTER COLUMN interruptible SET DEFAULT true;
COMMENT ON COLUMN queue.interruptible IS 'its written work may be parked for a call or a chat';
UPDATE queue SET interruptible = true, version = version + 1
WHERE NOT interruptible AND (
    EXISTS (SELECT FROM gateway g WHERE g.queue_id = queue.id AND
            g.kind IN ('email', 'sendgrid', 'mailgun', 'postmark', 'ses', 'fax'))
    OR EXISTS (SELECT FROM ticket t WHERE t.queue_id = queue.id AND t.channel IN ('email', 'fax', 'post', 'social')));
