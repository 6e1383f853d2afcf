//! The ledger's second book: who signed in, what administrators did, who read what is confidential. What is written
//! here is written in the transaction of the act itself, and never changed.

use super::{Caller, Fault, Office, perform::actor};
use crate::{
    domain::{
        actor::{Actor, Author, Role},
        gate::{self, Operation},
        ids::{
            CampaignId, CaseId, CongressId, DeputyId, MembershipId, ProblemListId, ReceptionId, SelectionId,
            SignInId, StationId, UserId, WebhookId,
        },
        say::Say,
    },
    store::{
        Db, StoreError,
        acts::{self, Asked},
        people,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use acts::Act as Line;

/// How somebody showed who he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Password,
    SingleSignOn,
    /// A program, by its secret.
    Secret,
    /// Somebody signed in already, going on in another membership.
    Switch,
}

/// Everything that the second book holds. Stored for ever: new fields take a default, none is renamed or removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    SignedIn {
        sign_in: SignInId,
        membership: MembershipId,
        way: Way,
        second_factor: bool,
    },
    /// A wrong password, or a wrong code after the right one. What was typed is kept nowhere: people type passwords
    /// where names belong.
    SignInRefused {
        known: bool,
        second_factor: bool,
    },
    SignedOut {
        sign_in: SignInId,
    },
    /// All others of an account, or all.
    SignInsEnded {
        count: usize,
    },
    /// A refresh token came a second time: it was in two hands.
    SignInStolen {
        sign_in: SignInId,
    },
    PasswordChanged,
    SecondFactorSet,
    SecondFactorRemoved,
    /// A recovery code took a code's place.
    RecoveryCodeUsed,
    AccountEntered {
        username: String,
        name: String,
    },
    AccountDisabled,
    AccountEnabled,
    MembershipGranted {
        membership: MembershipId,
        role: String,
        #[serde(default)]
        bound_to: Option<String>,
        #[serde(default)]
        scopes: Option<String>,
    },
    MembershipEnded {
        membership: MembershipId,
        role: String,
    },
    LinkMade {
        purpose: String,
        expires_at: DateTime<Utc>,
    },
    LinkUsed {
        purpose: String,
    },
    ServiceSecretMade {
        membership: MembershipId,
        secret: Uuid,
    },
    ServiceSecretEnded {
        membership: MembershipId,
        secret: Uuid,
    },
    CongressEntered {
        congress: CongressId,
    },
    SessionEntered {
        session: String,
    },
    DepartmentEntered {
        department: String,
        name: String,
    },
    /// It was renamed, or merged into another one.
    DepartmentSucceeded {
        department: String,
        before: String,
        after: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into: Option<String>,
    },
    /// A department issued a quarterly statement of its promises.
    StatementIssued {
        statement: String,
        sha256: String,
    },
    /// A deputy confirmed lines of it, or objected to them.
    StatementAnswered {
        statement: String,
        confirmed: Vec<u32>,
        objected: Vec<u32>,
    },
    DeputyEntered {
        deputy: String,
        name: String,
    },
    PolicyChosen {
        policy: String,
    },
    ReportSealed {
        report: Uuid,
        name: String,
        digest: String,
    },
    MailAddressConfirmed,
    MailAddressForgotten,
    SettingsChanged {
        names: Vec<String>,
    },
    SelectionOpened {
        selection: SelectionId,
    },
    /// The case is that of the act.
    CaseNominated {
        selection: SelectionId,
    },
    /// That a deputy voted. What he chose is in no book.
    BallotCast {
        selection: SelectionId,
    },
    SelectionSealed {
        selection: SelectionId,
        sha256: String,
    },
    ProblemListAssigned {
        list: ProblemListId,
        items: u32,
    },
    /// Reported, struck off, sent back, or about a notice of it.
    ProblemItemChanged {
        list: ProblemListId,
        item: u32,
        what: String,
    },
    /// A secret address of one's own calendar; the one before leads nowhere.
    CalendarAddressMade {
        membership: MembershipId,
    },
    CalendarAddressEnded {
        membership: MembershipId,
    },
    /// To which host; the rest of the address may be a secret.
    WebhookAdded {
        webhook: WebhookId,
        membership: MembershipId,
        host: String,
    },
    WebhookChanged {
        webhook: WebhookId,
        host: String,
        state: String,
    },
    WebhookEnded {
        webhook: WebhookId,
    },
    WebhookSecretRenewed {
        webhook: WebhookId,
    },
    /// Its events are sent again, from some place on.
    WebhookReplayed {
        webhook: WebhookId,
    },
    /// A sample was drawn to be looked at, so that nobody tries seeds unseen until one pleases him.
    SamplePreviewed {
        seed: String,
        population_sha256: String,
    },
    CampaignOpened {
        campaign: CampaignId,
        population_sha256: String,
        #[serde(default)]
        seed: Option<String>,
    },
    /// Who visits how many cases was said anew.
    VisitorsAssigned {
        campaign: CampaignId,
        cases: usize,
    },
    CampaignClosed {
        campaign: CampaignId,
        sha256: String,
    },
    StationEntered {
        station: StationId,
    },
    StationDeputiesNamed {
        station: StationId,
        deputies: Vec<DeputyId>,
    },
    /// With the digest of what was written down.
    ReceptionRecorded {
        reception: ReceptionId,
        sha256: String,
    },
    /// An opinion or a recommendation took a step; with the digest of the event as its ledger has it, so that the
    /// evidence log covers that too.
    MatterMoved {
        matter: String,
        id: Uuid,
        version: i64,
        step: String,
        sha256: String,
    },
    /// Texts of a person were taken away: which, by their digests.
    PersonErased {
        #[serde(default)]
        persons: Vec<String>,
        reason: String,
        #[serde(default)]
        force_reason: Option<String>,
        texts: Vec<String>,
    },
}

