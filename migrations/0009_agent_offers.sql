-- A new leader asks since when each agent is idle, and how much each has begun today.
CREATE INDEX offer_agent_ended ON offer (agent_id, ended_at) WHERE state IN ('done', 'declined', 'timed_out');
