//! Hands out the file that came of a job.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use web::Error;

use super::store;
use crate::attachment::proven_pieces;
use crate::serve::{App, Person, now_text};

/// `GET /jobs/{id}/file`
pub(super) async fn save(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let (key, account) = (id.clone(), person.account);
    let found = app
        .db
        .read(move |tx| store::find(tx, &account, &key))
        .await?;
    let file = found.and_then(|job| job.file).ok_or(Error::NotFound)?;
    if file.expires_at < now_text() {
        return Err(Error::NotFound);
    }
    let proof = (file.pieces, file.digest);
    let pieces = proven_pieces(app.db.clone(), store::piece, id, proof);
    let mut answer = Body::from_stream(pieces).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(&file.media_type)?);
    headers.insert(CONTENT_LENGTH, file.bytes.into());
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    web::attach(&mut answer, &file.name)?;
    Ok(answer)
}
