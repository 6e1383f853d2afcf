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
-- A sealed report is what was read out in public.
DROP TRIGGER IF EXISTS reports_are_kept;
CREATE TRIGGER reports_are_kept BEFORE DELETE ON reports
BEGIN SELECT RAISE(ABORT, 'a sealed report is never deleted'); END;
DROP TRIGGER IF EXISTS reports_are_fixed;
CREATE TRIGGER reports_are_fixed BEFORE UPDATE ON reports
BEGIN SELECT RAISE(ABORT, 'a sealed report is never changed: seal another edition'); END;
