-- The ledger only grows: nobody changes or deletes an event, not even by mistake.
DROP TRIGGER IF EXISTS events_are_kept;
CREATE TRIGGER events_are_kept BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an event is never deleted'); END;
DROP TRIGGER IF EXISTS events_are_fixed;
CREATE TRIGGER events_are_fixed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an event is never changed'); END;
DROP TRIGGER IF EXISTS acts_are_kept;
CREATE TRIGGER acts_are_kept BEFORE DELETE ON acts
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an act is never deleted'); END;
DROP TRIGGER IF EXISTS acts_are_fixed;
CREATE TRIGGER acts_are_fixed BEFORE UPDATE ON acts
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an act is never changed'); END;
-- A text that the ledger commits to is erased or it stays as it is.
DROP TRIGGER IF EXISTS personal_texts_are_fixed;
CREATE TRIGGER personal_texts_are_fixed BEFORE UPDATE ON personal_texts
BEGIN SELECT RAISE(ABORT, 'the ledger commits to this text: it can be erased, not changed'); END;
-- The terms of a selection, its nominations and its sealed result stay as they were.
DROP TRIGGER IF EXISTS selections_are_kept;
CREATE TRIGGER selections_are_kept BEFORE DELETE ON selections
BEGIN SELECT RAISE(ABORT, 'a selection is never deleted'); END;
DROP TRIGGER IF EXISTS selections_are_fixed;
CREATE TRIGGER selections_are_fixed BEFORE UPDATE ON selections
BEGIN SELECT RAISE(ABORT, 'a selection is never changed'); END;
DROP TRIGGER IF EXISTS nominations_are_kept;
CREATE TRIGGER nominations_are_kept BEFORE DELETE ON selection_nominations
BEGIN SELECT RAISE(ABORT, 'a nomination is never deleted'); END;
DROP TRIGGER IF EXISTS nominations_are_fixed;
CREATE TRIGGER nominations_are_fixed BEFORE UPDATE ON selection_nominations
BEGIN SELECT RAISE(ABORT, 'a nomination is never changed'); END;
DROP TRIGGER IF EXISTS selection_results_are_kept;
CREATE TRIGGER selection_results_are_kept BEFORE DELETE ON selection_results
BEGIN SELECT RAISE(ABORT, 'a sealed result is never deleted'); END;
DROP TRIGGER IF EXISTS selection_results_are_fixed;
CREATE TRIGGER selection_results_are_fixed BEFORE UPDATE ON selection_results
BEGIN SELECT RAISE(ABORT, 'a sealed result is never changed'); END;
-- What a campaign was opened with, which cases it looks at, and its sealed report stay as they were.
DROP TRIGGER IF EXISTS campaigns_are_kept;
CREATE TRIGGER campaigns_are_kept BEFORE DELETE ON revisit_campaigns
BEGIN SELECT RAISE(ABORT, 'a revisit campaign is never deleted'); END;
DROP TRIGGER IF EXISTS campaigns_are_fixed;
CREATE TRIGGER campaigns_are_fixed
BEFORE UPDATE OF congress_id, id, title, terms, opened_at, population, population_sha256, chosen, strata ON revisit_campaigns
BEGIN SELECT RAISE(ABORT, 'the terms of a revisit campaign and its draw are never changed'); END;
DROP TRIGGER IF EXISTS campaigns_stay_closed;
CREATE TRIGGER campaigns_stay_closed BEFORE UPDATE ON revisit_campaigns WHEN OLD.closed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a closed revisit campaign is never changed'); END;
DROP TRIGGER IF EXISTS revisit_cases_are_kept;
CREATE TRIGGER revisit_cases_are_kept BEFORE DELETE ON revisit_cases
BEGIN SELECT RAISE(ABORT, 'the cases of a revisit campaign are never changed'); END;
DROP TRIGGER IF EXISTS revisit_cases_are_fixed;
CREATE TRIGGER revisit_cases_are_fixed BEFORE UPDATE OF congress_id, campaign_id, case_id, stratum, place, chosen ON revisit_cases
BEGIN SELECT RAISE(ABORT, 'the cases of a revisit campaign are never changed'); END;
DROP TRIGGER IF EXISTS revisit_reports_are_kept;
CREATE TRIGGER revisit_reports_are_kept BEFORE DELETE ON revisit_reports
BEGIN SELECT RAISE(ABORT, 'a sealed report of a revisit campaign is never deleted'); END;
DROP TRIGGER IF EXISTS revisit_reports_are_fixed;
CREATE TRIGGER revisit_reports_are_fixed BEFORE UPDATE ON revisit_reports
BEGIN SELECT RAISE(ABORT, 'a sealed report of a revisit campaign is never changed'); END;
-- What became of departments, statements as they were issued, and what was said of them, stay.
DROP TRIGGER IF EXISTS department_successions_are_kept;
CREATE TRIGGER department_successions_are_kept BEFORE DELETE ON department_successions
BEGIN SELECT RAISE(ABORT, 'what became of a department is never deleted'); END;
DROP TRIGGER IF EXISTS department_successions_are_fixed;
CREATE TRIGGER department_successions_are_fixed BEFORE UPDATE ON department_successions
BEGIN SELECT RAISE(ABORT, 'what became of a department is never changed'); END;
DROP TRIGGER IF EXISTS commitment_statements_are_kept;
CREATE TRIGGER commitment_statements_are_kept BEFORE DELETE ON commitment_statements
BEGIN SELECT RAISE(ABORT, 'a statement is never deleted'); END;
DROP TRIGGER IF EXISTS commitment_statements_are_fixed;
CREATE TRIGGER commitment_statements_are_fixed BEFORE UPDATE ON commitment_statements
BEGIN SELECT RAISE(ABORT, 'a statement is never changed'); END;
DROP TRIGGER IF EXISTS commitment_statement_lines_are_kept;
CREATE TRIGGER commitment_statement_lines_are_kept BEFORE DELETE ON commitment_statement_lines
BEGIN SELECT RAISE(ABORT, 'a statement is never deleted'); END;
DROP TRIGGER IF EXISTS commitment_statement_lines_are_fixed;
CREATE TRIGGER commitment_statement_lines_are_fixed BEFORE UPDATE ON commitment_statement_lines
BEGIN SELECT RAISE(ABORT, 'a statement is never changed'); END;
DROP TRIGGER IF EXISTS commitment_confirmations_are_kept;
CREATE TRIGGER commitment_confirmations_are_kept BEFORE DELETE ON commitment_confirmations
BEGIN SELECT RAISE(ABORT, 'a confirmation is never deleted'); END;
DROP TRIGGER IF EXISTS commitment_confirmations_are_fixed;
CREATE TRIGGER commitment_confirmations_are_fixed BEFORE UPDATE ON commitment_confirmations
BEGIN SELECT RAISE(ABORT, 'a confirmation is never changed'); END;
-- What happened to an opinion or a recommendation, and who was met at a station, stays as it was written.
DROP TRIGGER IF EXISTS matter_events_are_kept;
CREATE TRIGGER matter_events_are_kept BEFORE DELETE ON matter_events
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an event is never deleted'); END;
DROP TRIGGER IF EXISTS matter_events_are_fixed;
CREATE TRIGGER matter_events_are_fixed BEFORE UPDATE ON matter_events
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an event is never changed'); END;
DROP TRIGGER IF EXISTS receptions_are_kept;
CREATE TRIGGER receptions_are_kept BEFORE DELETE ON receptions
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: a reception is never deleted'); END;
DROP TRIGGER IF EXISTS receptions_are_fixed;
CREATE TRIGGER receptions_are_fixed BEFORE UPDATE ON receptions
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: a reception is never changed'); END;
-- A sealed report is what was read out in public.
DROP TRIGGER IF EXISTS reports_are_kept;
CREATE TRIGGER reports_are_kept BEFORE DELETE ON reports
BEGIN SELECT RAISE(ABORT, 'a sealed report is never deleted'); END;
DROP TRIGGER IF EXISTS reports_are_fixed;
CREATE TRIGGER reports_are_fixed BEFORE UPDATE ON reports
BEGIN SELECT RAISE(ABORT, 'a sealed report is never changed: seal another edition'); END;
-- Whatever a book gains waits for its leaf in the log, from within the same transaction.
DROP TRIGGER IF EXISTS events_are_logged;
CREATE TRIGGER events_are_logged AFTER INSERT ON events
BEGIN INSERT INTO log_queue (log_id, kind, subject_id, version) VALUES (NEW.congress_id, 'event', NEW.case_id, NEW.version); END;
DROP TRIGGER IF EXISTS acts_are_logged;
CREATE TRIGGER acts_are_logged AFTER INSERT ON acts
BEGIN INSERT INTO log_queue (log_id, kind, subject_id, version) VALUES (COALESCE(NEW.congress_id, 'installation'), 'act', NEW.id, 0); END;
DROP TRIGGER IF EXISTS reports_are_logged;
CREATE TRIGGER reports_are_logged AFTER INSERT ON reports
BEGIN INSERT INTO log_queue (log_id, kind, subject_id, version) VALUES (NEW.congress_id, 'report', NEW.id, 0); END;
-- The log only grows, too.
DROP TRIGGER IF EXISTS logs_are_kept;
CREATE TRIGGER logs_are_kept BEFORE DELETE ON logs
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever deleted'); END;
DROP TRIGGER IF EXISTS logs_are_fixed;
CREATE TRIGGER logs_are_fixed BEFORE UPDATE ON logs
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever changed'); END;
DROP TRIGGER IF EXISTS log_leaves_are_kept;
CREATE TRIGGER log_leaves_are_kept BEFORE DELETE ON log_leaves
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever deleted'); END;
DROP TRIGGER IF EXISTS log_leaves_are_fixed;
CREATE TRIGGER log_leaves_are_fixed BEFORE UPDATE ON log_leaves
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever changed'); END;
DROP TRIGGER IF EXISTS log_nodes_are_kept;
CREATE TRIGGER log_nodes_are_kept BEFORE DELETE ON log_nodes
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever deleted'); END;
DROP TRIGGER IF EXISTS log_nodes_are_fixed;
CREATE TRIGGER log_nodes_are_fixed BEFORE UPDATE ON log_nodes
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever changed'); END;
DROP TRIGGER IF EXISTS checkpoints_are_kept;
CREATE TRIGGER checkpoints_are_kept BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever deleted'); END;
DROP TRIGGER IF EXISTS checkpoints_are_fixed;
CREATE TRIGGER checkpoints_are_fixed BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever changed'); END;
DROP TRIGGER IF EXISTS cosignatures_are_kept;
CREATE TRIGGER cosignatures_are_kept BEFORE DELETE ON cosignatures
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever deleted'); END;
DROP TRIGGER IF EXISTS cosignatures_are_fixed;
CREATE TRIGGER cosignatures_are_fixed BEFORE UPDATE ON cosignatures
BEGIN SELECT RAISE(ABORT, 'the log only grows: nothing of it is ever changed'); END;
-- A problem list stays as it was assigned, and so does the history of its items.
DROP TRIGGER IF EXISTS problem_lists_are_kept;
CREATE TRIGGER problem_lists_are_kept BEFORE DELETE ON problem_lists
BEGIN SELECT RAISE(ABORT, 'a problem list is never deleted'); END;
DROP TRIGGER IF EXISTS problem_lists_are_fixed;
CREATE TRIGGER problem_lists_are_fixed BEFORE UPDATE ON problem_lists
BEGIN SELECT RAISE(ABORT, 'a problem list is never changed'); END;
DROP TRIGGER IF EXISTS problem_events_are_kept;
CREATE TRIGGER problem_events_are_kept BEFORE DELETE ON problem_events
BEGIN SELECT RAISE(ABORT, 'the history of an item is never deleted'); END;
DROP TRIGGER IF EXISTS problem_events_are_fixed;
CREATE TRIGGER problem_events_are_fixed BEFORE UPDATE ON problem_events
BEGIN SELECT RAISE(ABORT, 'the history of an item is never changed'); END;
-- What programs were told was told in this order, and under these names.
DROP TRIGGER IF EXISTS feed_is_kept;
CREATE TRIGGER feed_is_kept BEFORE DELETE ON feed
BEGIN SELECT RAISE(ABORT, 'the feed only grows: nothing of it is ever deleted'); END;
DROP TRIGGER IF EXISTS feed_is_fixed;
CREATE TRIGGER feed_is_fixed BEFORE UPDATE ON feed
BEGIN SELECT RAISE(ABORT, 'the feed only grows: nothing of it is ever changed'); END;
