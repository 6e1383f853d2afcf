//! The tables as diesel sees them. One schema for both databases; ids and days are text and dates in either.

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    congresses (id) {
        id -> Text,
        name -> Text,
        policy_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    sessions (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        label -> Text,
        origin -> Text,
        opens_on -> Date,
        closes_on -> Nullable<Date>,
        motions_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    departments (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        name -> Text,
        channel -> Text,
    }
}

diesel::table! {
    deputies (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        name -> Text,
        delegation -> Nullable<Text>,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        username -> Text,
        display_name -> Text,
        password -> Nullable<Text>,
        disabled -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    memberships (id) {
        id -> Text,
        user_id -> Text,
        congress_id -> Nullable<Text>,
        role -> Text,
        department_id -> Nullable<Text>,
        deputy_id -> Nullable<Text>,
        delegation -> Nullable<Text>,
        scopes -> Nullable<Text>,
        created_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sign_ins (id) {
        id -> Text,
        membership_id -> Text,
        user_id -> Text,
        created_at -> Timestamp,
        used_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        second_factor -> Bool,
        proved_at -> Timestamp,
        address -> Nullable<Text>,
        client -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Text,
        sign_in_id -> Text,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    acts (id) {
        id -> Text,
        congress_id -> Nullable<Text>,
        recorded_at -> Timestamp,
        kind -> Text,
        author -> Nullable<Text>,
        user_id -> Nullable<Text>,
        case_id -> Nullable<Text>,
        request_id -> Text,
        address -> Nullable<Text>,
        body -> Text,
    }
}

diesel::table! {
    personal_texts (congress_id, digest) {
        congress_id -> Text,
        digest -> Text,
        salt -> Text,
        text -> Text,
        subject_kind -> Text,
        subject_id -> Text,
    }
}

diesel::table! {
    events (congress_id, case_id, version) {
        congress_id -> Text,
        case_id -> Text,
        version -> BigInt,
        kind -> Text,
        occurred_on -> Date,
        recorded_at -> Timestamp,
        author -> Text,
        request_id -> Text,
        body -> Text,
    }
}

diesel::table! {
    cases (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        version -> BigInt,
        stage -> Text,
        kind -> Text,
        session_id -> Nullable<Text>,
        origin -> Nullable<Text>,
        number -> Nullable<Text>,
        title -> Text,
        category -> Nullable<Text>,
        lead_id -> Text,
        lead_name -> Text,
        department_id -> Nullable<Text>,
        department_name -> Nullable<Text>,
        channel -> Nullable<Text>,
        class -> Nullable<Text>,
        evaluation -> Nullable<Text>,
        registered_on -> Nullable<Date>,
        assigned_on -> Nullable<Date>,
        due_on -> Nullable<Date>,
        replied_on -> Nullable<Date>,
        measures -> BigInt,
        state -> Text,
        exclusion -> Nullable<Text>,
        key_case -> Bool,
        publicity -> Nullable<Text>,
        confidential -> Bool,
        delegation -> Nullable<Text>,
        days_to_reply -> Nullable<Integer>,
        revisit_due_on -> Nullable<Date>,
    }
}

diesel::table! {
    case_parties (congress_id, party, case_id) {
        congress_id -> Text,
        party -> Text,
        case_id -> Text,
    }
}

diesel::table! {
    case_terms (congress_id, term, case_id) {
        congress_id -> Text,
        term -> Text,
        case_id -> Text,
    }
}

diesel::table! {
    counters (congress_id, session_id, kind) {
        congress_id -> Text,
        session_id -> Text,
        kind -> Text,
        last -> Integer,
    }
}

diesel::table! {
    case_facts (congress_id, case_id, version) {
        congress_id -> Text,
        case_id -> Text,
        version -> BigInt,
        previous -> Nullable<BigInt>,
        true_on -> Date,
        known_on -> Date,
        stage -> Text,
        session_id -> Text,
        kind -> Text,
        number -> Text,
        origin -> Text,
        category -> Text,
        department_id -> Text,
        channel -> Text,
        deputy_id -> Text,
        delegation -> Text,
        days_to_reply -> Nullable<Integer>,
        class -> Text,
        evaluation -> Text,
        exclusion -> Text,
        key_case -> Bool,
        due_on -> Nullable<Date>,
        measures -> BigInt,
        facts -> Text,
        summed -> Bool,
    }
}

diesel::table! {
    figure_days (congress_id, scope, dimension, session_id, value, true_on, known_on) {
        congress_id -> Text,
        scope -> Text,
        dimension -> Text,
        session_id -> Text,
        value -> Text,
        true_on -> Date,
        known_on -> Date,
        changes -> Text,
    }
}

diesel::table! {
    reports (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        name -> Text,
        title -> Text,
        true_on -> Date,
        known_on -> Date,
        sealed_at -> Timestamp,
        replaces -> Nullable<Text>,
        body -> Text,
        digest -> Text,
    }
}

diesel::table! {
    figure_totals (congress_id, scope, dimension, measure, session_id, value) {
        congress_id -> Text,
        scope -> Text,
        dimension -> Text,
        measure -> Text,
        session_id -> Text,
        value -> Text,
        n -> BigInt,
    }
}

diesel::table! {
    idempotency (membership_id, key) {
        membership_id -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> Integer,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    throttles (id) {
        id -> Text,
        failures -> Integer,
        last_at -> Timestamp,
        next_at -> Timestamp,
    }
}

diesel::table! {
    devices (hash) {
        hash -> Text,
        user_id -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    links (hash) {
        hash -> Text,
        user_id -> Text,
        purpose -> Text,
        membership_id -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    second_factors (user_id) {
        user_id -> Text,
        seed -> Text,
        created_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
        last_step -> BigInt,
    }
}

diesel::table! {
    recovery_codes (user_id, hash) {
        user_id -> Text,
        hash -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    service_secrets (id) {
        id -> Text,
        membership_id -> Text,
        hash -> Text,
        created_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    external_identities (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        user_id -> Text,
        linked_at -> Timestamp,
    }
}

diesel::table! {
    external_attempts (state_hash) {
        state_hash -> Text,
        binding_hash -> Text,
        nonce -> Text,
        verifier -> Text,
        user_id -> Nullable<Text>,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    signals (congress_id, case_id, version, kind) {
        congress_id -> Text,
        case_id -> Text,
        version -> BigInt,
        kind -> Text,
        day -> Date,
        department_id -> Text,
        department_name -> Text,
        facts -> Text,
    }
}

diesel::table! {
    reply_marks (congress_id, mark, recorded_at, case_id, reply) {
        congress_id -> Text,
        mark -> BigInt,
        recorded_at -> Timestamp,
        case_id -> Text,
        reply -> Integer,
        family_id -> Text,
    }
}

diesel::table! {
    logs (id) {
        id -> Text,
        origin -> Text,
        hash -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    log_queue (id) {
        id -> Integer,
        log_id -> Text,
        kind -> Text,
        subject_id -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    log_leaves (log_id, idx) {
        log_id -> Text,
        idx -> BigInt,
        kind -> Text,
        subject_id -> Text,
        version -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    log_nodes (log_id, level, idx) {
        log_id -> Text,
        level -> Integer,
        idx -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    checkpoints (log_id, size) {
        log_id -> Text,
        size -> BigInt,
        note -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    cosignatures (log_id, size, witness) {
        log_id -> Text,
        size -> BigInt,
        witness -> Text,
        line -> Text,
        cosigned_at -> Timestamp,
        created_at -> Timestamp,
    }
}

diesel::table! {
    selections (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        title -> Text,
        sessions -> Text,
        criteria -> Text,
        seats -> Integer,
        opened_at -> Timestamp,
        nominations_until -> Timestamp,
        votes_until -> Timestamp,
    }
}

diesel::table! {
    selection_nominations (congress_id, selection_id, case_id, nominator) {
        congress_id -> Text,
        selection_id -> Text,
        case_id -> Text,
        nominator -> Text,
        reason -> Text,
        nominated_at -> Timestamp,
    }
}

diesel::table! {
    selection_voters (congress_id, selection_id, deputy_id) {
        congress_id -> Text,
        selection_id -> Text,
        deputy_id -> Text,
    }
}

diesel::table! {
    selection_ballots (congress_id, selection_id, choices) {
        congress_id -> Text,
        selection_id -> Text,
        choices -> Text,
        n -> BigInt,
    }
}

diesel::table! {
    selection_results (congress_id, selection_id) {
        congress_id -> Text,
        selection_id -> Text,
        body -> Text,
        sha256 -> Text,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    mail_addresses (user_id) {
        user_id -> Text,
        address -> Text,
        code_hash -> Nullable<Text>,
        code_expires_at -> Nullable<Timestamp>,
        confirmed_at -> Nullable<Timestamp>,
        at_once -> Bool,
        daily -> Bool,
    }
}

diesel::table! {
    mails (id) {
        id -> Text,
        occasion -> Text,
        congress_id -> Nullable<Text>,
        user_id -> Text,
        membership_id -> Nullable<Text>,
        about -> Text,
        created_at -> Timestamp,
        state -> Text,
        next_try_at -> Timestamp,
        attempts -> Integer,
        ended_at -> Nullable<Timestamp>,
        trouble -> Nullable<Text>,
    }
}

diesel::table! {
    notices (congress_id, subject_id, item, number) {
        congress_id -> Text,
        subject_id -> Text,
        item -> Integer,
        number -> Integer,
        document -> Text,
        rung -> Text,
        standing -> Text,
        department_id -> Text,
        channel -> Text,
        issued_on -> Date,
        answer_by -> Nullable<Date>,
    }
}

diesel::table! {
    ladder_clocks (congress_id, subject_id, item) {
        congress_id -> Text,
        subject_id -> Text,
        item -> Integer,
        next_at -> Timestamp,
        until -> Date,
    }
}

diesel::table! {
    problem_lists (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        title -> Text,
        source -> Text,
        policy_id -> Text,
        policy_version -> Integer,
        assigned_on -> Date,
        items -> Integer,
    }
}

diesel::table! {
    problem_events (congress_id, list_id, item, version) {
        congress_id -> Text,
        list_id -> Text,
        item -> Integer,
        version -> BigInt,
        occurred_on -> Date,
        recorded_at -> Timestamp,
        user_id -> Text,
        role -> Text,
        body -> Text,
    }
}

diesel::table! {
    problem_items (congress_id, list_id, item) {
        congress_id -> Text,
        list_id -> Text,
        item -> Integer,
        version -> BigInt,
        department_id -> Text,
        channel -> Text,
        standing -> Text,
        due_on -> Date,
        state -> Text,
    }
}

diesel::table! {
    tasks (congress_id, key, audience) {
        congress_id -> Text,
        key -> Text,
        audience -> Text,
        kind -> Text,
        place -> Text,
    }
}

diesel::table! {
    task_dates (congress_id, key, audience) {
        congress_id -> Text,
        key -> Text,
        audience -> Text,
        due -> Date,
        sequence -> Integer,
        changed_at -> Timestamp,
        ended_on -> Nullable<Date>,
    }
}

diesel::table! {
    calendar_addresses (membership_id) {
        membership_id -> Text,
        hash -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    feed (congress_id, seq) {
        congress_id -> Text,
        seq -> BigInt,
        id -> Text,
        case_id -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    webhooks (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        membership_id -> Text,
        url -> Text,
        description -> Text,
        kinds -> Text,
        secret -> Text,
        former_secret -> Nullable<Text>,
        former_until -> Nullable<Timestamp>,
        state -> Text,
        reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        position -> BigInt,
        failures -> Integer,
        next_try_at -> Nullable<Timestamp>,
        leased_by -> Nullable<Text>,
        leased_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhook_deliveries (congress_id, webhook_id, seq) {
        congress_id -> Text,
        webhook_id -> Text,
        seq -> BigInt,
        event_id -> Text,
        state -> Text,
        attempts -> Integer,
        first_at -> Timestamp,
        last_at -> Timestamp,
        status -> Nullable<Integer>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    revisit_campaigns (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        title -> Text,
        terms -> Text,
        opened_at -> Timestamp,
        population -> Integer,
        population_sha256 -> Text,
        chosen -> Integer,
        strata -> Text,
        version -> BigInt,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    revisit_cases (congress_id, campaign_id, case_id) {
        congress_id -> Text,
        campaign_id -> Text,
        case_id -> Text,
        stratum -> Text,
        place -> Integer,
        chosen -> Bool,
        revisit -> Nullable<Integer>,
        outcome -> Nullable<Text>,
        follows -> Nullable<Text>,
    }
}

diesel::table! {
    revisit_visitors (congress_id, campaign_id, case_id, visitor) {
        congress_id -> Text,
        campaign_id -> Text,
        case_id -> Text,
        visitor -> Text,
        done -> Bool,
    }
}

diesel::table! {
    revisit_reports (congress_id, campaign_id) {
        congress_id -> Text,
        campaign_id -> Text,
        body -> Text,
        sha256 -> Text,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    promises (congress_id, case_id, number) {
        congress_id -> Text,
        case_id -> Text,
        number -> Integer,
        department_id -> Nullable<Text>,
        department_name -> Nullable<Text>,
        lead_id -> Text,
        session_id -> Nullable<Text>,
        made_on -> Date,
        original_due_on -> Date,
        due_on -> Date,
        status -> Text,
        moves -> Integer,
        holders -> Integer,
        change_pending -> Bool,
        judgement_awaited -> Bool,
        touched_on -> Date,
        over_on -> Nullable<Date>,
    }
}

diesel::table! {
    department_successions (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        department_id -> Text,
        kind -> Text,
        name_before -> Text,
        name_after -> Text,
        into_id -> Nullable<Text>,
        happened_on -> Date,
        document -> Nullable<Text>,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    commitment_statements (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        department_id -> Text,
        quarter -> Text,
        edition -> Integer,
        body -> Text,
        sha256 -> Text,
        issued_at -> Timestamp,
    }
}

diesel::table! {
    commitment_statement_lines (congress_id, statement_id, line) {
        congress_id -> Text,
        statement_id -> Text,
        line -> Integer,
        deputy_id -> Text,
        case_id -> Text,
    }
}

diesel::table! {
    commitment_confirmations (congress_id, statement_id, line) {
        congress_id -> Text,
        statement_id -> Text,
        line -> Integer,
        confirmed -> Bool,
        objection -> Nullable<Text>,
        answered_at -> Timestamp,
    }
}

diesel::table! {
    stations (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        kind -> Text,
        code -> Text,
        name -> Text,
        place -> Nullable<Text>,
        deputies -> Text,
    }
}

diesel::table! {
    receptions (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        station_id -> Text,
        day -> Date,
        deputies -> Integer,
        officials -> Integer,
        received -> Integer,
        visitors -> Text,
        recorded_at -> Timestamp,
        takes_back -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    matter_events (congress_id, matter, id, version) {
        congress_id -> Text,
        matter -> Text,
        id -> Text,
        version -> BigInt,
        kind -> Text,
        occurred_on -> Date,
        recorded_at -> Timestamp,
        author -> Text,
        request_id -> Text,
        body -> Text,
    }
}

diesel::table! {
    opinions (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        version -> BigInt,
        station_id -> Text,
        way -> Text,
        state -> Text,
        route -> Nullable<Text>,
        received_on -> Date,
        due_on -> Nullable<Date>,
        deputy_id -> Nullable<Text>,
        department_id -> Nullable<Text>,
        case_id -> Nullable<Text>,
        body -> Text,
    }
}

diesel::table! {
    opinion_terms (congress_id, term, opinion_id) {
        congress_id -> Text,
        term -> Text,
        opinion_id -> Text,
    }
}

diesel::table! {
    opinion_receipts (congress_id, hash) {
        congress_id -> Text,
        hash -> Text,
        opinion_id -> Text,
    }
}

diesel::table! {
    recommendations (congress_id, id) {
        congress_id -> Text,
        id -> Text,
        version -> BigInt,
        kind -> Text,
        state -> Text,
        due_on -> Nullable<Date>,
        case_id -> Nullable<Text>,
        body -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(cases, case_facts, case_parties, congresses);
diesel::allow_tables_to_appear_in_same_query!(users, memberships, sign_ins, mail_addresses);
diesel::allow_tables_to_appear_in_same_query!(feed, webhooks);
diesel::allow_tables_to_appear_in_same_query!(revisit_campaigns, revisit_cases, revisit_visitors);
diesel::allow_tables_to_appear_in_same_query!(promises, case_parties);
diesel::allow_tables_to_appear_in_same_query!(
    commitment_statements,
    commitment_statement_lines,
    commitment_confirmations
);
diesel::allow_tables_to_appear_in_same_query!(opinions, cases);
