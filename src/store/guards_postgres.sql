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
-- A sealed report is what was read out in public.
DROP TRIGGER IF EXISTS reports_are_kept ON reports;
CREATE TRIGGER reports_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reports
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
