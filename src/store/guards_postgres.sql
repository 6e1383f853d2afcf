-- The ledger only grows: nobody changes or deletes an event, not even by mistake.
CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger only grows: an event is never changed or deleted'; END $$;
DROP TRIGGER IF EXISTS events_are_kept ON events;
CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
DROP TRIGGER IF EXISTS acts_are_kept ON acts;
CREATE TRIGGER acts_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON acts
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
-- A text that the ledger commits to is erased or it stays as it is.
CREATE OR REPLACE FUNCTION ledger_commits_to_it() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger commits to this text: it can be erased, not changed'; END $$;
DROP TRIGGER IF EXISTS personal_texts_are_fixed ON personal_texts;
CREATE TRIGGER personal_texts_are_fixed BEFORE UPDATE ON personal_texts
FOR EACH STATEMENT EXECUTE FUNCTION ledger_commits_to_it();
-- The terms of a selection, its nominations and its sealed result stay as they were.
CREATE OR REPLACE FUNCTION selections_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a selection, its nominations and its sealed result are never changed or deleted'; END $$;
DROP TRIGGER IF EXISTS selections_are_kept ON selections;
CREATE TRIGGER selections_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON selections
FOR EACH STATEMENT EXECUTE FUNCTION selections_stay();
DROP TRIGGER IF EXISTS nominations_are_kept ON selection_nominations;
CREATE TRIGGER nominations_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON selection_nominations
FOR EACH STATEMENT EXECUTE FUNCTION selections_stay();
DROP TRIGGER IF EXISTS selection_results_are_kept ON selection_results;
CREATE TRIGGER selection_results_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON selection_results
FOR EACH STATEMENT EXECUTE FUNCTION selections_stay();
-- What a campaign was opened with, which cases it looks at, and its sealed report stay as they were.
CREATE OR REPLACE FUNCTION campaigns_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the terms of a revisit campaign, its draw and its sealed report are never changed or deleted'; END $$;
DROP TRIGGER IF EXISTS campaigns_are_kept ON revisit_campaigns;
CREATE TRIGGER campaigns_are_kept BEFORE DELETE OR TRUNCATE ON revisit_campaigns
FOR EACH STATEMENT EXECUTE FUNCTION campaigns_stay();
DROP TRIGGER IF EXISTS campaigns_are_fixed ON revisit_campaigns;
CREATE TRIGGER campaigns_are_fixed
BEFORE UPDATE OF congress_id, id, title, terms, opened_at, population, population_sha256, chosen, strata ON revisit_campaigns
FOR EACH STATEMENT EXECUTE FUNCTION campaigns_stay();
DROP TRIGGER IF EXISTS campaigns_stay_closed ON revisit_campaigns;
CREATE TRIGGER campaigns_stay_closed BEFORE UPDATE ON revisit_campaigns
FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION campaigns_stay();
DROP TRIGGER IF EXISTS revisit_cases_are_kept ON revisit_cases;
CREATE TRIGGER revisit_cases_are_kept BEFORE DELETE OR TRUNCATE ON revisit_cases
FOR EACH STATEMENT EXECUTE FUNCTION campaigns_stay();
DROP TRIGGER IF EXISTS revisit_cases_are_fixed ON revisit_cases;
CREATE TRIGGER revisit_cases_are_fixed
BEFORE UPDATE OF congress_id, campaign_id, case_id, stratum, place, chosen ON revisit_cases
FOR EACH STATEMENT EXECUTE FUNCTION campaigns_stay();
DROP TRIGGER IF EXISTS revisit_reports_are_kept ON revisit_reports;
CREATE TRIGGER revisit_reports_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON revisit_reports
FOR EACH STATEMENT EXECUTE FUNCTION campaigns_stay();
-- What became of departments, statements as they were issued, and what was said of them, stay.
DROP TRIGGER IF EXISTS department_successions_are_kept ON department_successions;
CREATE TRIGGER department_successions_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON department_successions
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
DROP TRIGGER IF EXISTS commitment_statements_are_kept ON commitment_statements;
CREATE TRIGGER commitment_statements_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON commitment_statements
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
DROP TRIGGER IF EXISTS commitment_statement_lines_are_kept ON commitment_statement_lines;
CREATE TRIGGER commitment_statement_lines_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON commitment_statement_lines
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
DROP TRIGGER IF EXISTS commitment_confirmations_are_kept ON commitment_confirmations;
CREATE TRIGGER commitment_confirmations_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON commitment_confirmations
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
-- What happened to an opinion or a recommendation, and who was met at a station, stays as it was written.
DROP TRIGGER IF EXISTS matter_events_are_kept ON matter_events;
CREATE TRIGGER matter_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON matter_events
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
DROP TRIGGER IF EXISTS receptions_are_kept ON receptions;
CREATE TRIGGER receptions_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON receptions
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
-- A sealed report is what was read out in public.
DROP TRIGGER IF EXISTS reports_are_kept ON reports;
CREATE TRIGGER reports_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reports
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
-- Whatever a book gains waits for its leaf in the log, from within the same transaction.
CREATE OR REPLACE FUNCTION event_is_logged() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO log_queue (log_id, kind, subject_id, version) VALUES (NEW.congress_id, 'event', NEW.case_id, NEW.version); RETURN NULL; END $$;
DROP TRIGGER IF EXISTS events_are_logged ON events;
CREATE TRIGGER events_are_logged AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION event_is_logged();
CREATE OR REPLACE FUNCTION act_is_logged() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO log_queue (log_id, kind, subject_id, version) VALUES (COALESCE(NEW.congress_id, 'installation'), 'act', NEW.id, 0); RETURN NULL; END $$;
DROP TRIGGER IF EXISTS acts_are_logged ON acts;
CREATE TRIGGER acts_are_logged AFTER INSERT ON acts FOR EACH ROW EXECUTE FUNCTION act_is_logged();
CREATE OR REPLACE FUNCTION report_is_logged() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO log_queue (log_id, kind, subject_id, version) VALUES (NEW.congress_id, 'report', NEW.id, 0); RETURN NULL; END $$;
DROP TRIGGER IF EXISTS reports_are_logged ON reports;
CREATE TRIGGER reports_are_logged AFTER INSERT ON reports FOR EACH ROW EXECUTE FUNCTION report_is_logged();
-- The log only grows, too.
CREATE OR REPLACE FUNCTION log_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log only grows: nothing of it is ever changed or deleted'; END $$;
DROP TRIGGER IF EXISTS logs_are_kept ON logs;
CREATE TRIGGER logs_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON logs
FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
DROP TRIGGER IF EXISTS log_leaves_are_kept ON log_leaves;
CREATE TRIGGER log_leaves_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON log_leaves
FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
DROP TRIGGER IF EXISTS log_nodes_are_kept ON log_nodes;
CREATE TRIGGER log_nodes_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON log_nodes
FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
DROP TRIGGER IF EXISTS checkpoints_are_kept ON checkpoints;
CREATE TRIGGER checkpoints_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
DROP TRIGGER IF EXISTS cosignatures_are_kept ON cosignatures;
CREATE TRIGGER cosignatures_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON cosignatures
FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
-- A problem list stays as it was assigned, and so does the history of its items.
CREATE OR REPLACE FUNCTION problem_lists_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a problem list and the history of its items are never changed or deleted'; END $$;
DROP TRIGGER IF EXISTS problem_lists_are_kept ON problem_lists;
CREATE TRIGGER problem_lists_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON problem_lists
FOR EACH STATEMENT EXECUTE FUNCTION problem_lists_stay();
DROP TRIGGER IF EXISTS problem_events_are_kept ON problem_events;
CREATE TRIGGER problem_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON problem_events
FOR EACH STATEMENT EXECUTE FUNCTION problem_lists_stay();
-- What programs were told was told in this order, and under these names.
DROP TRIGGER IF EXISTS feed_is_kept ON feed;
CREATE TRIGGER feed_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON feed
FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
