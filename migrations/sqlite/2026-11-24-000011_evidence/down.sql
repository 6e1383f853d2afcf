DROP TRIGGER IF EXISTS events_are_logged;
DROP TRIGGER IF EXISTS acts_are_logged;
DROP TRIGGER IF EXISTS reports_are_logged;
DROP TABLE cosignatures;
DROP TABLE checkpoints;
DROP TABLE log_nodes;
DROP TABLE log_leaves;
DROP TABLE log_queue;
DROP TABLE logs;
