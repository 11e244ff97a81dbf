//! Values that who reads the database, or a copy of it, must not learn.
//!
//! A sealed value is `sealed1:` and, in hexadecimal, a nonce of 96 bits and what AES-256-GCM makes
//! of the text. The place where it stands is bound to it, so that it opens nowhere else.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};

use crate::error::Error;

/// Bytes of a nonce. It is made by chance: a place seals some thousand values in its life, and two
/// of them meet after some 2³² only.
const NONCE_BYTES: usize = 12;

/// The key of sealed values.
#[derive(Clone)]
pub struct SealKey(Aes256Gcm);

// A key must not get into a log.
impl std::fmt::Debug for SealKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SealKey")
    }
}

impl SealKey {
    /// Stands before every sealed value; another way of sealing gets another one.
    pub const MARK: &str = "sealed1:";

    /// The key of 256 bits.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Aes256Gcm::new(bytes.into()))
    }

    /// Seals a text for its place, such as `account.totp_secret:` and the row's key.
    pub(crate) fn seal(&self, place: &str, text: &str) -> Result<String, Error> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce)
            .map_err(|_| Error::Unavailable("the machine gives no randomness".to_owned()))?;
        let payload = Payload {
            msg: text.as_bytes(),
            aad: place.as_bytes(),
        };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::Sealed("cannot be sealed"))?;
        let bytes = nonce.iter().chain(&sealed);
        let digits = bytes.flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.filter_map(|half| char::from_digit(half.into(), 16));
        Ok(Self::MARK.chars().chain(digits).collect())
    }

    /// Opens what was sealed for that place.
    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<String, Error> {
        let bytes = sealed.strip_prefix(Self::MARK).and_then(bytes);
        let bytes = bytes.ok_or(Error::Sealed("is not sealed"))?;
        let (nonce, msg) = bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(Error::Sealed("is too short"))?;
        let aad = place.as_bytes();
        let opened = self.0.decrypt(&Nonce::from(*nonce), Payload { msg, aad });
        let opened = opened.map_err(|_| Error::Sealed("has another key, place or content"))?;
        String::from_utf8(opened).map_err(|_| Error::Sealed("is no text"))
    }
}

/// The bytes that hexadecimal digits stand for.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(16)).collect();
    let pairs = digits?;
    pairs
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::SealKey;

    const PLACE: &str = "account.totp_secret:a-1";

    #[test]
    fn a_sealed_text_opens_with_its_key_at_its_place_alone() {
        let (key, other) = (SealKey::new(&[1; 32]), SealKey::new(&[2; 32]));
        let sealed = key.seal(PLACE, "秘密 JBSWY3DP").unwrap();
        assert!(sealed.starts_with("sealed1:"), "{sealed}");
        assert_ne!(sealed, key.seal(PLACE, "秘密 JBSWY3DP").unwrap());
        assert_eq!(key.open(PLACE, &sealed).unwrap(), "秘密 JBSWY3DP");
        assert!(other.open(PLACE, &sealed).is_err());
        assert!(key.open("account.totp_secret:a-2", &sealed).is_err());
    }

    #[test]
    fn what_was_touched_or_never_sealed_does_not_open() {
        let key = SealKey::new(&[1; 32]);
        let sealed = key.seal(PLACE, "x").unwrap();
        let last = if sealed.ends_with('0') { "1" } else { "0" };
        let touched = format!("{}{last}", &sealed[..sealed.len() - 1]);
        for text in ["", "x", "sealed1:", "sealed1:0", "sealed1:zz", &touched] {
            assert!(key.open(PLACE, text).is_err(), "{text}");
        }
    }
}
