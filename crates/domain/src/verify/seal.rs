//! The digest of a line, from its JSON.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Differs, Line};

/// SHA-256 in hexadecimal over label, method, operands, rule, points, weight, sentence and the
/// children's digests, each with its length in bytes before it.
pub(super) fn digest(line: &Line<'_>) -> Result<String, Differs> {
    let mut parts: Vec<String> = Vec::new();
    parts.push(line.text("label")?.to_owned());
    parts.push(line.text("method")?.to_owned());
    for (name, value) in line.operands()? {
        parts.extend([name.to_owned(), value.to_owned()]);
    }
    let rule = Line {
        value: line.get("rule")?,
        path: line.path.clone(),
    };
    rule.only(&["pack", "version", "clause"])?;
    for key in ["pack", "version", "clause"] {
        parts.push(rule.text(key)?.to_owned());
    }
    for key in ["points", "weight"] {
        parts.push(line.get(key)?.to_string());
    }
    parts.push(match line.value.get("sentence") {
        None => "null".to_owned(),
        Some(Value::String(sentence)) => sentence.clone(),
        Some(_) => return Err(line.differs("sentence 应为文字")),
    });
    for child in line.children() {
        parts.push(
            child
                .get("digest")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        );
    }
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(format!("{}:{part}", part.len()).as_bytes());
    }
    let mut text = String::new();
    for byte in Sha256::digest(&bytes) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
