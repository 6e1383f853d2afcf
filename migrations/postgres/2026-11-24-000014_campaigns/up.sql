-- Revisit campaigns. Terms, population and sealed report are never changed (guards_*.sql); of a campaign only its version
-- and its closing are, of a case of it what was found there.
CREATE TABLE revisit_campaigns (
    congress_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    title TEXT NOT NULL,
    terms TEXT NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    population INTEGER NOT NULL,
    population_sha256 TEXT NOT NULL,
    chosen INTEGER NOT NULL,
    strata TEXT NOT NULL,
    version BIGINT NOT NULL,
    closed_at TIMESTAMP,
    PRIMARY KEY (congress_id, id)
);
CREATE INDEX revisit_campaigns_open ON revisit_campaigns (congress_id, id) WHERE closed_at IS NULL;
-- The population of a campaign; those that were chosen are to be visited.
CREATE TABLE revisit_cases (
    congress_id TEXT COLLATE "C" NOT NULL,
    campaign_id TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    stratum TEXT COLLATE "C" NOT NULL,
    place INTEGER NOT NULL,
    chosen BOOLEAN NOT NULL,
    -- The number of the visit within its case, and what it found; left out until it is made.
    revisit INTEGER,
    outcome TEXT,
    follows TEXT,
    PRIMARY KEY (congress_id, campaign_id, case_id)
);
CREATE INDEX revisit_cases_chosen ON revisit_cases (congress_id, campaign_id, case_id) WHERE chosen;
CREATE INDEX revisit_cases_unvisited ON revisit_cases (congress_id, campaign_id, case_id) WHERE chosen AND revisit IS NULL;
-- Who visits which case; done once it was visited, or the campaign closed.
CREATE TABLE revisit_visitors (
    congress_id TEXT COLLATE "C" NOT NULL,
    campaign_id TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    visitor TEXT COLLATE "C" NOT NULL,
    done BOOLEAN NOT NULL,
    PRIMARY KEY (congress_id, campaign_id, case_id, visitor)
);
CREATE INDEX revisit_visitors_open ON revisit_visitors (congress_id, visitor, campaign_id, case_id) WHERE NOT done;
CREATE INDEX revisit_visitors_by ON revisit_visitors (congress_id, visitor, campaign_id, case_id);
CREATE TABLE revisit_reports (
    congress_id TEXT COLLATE "C" NOT NULL,
    campaign_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    sealed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, campaign_id)
);
-- By when the latest visit asked for another one.
ALTER TABLE cases ADD COLUMN revisit_due_on DATE;
CREATE INDEX cases_revisit_due ON cases (congress_id, revisit_due_on, id) WHERE revisit_due_on IS NOT NULL;
