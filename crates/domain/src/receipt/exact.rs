//! Points as exact JSON numbers with two decimals (`14.61`), or null.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

use crate::number::{Centi, Decimal};

// serde's `with` hands a reference.
#[expect(clippy::ref_option, reason = "the signature is serde's")]
pub(super) fn serialize<S: Serializer>(
    points: &Option<Centi>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let number = points.map(|points| points.to_string().parse::<Number>());
    number
        .transpose()
        .map_err(serde::ser::Error::custom)?
        .serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Centi>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let points = number
        .to_string()
        .parse::<Decimal>()
        .ok()
        .and_then(Centi::from_decimal);
    points
        .map(Some)
        .ok_or_else(|| serde::de::Error::custom("points are a number"))
}
