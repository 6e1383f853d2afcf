//! Attached files: kept before the act that names them is written, and given back as they were or not at all.

use super::{Answer, Caller, Fault, Office, Order};
use crate::{
    domain::{
        case::{FileFacts, procedure::Target},
        gate::{self, Operation},
        ids::CaseId,
    },
    files::{Digest, FilesError},
    store::StoreError,
};
use bytes::Bytes;

impl Office {
    /// Whether the caller may take a step on the case; to be asked before work is done for him.
    pub async fn entitled(&self, caller: &Caller, id: CaseId, target: Target) -> Result<(), Fault> {
        let shown = self.show(caller, id, Operation::GetCase).await?;
        gate::may(&shown.actor, shown.case(), target)?;
        Ok(())
    }

    /// Attaches the file that the order names by its digest.
    ///
    /// It is decided once on trial, so that nothing is kept for an act that will be refused. Then the bytes go to the
    /// disk, and only then the act into the ledger: it never names what is not there. If somebody else was faster in
    /// between, a file lies there that nobody names, which harms nobody.
    pub async fn attach(&self, order: Order, bytes: Bytes) -> Result<Answer, Fault> {
        let trial = self.perform(Order { trial: true, ..order.clone() }).await?;
        if trial.replayed {
            return Ok(trial);
        }
        self.files()?.put(bytes).await?;
        self.perform(order).await
    }

    /// An attached file with its bytes, if the caller may see it.
    pub async fn attachment(
        &self,
        caller: &Caller,
        id: CaseId,
        number: u32,
    ) -> Result<(FileFacts, Bytes), Fault> {
        let shown = self.show(caller, id, Operation::GetAttachment).await?;
        let mut attachments = shown.case().attachments.iter();
        let it = attachments.find(|it| it.number == number).ok_or(Fault::NotFound)?;
        if !shown.seen.sight().shows_file(&it.file, it.assignment) {
            return Err(Fault::NotFound);
        }
        let digest = Digest::parse(&it.file.sha256).map_err(|e| StoreError::corrupt("cases", id, e))?;
        let bytes = self.files()?.get(&digest).await?;
        Ok((it.file.clone(), bytes.ok_or(FilesError::Missing(digest))?))
    }
}
