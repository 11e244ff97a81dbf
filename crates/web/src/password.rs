//! Passwords: kept as argon2id, checked in constant effort.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use crate::error::Error;

/// What is kept of `password`: argon2id with a random salt, in the PHC text form.
///
/// # Errors
/// The machine gives no randomness.
pub fn hash(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::internal(&error))
}

/// Whether `password` is the one of `kept`. Takes as long without a kept hash, so that nobody
/// learns from the time whether a name exists.
pub fn verify(password: &str, kept: Option<&str>) -> bool {
    /// The hash of nothing that anybody knows.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(hash) = PasswordHash::new(kept.unwrap_or(NOBODY)) else {
        return false;
    };
    let fits = Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok();
    fits && kept.is_some()
}
