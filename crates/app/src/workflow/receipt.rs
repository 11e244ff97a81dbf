//! 送审回执: a number without gap, the digest of what was submitted, and a seal over all of it.

use db::{Error, Tx};
use domain::audit::Algorithm;
use domain::workflow::RecordKind;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use web::token::{hex, unhex};

use super::standing::Read;
use super::store::receipt::{self as store, Receipt};
use super::store::{content, record};

/// Stands before the fields in what is sealed; another layout gets another number.
const LAYOUT: &str = "jixiao-submission-1";

/// What a check of a receipt found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Whether what is kept as the content has the digest that the receipt names.
    pub(crate) has_its_content: bool,
    /// Whether the seal is the program's over what the receipt says.
    pub(crate) is_sealed: bool,
}

impl Checked {
    /// Whether everything is as it was written.
    pub(crate) fn is_good(self) -> bool {
        self.has_its_content && self.is_sealed
    }
}

/// Writes the receipt of a submission that makes the record's version `version`: its number.
pub(super) fn write(
    tx: &mut Tx<'_>,
    read: &Read,
    version: u64,
    (person, name): (&str, &str),
    clock: &str,
) -> Result<String, Error> {
    let region = &read.facts.region_code;
    let rows = content::rows(tx, read.kind, &read.id)?;
    let (head, lines) = rows.ok_or(Error::Touched {
        statement: "content",
        touched: 0,
    })?;
    let content = content::canonical(read.kind, &read.id, &head, &lines);
    let key = key(tx)?;
    let year: i64 = clock
        .get(..4)
        .and_then(|year| year.parse().ok())
        .unwrap_or(1990);
    let position = store::next_position(tx, region, year)?;
    let number = format!("SB-{region}-{year}-{position:06}");
    let mut receipt = Receipt {
        number: number.clone(),
        region_code: region.clone(),
        record_kind: read.kind.name().to_owned(),
        record_id: read.id.clone(),
        record_version: record::count(version),
        title: title(read.kind, &read.facts),
        person_name: name.to_owned(),
        submitted_at: clock.to_owned(),
        content_digest: digest(&content),
        content,
        seal: String::new(),
    };
    let signature = key.sign(&sealed(&receipt));
    receipt.seal = format!("ed25519:{}", hex(&signature.to_bytes()));
    store::insert(tx, &receipt, (year, position), person)?;
    Ok(number)
}

/// `绩效目标（2021 年）：村组道路硬化`
pub(super) fn title(kind: RecordKind, facts: &record::Facts) -> String {
    format!("{}（{} 年）：{}", kind.label(), facts.year, facts.title)
}

/// The digest of a content: `sha256:…`.
pub(super) fn digest(content: &str) -> String {
    format!(
        "{}:{}",
        Algorithm::Sha256,
        hex(&Sha256::digest(content.as_bytes()))
    )
}

/// Recomputes the digest and checks the seal.
///
/// # Errors
/// The database fails.
pub(crate) fn check(tx: &mut Tx<'_>, receipt: &Receipt) -> Result<Checked, Error> {
    let is_sealed = key_of(tx, receipt)?.is_some();
    Ok(Checked {
        has_its_content: digest(&receipt.content) == receipt.content_digest,
        is_sealed,
    })
}

fn is_sealed_by(key: &VerifyingKey, receipt: &Receipt) -> bool {
    let signature = receipt
        .seal
        .strip_prefix("ed25519:")
        .and_then(unhex::<64>)
        .map(|bytes| Signature::from_bytes(&bytes));
    signature.is_some_and(|signature| key.verify_strict(&sealed(receipt), &signature).is_ok())
}

/// What the seal is over: every field with its length in bytes before it, so that no two receipts
/// give the same bytes. The content is in it by its digest.
fn sealed(receipt: &Receipt) -> Vec<u8> {
    let version = receipt.record_version.to_string();
    let mut bytes = Vec::new();
    for field in [
        LAYOUT,
        &receipt.number,
        &receipt.region_code,
        &receipt.record_kind,
        &receipt.record_id,
        &version,
        &receipt.title,
        &receipt.person_name,
        &receipt.submitted_at,
        &receipt.content_digest,
    ] {
        bytes.extend_from_slice(format!("{}:{field}", field.len()).as_bytes());
    }
    bytes
}

/// The key that seals, made at the first submission.
fn key(tx: &mut Tx<'_>) -> Result<SigningKey, Error> {
    if let Some(kept) = store::key(tx)? {
        return secret(&kept);
    }
    // The cause is in the log already.
    let made = web::token::secret()
        .map_err(|_| Error::Unavailable("the machine gives no randomness".to_owned()))?;
    store::keep_key(tx, &made)?;
    publish(tx, &made)
}

/// Keeps the public key of the secret one.
fn publish(tx: &mut Tx<'_>, kept: &str) -> Result<SigningKey, Error> {
    let key = secret(kept)?;
    store::keep_public_key(tx, &hex(key.verifying_key().as_bytes()))?;
    Ok(key)
}

fn secret(kept: &str) -> Result<SigningKey, Error> {
    let bytes = unhex::<32>(kept).ok_or_else(|| Error::InconsistentRow {
        column: "value".to_owned(),
        problem: "is not a key",
    })?;
    Ok(SigningKey::from_bytes(&bytes))
}

/// Seals the key that an earlier version left in clear.
///
/// # Errors
/// The database fails.
pub(crate) fn seal_clear(tx: &mut Tx<'_>) -> Result<(), Error> {
    match store::seal_clear_key(tx)? {
        Some(clear) => publish(tx, &clear).map(drop),
        None => Ok(()),
    }
}

/// Forgets the secret key at `now`; the next submission makes another one. What it sealed is still
/// checked with its public key, which is given back.
///
/// # Errors
/// The database fails.
pub(crate) fn forget_sealed(tx: &mut Tx<'_>, now: &str) -> Result<Option<String>, Error> {
    store::retire_key(tx, now)
}

/// The keys that check seals, the present one first.
fn public_keys(tx: &mut Tx<'_>) -> Result<Vec<VerifyingKey>, Error> {
    let kept = store::key(tx)?;
    let present = kept.map(|kept| secret(&kept)).transpose()?;
    let mut keys: Vec<_> = present.iter().map(SigningKey::verifying_key).collect();
    let retired = store::retired_keys(tx)?;
    let retired = retired.iter().filter_map(|key| unhex::<32>(key));
    keys.extend(retired.filter_map(|bytes| VerifyingKey::from_bytes(&bytes).ok()));
    Ok(keys)
}

/// The key whose seal the receipt has.
fn key_of(tx: &mut Tx<'_>, receipt: &Receipt) -> Result<Option<VerifyingKey>, Error> {
    let mut keys = public_keys(tx)?.into_iter();
    Ok(keys.find(|key| is_sealed_by(key, receipt)))
}

/// The key that checks the receipt's seal, in hexadecimal; the present one where none does.
/// Whoever has it checks receipts without the program.
///
/// # Errors
/// The database fails.
pub(crate) fn public_key_text(tx: &mut Tx<'_>, receipt: &Receipt) -> Result<String, Error> {
    let key = match key_of(tx, receipt)? {
        Some(key) => Some(key),
        None => public_keys(tx)?.into_iter().next(),
    };
    Ok(key.map_or_else(String::new, |key| hex(key.as_bytes())))
}
