//! `verify` refolds the ledger: whatever was changed beside it is found, and named.

use crate::{
    on_both,
    support::{World, world::wait},
};
use diesel::connection::SimpleConnection;
use jianyi::office::{Fault, StoreError};

/// What a database administrator can do behind the office's back.
pub fn tamper(world: &World, sql: &'static str) -> Result<(), Fault> {
    world
        .office
        .store()
        .write_here(move |db| db.batch_execute(sql).map_err(|e| Fault::from(StoreError::from(e))))
}

fn findings(world: &World) -> Vec<(String, String, String)> {
    let report = wait(world.office.verify()).expect("verify runs");
    report.findings.into_iter().map(|f| (f.column, f.stored, f.derived)).collect()
}

on_both! {
    fn a_changed_row_due_date_and_figure_are_each_found(world) {
        world.on("2024-02-22");
        world.answered("关于核对的建议", "A");
        world.compact();
        assert_eq!(findings(world), []);

        tamper(world, "UPDATE cases SET class = 'B'").unwrap();
        assert_eq!(findings(world), [("class".to_owned(), "Some(\"B\")".to_owned(), "Some(\"A\")".to_owned())]);
        tamper(world, "UPDATE cases SET class = 'A', due_on = '2024-06-30'").unwrap();
        assert_eq!(findings(world), [("due_on".to_owned(), "Some(2024-06-30)".to_owned(), "Some(2024-05-22)".to_owned())]);
        tamper(world, "UPDATE cases SET due_on = '2024-05-22'").unwrap();
        let cell = "congress_id = '330502' AND scope = '' AND dimension = 'total' AND measure = 'resolved'";
        tamper(world, "UPDATE figure_totals SET n = 2 WHERE congress_id = '330502' AND scope = '' AND dimension = 'total' AND measure = 'resolved'").unwrap();
        assert_eq!(findings(world), [("n".to_owned(), "2".to_owned(), "1".to_owned())], "{cell}");
    }

    fn a_hidden_party_a_lost_row_and_a_foreign_move_are_found(world) {
        world.answered("关于再核对的建议", "A");
        tamper(world, "DELETE FROM case_parties WHERE party LIKE 'department:%'").unwrap();
        assert_eq!(findings(world).len(), 1);
        tamper(world, "DELETE FROM case_facts").unwrap();
        assert!(findings(world).len() > 10);
        tamper(world, "DELETE FROM cases").unwrap();
        assert!(findings(world).iter().any(|(column, ..)| column == "row"));
    }

    fn everything_beside_the_ledger_can_be_derived_anew(world) {
        for (title, class) in [("一", "A"), ("二", "B")] {
            world.answered(&format!("关于重建{title}的建议"), class);
        }
        let committee = world.committee();
        let read = || ["/v1/cases", "/v1/figures?congress=330502&metric=class_share&group_by=class"].map(|page| committee.get(page).expect(200).text);
        let before = read();
        for sql in ["DELETE FROM figure_totals", "DELETE FROM case_parties", "UPDATE cases SET class = 'C', due_on = NULL, state = '{}'"] {
            tamper(world, sql).unwrap();
        }
        assert_eq!(world.office.rebuild().unwrap(), 2);
        world.assert_no_drift();
        assert_eq!(read(), before);
    }

    fn nobody_changes_or_deletes_an_event(world) {
        world.registered("关于台账的建议");
        for sql in ["DELETE FROM events", "UPDATE events SET kind = 'x'"] {
            assert!(tamper(world, sql).is_err(), "{sql}");
        }
        world.assert_no_drift();
    }
}
