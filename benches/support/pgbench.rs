//! The reference for writes: pgbench, running the same number of equivalent statements in one transaction.

use std::{path::Path, process::Command};

/// The statements of one consultation, as the office gives them: four reads, an event with its place in the
/// queue of the log, the row, a version of the facts, the kept answer. Sizes are those of real rows.
const SCRIPT: &str = "\\set case random(1, 20000)
\\set key random(1, 9000000000000000)
BEGIN;
SELECT m.id, m.user_id, m.congress_id, m.role, m.department_id, m.deputy_id, m.delegation, m.scopes, u.display_name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.id = 'membership-1' AND m.ended_at IS NULL AND NOT u.disabled;
SELECT id, state FROM cases WHERE congress_id = '330502' AND id = 'case-' || :case;
SELECT membership_id, key, fingerprint, status, etag, location, body, created_at FROM idempotency WHERE membership_id = 'membership-1' AND key = 'key-' || :key;
INSERT INTO events (congress_id, case_id, version, kind, occurred_on, recorded_at, author, request_id, body) VALUES ('330502', 'case-' || :case, :key, 'consulted', '2024-03-20', '2024-03-20 02:00:00', repeat('a', 110), repeat('r', 32), repeat('b', 180));
UPDATE cases SET version = version + 1, stage = 'assigned', kind = 'suggestion', session_id = '2024', origin = 'in_session', number = 'n-' || :case, title = repeat('t', 60), category = 'c', lead_id = 'l', lead_name = 'n', department_id = 'department-1', department_name = 'd', channel = 'government', class = NULL, evaluation = NULL, registered_on = '2024-02-22', assigned_on = '2024-02-22', due_on = '2024-05-22', replied_on = NULL, measures = 2049, state = repeat('s', 1500) WHERE congress_id = '330502' AND id = 'case-' || :case;
SELECT case_id, version, previous, true_on, known_on, facts FROM case_facts WHERE congress_id = '330502' AND case_id = 'case-' || :case ORDER BY version DESC LIMIT 1;
INSERT INTO case_facts (congress_id, case_id, version, previous, true_on, known_on, stage, session_id, kind, number, origin, category, department_id, channel, deputy_id, delegation, days_to_reply, class, evaluation, exclusion, key_case, due_on, measures, facts, summed) VALUES ('330502', 'case-' || :case, :key, 4, '2024-03-20', '2024-03-20', 'assigned', '2024', 'suggestion', 'n', 'in_session', 'c', 'department-1', 'government', 'deputy-1', '', NULL, '', '', '', FALSE, '2024-05-22', 2053, repeat('f', 620), FALSE);
INSERT INTO idempotency (membership_id, key, fingerprint, status, etag, location, body, created_at) VALUES ('membership-1', 'key-' || :key, repeat('f', 64), 200, '5', NULL, repeat('j', 1500), '2024-03-20 02:00:00');
COMMIT;
";

/// As many cases as the script picks from.
pub const FILL: &str = "
INSERT INTO congresses VALUES ('330502', 'n', 'zhejiang-2016', now());
INSERT INTO users (id, username, display_name, password, disabled, created_at) VALUES ('user-1', 'u', 'd', repeat('p', 97), false, now());
INSERT INTO memberships (id, user_id, congress_id, role, department_id, created_at) VALUES ('membership-1', 'user-1', '330502', 'department', 'department-1', now());
INSERT INTO cases (congress_id, id, version, stage, kind, session_id, origin, number, title, category, lead_id, lead_name, department_id, department_name, channel, registered_on, assigned_on, due_on, measures, state)
SELECT '330502', 'case-' || n, 5, 'assigned', 'suggestion', '2024', 'in_session', 'n-' || n, repeat('t', 60), 'c', 'l', 'n', 'department-1', 'd', 'government', '2024-02-22', '2024-02-22', '2024-05-22', 5, repeat('s', 1500)
FROM generate_series(1, 20000) AS n;
";

/// Transactions per second.
pub fn run(url: &str, clients: usize, seconds: u64, folder: &Path) -> f64 {
    let script = folder.join("command.sql");
    std::fs::write(&script, SCRIPT).expect("the script is written");
    let output = Command::new(program())
        .args([
            "-n",
            "-M",
            "prepared",
            "-j",
            "2",
            "-c",
            &clients.to_string(),
            "-T",
            &seconds.to_string(),
            "-f",
        ])
        .arg(&script)
        .arg(url)
        .output()
        .expect("pgbench starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // Clients that give up leave a rate that is too low, and a bar that is too easy.
    assert!(output.status.success(), "pgbench: {text}{}", String::from_utf8_lossy(&output.stderr));
    let line = text.lines().find(|l| l.starts_with("tps = "));
    let tps = line.and_then(|l| l["tps = ".len()..].split_whitespace().next()?.parse().ok());
    tps.unwrap_or_else(|| panic!("pgbench: {text}{}", String::from_utf8_lossy(&output.stderr)))
}

fn program() -> std::path::PathBuf {
    let packaged = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    packaged
        .filter_map(|e| Some((e.file_name().to_str()?.parse::<u32>().ok()?, e.path().join("bin/pgbench"))))
        .filter(|(_, program)| program.exists())
        .max()
        .map_or_else(|| "pgbench".into(), |(_, program)| program)
}