/// An act with who did it, about whom, and from where.
pub struct Entry<'a> {
    pub congress: Option<&'a CongressId>,
    pub author: Option<Author>,
    pub user: Option<UserId>,
    pub case: Option<CaseId>,
    pub act: Act,
    pub request_id: &'a str,
    pub address: Option<&'a str>,
}

/// Who asks for acts, and which.
#[derive(Clone, Debug, Default)]
pub struct ActFilter {
    pub case: Option<CaseId>,
    pub kind: Option<String>,
    pub user: Option<UserId>,
    /// Older than this act.
    pub before: Option<Uuid>,
    pub limit: i64,
}

/// The installation's operator at his terminal.
pub fn command_line() -> Author {
    Author {
        user: UserId(Uuid::nil()),
        name: "命令行 command line".to_owned(),
        role: Role::Operator.id().to_owned(),
    }
}

impl Office {
    /// Writes an act into the book, within the transaction that does it.
    pub fn record_act(&self, db: &mut Db, entry: Entry<'_>) -> Result<(), Fault> {
        let corrupt = |e: serde_json::Error| StoreError::corrupt("acts", "new", e);
        let body = serde_json::to_value(&entry.act).map_err(corrupt)?;
        let author = entry.author.as_ref().map(serde_json::to_string).transpose().map_err(corrupt)?;
        let line = Line {
            id: self.next_act().to_string(),
            congress_id: entry.congress.cloned().map(String::from),
            recorded_at: self.now().naive_utc(),
            kind: body["kind"].as_str().unwrap_or_default().to_owned(),
            author,
            user_id: entry.user.map(|user| user.to_string()),
            case_id: entry.case.map(|case| case.to_string()),
            request_id: entry.request_id.to_owned(),
            address: entry.address.map(str::to_owned),
            body: body.to_string(),
        };
        Ok(acts::append(db, &line)?)
    }

    /// What somebody signed in did, in the book of his congress; what the installation's operator did with an account,
    /// in the book of the congress that the account belongs to.
    pub fn record_act_of(
        &self,
        db: &mut Db,
        actor: &Actor,
        caller: &Caller,
        user: Option<UserId>,
        act: Act,
    ) -> Result<(), Fault> {
        let congress = match (&actor.congress, user) {
            (Some(own), _) => Some(own.clone()),
            (None, Some(user)) => {
                let first = people::memberships_of(db, user)?.into_iter().next();
                first.and_then(|first| first.congress_id?.parse().ok())
            }
            (None, None) => None,
        };
        self.record_act(
            db,
            Entry {
                congress: congress.as_ref(),
                author: Some(actor.author()),
                user,
                case: None,
                act,
                request_id: &caller.request_id,
                address: caller.address.as_deref(),
            },
        )
    }

    /// What was typed at the terminal of the installation.
    pub fn record_command(
        &self,
        db: &mut Db,
        congress: Option<&CongressId>,
        user: Option<UserId>,
        act: Act,
    ) -> Result<(), Fault> {
        let author = Some(command_line());
        self.record_act(db, Entry { congress, author, user, case: None, act, request_id: "", address: None })
    }

    /// The book of the caller's congress; for the installation's operator, that of the installation.
    pub async fn acts(&self, caller: &Caller, asked: ActFilter) -> Result<Vec<Line>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                if gate::admit(&actor, Operation::ReadActs).is_err() {
                    return Err(Fault::Forbidden(Say::new(
                        "只有审计人员、代表工委负责人可以查阅本级人大的操作记录，运维人员可以查阅系统的",
                        "only auditors and committee leaders read their congress's acts, and operators the installation's",
                    )));
                }
                let asked = Asked {
                    congress: actor.congress.clone(),
                    case: asked.case,
                    kind: asked.kind.clone(),
                    user: asked.user,
                    before: asked.before.map(|id| id.to_string()),
                    limit: asked.limit,
                };
                Ok(acts::list(db, &asked)?)
            })
            .await
    }
}
