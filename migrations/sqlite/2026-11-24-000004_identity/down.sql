ALTER TABLE idempotency RENAME COLUMN membership_id TO user_id;
DROP TABLE acts;
DROP TABLE refresh_tokens;
DROP TABLE sign_ins;
CREATE TABLE old_users AS
SELECT u.id, u.username, u.display_name, coalesce(u.password, '') AS password, m.congress_id,
       CASE WHEN m.role = 'operator' THEN 'administrator' ELSE m.role END AS role, m.department_id, m.deputy_id,
       u.disabled, u.created_at
FROM users u JOIN memberships m ON m.user_id = u.id
WHERE m.id = (SELECT min(id) FROM memberships WHERE user_id = u.id);
DROP TABLE memberships;
DROP TABLE users;
CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    password TEXT NOT NULL,
    congress_id TEXT REFERENCES congresses (id),
    role TEXT NOT NULL,
    department_id TEXT,
    deputy_id TEXT,
    disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX users_by_username ON users (username);
INSERT INTO users SELECT * FROM old_users;
DROP TABLE old_users;
CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    family TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
