//! Secrets of chance: session tokens, form tokens, first passwords.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::error::Error;

/// Letters and digits that nobody takes for another: no 0 O 1 l I.
const READABLE: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyzA";

/// 256 bits in hexadecimal.
///
/// # Errors
/// The machine gives no randomness.
pub fn secret() -> Result<String, Error> {
    Ok(hex(&bytes::<32>()?))
}

/// A password to be read from a screen once: 20 characters in groups of five, 100 bits.
///
/// # Errors
/// The machine gives no randomness.
pub fn readable() -> Result<String, Error> {
    let mut password = String::new();
    for (place, byte) in bytes::<20>()?.iter().enumerate() {
        if place > 0 && place % 5 == 0 {
            password.push('-');
        }
        password.push(char::from(READABLE[usize::from(byte % 32)]));
    }
    Ok(password)
}

/// A short reference number for a log entry; dashes where the machine gives no randomness.
pub(crate) fn reference() -> String {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => hex(&bytes).to_uppercase(),
        Err(_) => "----".to_owned(),
    }
}

/// What is kept of a token, so that who reads the database cannot use it.
pub fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Bytes of chance.
///
/// # Errors
/// The machine gives no randomness.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(&error))?;
    Ok(bytes)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

/// The bytes that hexadecimal digits stand for, if they are so many.
pub fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let digits: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(16)).collect();
    let bytes: Option<Vec<u8>> = digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect();
    bytes?.try_into().ok()
}
