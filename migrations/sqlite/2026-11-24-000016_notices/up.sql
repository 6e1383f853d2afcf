-- Notices 三单 as they are listed, derived from the events of cases and of problem lists. The subject is a case or a list;
-- the item is 0 for a case. Each list is read off an index, in its order.
CREATE TABLE notices (
    congress_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    item INTEGER NOT NULL,
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    rung TEXT NOT NULL,
    standing TEXT NOT NULL,
    department_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    issued_on DATE NOT NULL,
    answer_by DATE,
    PRIMARY KEY (congress_id, subject_id, item, number)
);
CREATE UNIQUE INDEX notices_by_document ON notices (congress_id, document);
CREATE INDEX notices_by_day ON notices (congress_id, issued_on, subject_id, item, number);
CREATE INDEX notices_by_standing ON notices (congress_id, standing, issued_on, subject_id, item, number);
CREATE INDEX notices_by_department ON notices (congress_id, department_id, issued_on, subject_id, item, number);
CREATE INDEX notices_by_channel ON notices (congress_id, channel, issued_on, subject_id, item, number);
CREATE INDEX notices_to_answer ON notices (congress_id, department_id, standing, answer_by);

-- When somebody has to look at a case or an item next, and until when there is anything to see.
CREATE TABLE ladder_clocks (
    congress_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    item INTEGER NOT NULL,
    next_at TIMESTAMP NOT NULL,
    until DATE NOT NULL,
    PRIMARY KEY (congress_id, subject_id, item)
);
CREATE INDEX ladder_clocks_due ON ladder_clocks (next_at, congress_id, subject_id, item);

-- Problem lists 问题清单: a list as it was assigned, the history of its items (both never changed, guards_*.sql), and each
-- item's fold.
CREATE TABLE problem_lists (
    congress_id TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    policy_version INTEGER NOT NULL,
    assigned_on DATE NOT NULL,
    items INTEGER NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE TABLE problem_events (
    congress_id TEXT NOT NULL,
    list_id TEXT NOT NULL,
    item INTEGER NOT NULL,
    version BIGINT NOT NULL,
    occurred_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (congress_id, list_id, item, version)
);
CREATE TABLE problem_items (
    congress_id TEXT NOT NULL,
    list_id TEXT NOT NULL,
    item INTEGER NOT NULL,
    version BIGINT NOT NULL,
    department_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    standing TEXT NOT NULL,
    due_on DATE NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (congress_id, list_id, item)
);
CREATE INDEX problem_items_by_day ON problem_items (congress_id, due_on, list_id, item);
CREATE INDEX problem_items_by_standing ON problem_items (congress_id, standing, due_on, list_id, item);
CREATE INDEX problem_items_by_department ON problem_items (congress_id, department_id, standing, due_on, list_id, item);
CREATE INDEX problem_items_by_channel ON problem_items (congress_id, channel, due_on, list_id, item);
