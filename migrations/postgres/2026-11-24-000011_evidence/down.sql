DROP FUNCTION IF EXISTS event_is_logged() CASCADE;
DROP FUNCTION IF EXISTS act_is_logged() CASCADE;
DROP FUNCTION IF EXISTS report_is_logged() CASCADE;
DROP TABLE cosignatures;
DROP TABLE checkpoints;
DROP TABLE log_nodes;
DROP TABLE log_leaves;
DROP TABLE log_queue;
DROP TABLE logs;
