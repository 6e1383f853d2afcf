//! Evidence at the terminal: the check of the database or of a bundle, making a bundle, and a witness's signature.

use super::{Outcome, open, reports};
use crate::{
    bundle::{self, Known, bag},
    evidence::{
        Checkpoint, Hash,
        note::{Note, PublicKey, Purpose, SecretKey},
        outside, proof,
    },
    identity::evidence_key::EvidenceKey,
    office::{Clock, FOLD, Fault, evidence::Wanted},
    store::connection::Purpose as Opened,
};
use clap::Args;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Args)]
pub struct Verify {
    /// Check a bundle (a folder or a ZIP) instead of the database; asks nothing but the bundle and the keys.
    #[arg(long, value_name = "BUNDLE", requires = "key")]
    offline: Option<PathBuf>,
    /// A public key NAME+ID+BASE64 of the log or of a witness, or a file of them; taken from elsewhere than the bundle.
    #[arg(long, value_name = "KEY|FILE", requires = "offline")]
    key: Vec<String>,
    /// A file of checkpoints that was kept elsewhere: whoever rewrote the log does not lead to them.
    #[arg(long, value_name = "FILE", requires = "offline")]
    checkpoint: Vec<PathBuf>,
}

pub fn verify(config: Option<&Path>, args: Verify) -> Outcome {
    let Some(path) = args.offline else { return reports::verify(config) };
    let keys = keys(&args.key)?;
    let mut checkpoints = Vec::new();
    for file in &args.checkpoint {
        checkpoints.extend(outside::read(file, &keys).map_err(|e| e.to_string())?);
    }
    let files = bag::read(&path).map_err(|e| e.to_string())?;
    let known = Known { keys: &keys, checkpoints: &checkpoints, fold: FOLD };
    let report = bundle::check(&files, known);
    if let Some(about) = &report.about {
        println!("{}, {} entries ({})", about.origin, about.size, about.hash);
    }
    println!(
        "{} entries, {} events of {} cases, {} acts, {} reports, {} attached files, {} texts ({} erased)",
        report.leaves,
        report.events,
        report.cases,
        report.acts,
        report.reports,
        report.files,
        report.texts,
        report.erased
    );
    if let Some(newest) = &report.heads.newest {
        println!("signed up to entry {}: root {}", newest.size, newest.root);
    }
    for (witness, (size, time)) in &report.heads.witnessed {
        let at =
            chrono::DateTime::from_timestamp(i64::try_from(*time).unwrap_or_default(), 0).unwrap_or_default();
        println!("co-signed by {witness} up to entry {size} on {}", at.format("%Y-%m-%d %H:%M UTC"));
    }
    for finding in &report.findings {
        println!("WRONG {finding}");
    }
    match report.findings.len() {
        0 => {
            println!("nothing is wrong: the bundle is what was logged and signed");
            Ok(ExitCode::SUCCESS)
        }
        n => Err(format!("{n} places are not as they were logged and signed")),
    }
}

/// Keys as they are typed, or in files, one in a line.
fn keys(given: &[String]) -> Result<Vec<PublicKey>, String> {
    let mut keys = Vec::new();
    for text in given {
        match text.parse() {
            Ok(key) => keys.push(key),
            Err(wrong) => {
                let lines = fs::read_to_string(text)
                    .map_err(|e| format!("--key {text}: {wrong}, and no file of such keys: {e}"))?;
                for line in lines.lines().filter(|line| !line.trim().is_empty()) {
                    keys.push(line.trim().parse().map_err(|e| format!("{text}: {line}: {e}"))?);
                }
            }
        }
    }
    Ok(keys)
}

#[derive(Args)]
pub struct Bundle {
    /// The congress's code, or `installation` for the acts that belong to none.
    #[arg(long, value_name = "CODE")]
    congress: String,
    /// Where to write it: a ZIP if the name ends in .zip, else a folder; it must not be there yet.
    #[arg(long, value_name = "DIR|FILE.zip")]
    out: PathBuf,
    /// Leave out the attached files.
    #[arg(long)]
    without_files: bool,
    /// Leave out names and addresses; what the books commit to stays unreadable.
    #[arg(long)]
    without_names: bool,
}

pub fn bundle(config: Option<&Path>, args: Bundle) -> Outcome {
    let config = open::settings(config, false)?;
    let mut office = open::office(&config, Opened::Read)?;
    if !args.without_files {
        office = open::with_files(office, &config)?;
    }
    let wanted =
        Wanted { log: args.congress.clone(), files: !args.without_files, texts: !args.without_names };
    let made = open::wait(office.bundle(wanted))?.map_err(|fault| match fault {
        Fault::NotFound => format!(
            "nothing of {} was signed yet; is the code right, and did the service run since?",
            args.congress
        ),
        other => open::told(&other),
    })?;
    bag::write(&made.files, &args.out).map_err(|e| e.to_string())?;
    println!("{}: {} entries of {}", args.out.display(), made.about.size, made.about.origin);
    if made.left_out > 0 {
        println!("{} newer entries wait for the next checkpoint and are not in it", made.left_out);
    }
    println!("check it with: jianyi verify --offline {} --key …", args.out.display());
    Ok(ExitCode::SUCCESS)
}

