//! Hands a file out, to who may see its record.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use office::media::Media;
use web::Error;

use super::store::{self, Scan};
use super::{blob, rights};
use crate::permission::Refused;
use crate::serve::{App, Person};

/// `GET /attachments/{id}`: always a file to be saved, never a page of this site.
pub(super) async fn download(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let kept = app
        .db
        .read(move |tx| {
            let kept = store::find(tx, &id)?.ok_or(Refused::NotFound)?;
            rights::see(tx, &person.actor, &kept.kind, &kept.record)?;
            Ok::<_, Refused>(kept)
        })
        .await?;
    match kept.scan {
        Scan::None | Scan::Clean => {}
        Scan::Infected => {
            return Err(Error::Forbidden(
                "这个附件查出病毒，已经隔离，不能下载：请上传人删除后换一份干净的文件。".to_owned(),
            ));
        }
        Scan::Waiting => {
            return Err(Error::Forbidden(
                "这个附件正在查毒，请过几分钟再下载；一直不能下载时请联系系统管理员。".to_owned(),
            ));
        }
    }
    let kind = Media::find(&kept.media_type)
        .map_or("application/octet-stream", |media| media.content_type());
    let proof = (kept.pieces, kept.digest);
    let pieces = blob::proven_pieces(app.db.clone(), store::piece, kept.blob, proof);
    let mut answer = Body::from_stream(pieces).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_LENGTH, kept.size.into());
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    web::attach(&mut answer, &kept.name)?;
    Ok(answer)
}
