//! One-time codes (TOTP, RFC 6238): 6 digits, 30 seconds, SHA-1, as every authenticator takes them.

use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use web::Error;

/// Seconds of a time step.
const STEP_SECONDS: u64 = 30;

/// Digits of a code.
const DIGITS: u8 = 6;

/// Codes that stand in for a lost authenticator.
const RECOVERY_CODES: usize = 10;

/// Who issues, as an authenticator shows it.
const ISSUER: &str = "预算绩效";

/// The authenticator of this secret.
fn totp(secret: &str, login: &str) -> Result<Totp, Error> {
    let secret = Secret::try_from_base32(secret).map_err(|error| Error::internal(&error))?;
    // A colon would end the name in the address.
    let login = login.replace(':', "_");
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(1)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret)
        .with_account_name(login)
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|error| Error::internal(&error))
}

/// A new secret of 160 bits in base 32.
pub(super) fn fresh_secret() -> Result<String, Error> {
    Ok(Secret::from(web::token::bytes::<20>()?).to_base32())
}

/// The secret in groups of four, to be typed.
pub(super) fn spaced(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

/// The time step whose code this is, at `seconds` since 1970 and one step before or after.
pub(super) fn step(secret: &str, code: &str, seconds: u64) -> Result<Option<i64>, Error> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret, "x")?.check(&digits, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// The picture that an authenticator reads the secret from.
pub(super) fn picture(secret: &str, login: &str) -> Result<String, Error> {
    let address = totp(secret, login)?
        .to_url()
        .map_err(|error| Error::internal(&error))?;
    let code = QRBuilder::new(address)
        .build()
        .map_err(|error| Error::internal(&error))?;
    Ok(SvgBuilder::default().to_str(&code))
}

/// New recovery codes and their digests.
pub(super) fn recovery_codes() -> Result<(Vec<String>, Vec<String>), Error> {
    let codes: Result<Vec<String>, Error> = (0..RECOVERY_CODES)
        .map(|_| web::token::readable())
        .collect();
    let codes = codes?;
    let digests = codes.iter().map(|code| recovery_digest(code)).collect();
    Ok((codes, digests))
}

/// What is kept of a recovery code, however it was typed.
pub(super) fn recovery_digest(code: &str) -> String {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    web::token::digest(&format!("recovery:{letters}"))
}

/// Whether it can only be a recovery code.
pub(super) fn is_recovery(code: &str) -> bool {
    code.chars().filter(char::is_ascii_alphanumeric).count() > usize::from(DIGITS)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The code of this moment, as an authenticator shows it.
    pub(crate) fn code_at(secret: &str, seconds: u64) -> String {
        totp(secret, "x").unwrap().generate(seconds).to_string()
    }

    /// The vectors of RFC 6238 appendix B for SHA-1, cut to six digits.
    #[test]
    fn the_vectors_of_the_standard_hold() {
        let secret = Secret::from(*b"12345678901234567890").to_base32();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let expected = i64::try_from(seconds / STEP_SECONDS).unwrap();
            assert_eq!(
                step(&secret, code, seconds).unwrap(),
                Some(expected),
                "{code}"
            );
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let secret = fresh_secret().unwrap();
        let now = 1_600_000_000 / STEP_SECONDS * STEP_SECONDS;
        let code = code_at(&secret, now);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        for (seconds, is_taken) in [
            (now - 31, false),
            (now - 1, true),
            (now + 59, true),
            (now + 60, false),
        ] {
            assert_eq!(
                step(&secret, &spaced, seconds).unwrap().is_some(),
                is_taken,
                "{seconds}"
            );
        }
        for code in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(step(&secret, code, now).unwrap(), None, "{code}");
        }
    }

    #[test]
    fn the_picture_is_svg_and_a_recovery_code_may_be_typed_in_any_way() {
        let secret = fresh_secret().unwrap();
        assert!(picture(&secret, "a:b").unwrap().starts_with("<svg"));
        let (codes, digests) = recovery_codes().unwrap();
        assert_eq!(codes.len(), 10);
        let typed = format!(" {} ", codes[0].replace('-', " "));
        assert_eq!(recovery_digest(&typed), digests[0]);
        assert!(is_recovery(&codes[0]) && !is_recovery("123 456"));
    }
}