#[derive(Args)]
pub struct Cosign {
    /// The witness's private key (Ed25519 PEM); made if there is none. It belongs on a machine of its own.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The witness's name, such as npc.example.cn/committee.
    #[arg(long)]
    name: String,
    /// Print the public key, which the service is given as JIANYI_WITNESSES, and do nothing else.
    #[arg(long, conflicts_with = "checkpoint")]
    show_key: bool,
    /// The log's public key, taken once over a way that is trusted.
    #[arg(long, value_name = "KEY|FILE", required_unless_present = "show_key")]
    log_key: Vec<String>,
    /// The checkpoint, as GET /v1/log/{id}/checkpoint answers.
    #[arg(long, value_name = "FILE", required_unless_present = "show_key")]
    checkpoint: Option<PathBuf>,
    /// What GET /v1/log/{id}/proofs/consistency answers from the size signed last to this one.
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
}

/// What `--proof` is read from; the rest of the answer is for people.
#[derive(serde::Deserialize)]
struct Proof {
    proof: Vec<Hash>,
}

pub fn cosign(args: &Cosign) -> Outcome {
    let key = EvidenceKey::load_or_create(&args.key).map_err(|e| e.to_string())?;
    let witness =
        SecretKey::new(&args.name, Purpose::Witness, key.signing).map_err(|e| format!("--name: {e}"))?;
    let Some(file) = args.checkpoint.as_ref().filter(|_| !args.show_key) else {
        println!("{}", witness.public());
        return Ok(ExitCode::SUCCESS);
    };
    let read = |path: &Path| fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let note: Note = read(file)?.parse().map_err(|e| format!("{}: {e}", file.display()))?;
    let checkpoint = Checkpoint::open(&note, &keys(&args.log_key)?)
        .map_err(|e| format!("{}: {e}; nothing was signed", file.display()))?;
    let memory = Memory::beside(&args.key);
    if let Some(last) = memory.last(&checkpoint.origin)? {
        let proof = match &args.proof {
            Some(path) => {
                let proof: Proof =
                    serde_json::from_str(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
                proof.proof
            }
            None if last.size == checkpoint.size => Vec::new(),
            None => {
                return Err(format!(
                    "this key signed {} entries before; --proof is needed: the answer of \
                     GET /v1/log/…/proofs/consistency?from={}&to={}; nothing was signed",
                    last.size, last.size, checkpoint.size
                ));
            }
        };
        let (old, new) = ((last.size, last.root), (checkpoint.size, checkpoint.root));
        if last.algorithm != checkpoint.algorithm
            || !proof::consistent(checkpoint.algorithm, old, new, &proof)
        {
            return Err(format!(
                "the checkpoint does not continue what this key signed before ({} entries, root {}): the log was \
                 rewritten or rolled back, or the proof is for other sizes; nothing was signed. Keep both and ask why",
                last.size, last.root
            ));
        }
    }
    // Remembered before it is given away: a signature that is out is never contradicted.
    memory.keep(&checkpoint)?;
    let now = u64::try_from(Clock::System.now().timestamp()).map_err(|e| e.to_string())?;
    println!("{}", checkpoint.cosigned(&witness, now));
    Ok(ExitCode::SUCCESS)
}

/// What a key has signed: the texts of checkpoints, beside the key, to which is only added.
struct Memory(PathBuf);

impl Memory {
    fn beside(key: &Path) -> Memory {
        let mut name = key.as_os_str().to_owned();
        name.push(".signed");
        Memory(PathBuf::from(name))
    }

    fn last(&self, origin: &str) -> Result<Option<Checkpoint>, String> {
        let text = match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|e| format!("{}: {e}", self.0.display()))?,
        };
        let mut last = None;
        for piece in text.split("\n\n").filter(|piece| !piece.trim().is_empty()) {
            let checkpoint: Checkpoint = format!("{}\n", piece.trim_end_matches('\n'))
                .parse()
                .map_err(|e| format!("{}: {e}", self.0.display()))?;
            if checkpoint.origin == origin {
                last = Some(checkpoint);
            }
        }
        Ok(last)
    }

    fn keep(&self, checkpoint: &Checkpoint) -> Result<(), String> {
        let kept = || {
            let mut file = fs::OpenOptions::new().append(true).create(true).open(&self.0)?;
            file.write_all(format!("{checkpoint}\n").as_bytes())?;
            file.sync_all()
        };
        kept().map_err(|e: std::io::Error| format!("{}: {e}", self.0.display()))
    }
}
