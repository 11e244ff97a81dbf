//! The statement as a file in one of its formats.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use serde::Deserialize;
use web::Error;

use super::Format;
use crate::serve::{App, Frame, file};

/// What the address chooses.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    format: String,
}

/// `GET /statement/export?format=docx`
pub(super) async fn save(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let format = Format::ALL
        .into_iter()
        .find(|format| format.ending() == chosen.format)
        .ok_or(Error::NotFound)?;
    if frame.region_code.is_empty() {
        return Err(Error::NotFound);
    }
    let (region, year) = (frame.region_code, i32::try_from(frame.shell.year)?);
    let composed = app
        .db
        .read(move |tx| {
            let mut composed = super::load(tx, &region, year)?;
            // Only a page carries the records: on paper they would be a book.
            if format == Format::Html {
                super::read_records(tx, &region, &mut composed)?;
            }
            Ok::<_, db::Error>(composed)
        })
        .await?;
    let site = site(&headers).filter(|_| format != Format::Html);
    let links = format.links(site.as_deref());
    let written =
        tokio::task::spawn_blocking(move || super::write(&composed, format, &links)).await?;
    let bytes = written.map_err(|error| Error::Refused(error.to_string()))?;
    let name = format!("statement-{year}.{}", format.ending());
    file(bytes, format.media_type(), &name)
}

/// The address under which the reader knows this site: the figures of the file lead there. A page
/// carries its records itself and needs none.
fn site(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte);
    let secure = headers
        .get("x-forwarded-proto")
        .is_some_and(|scheme| scheme.as_bytes() == b"https");
    let scheme = if secure { "https" } else { "http" };
    (!host.is_empty() && host.bytes().all(plain)).then(|| format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_lead_to_the_site_that_the_reader_asked() {
        let site_of = |host: &str, scheme: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            if let Some(scheme) = scheme {
                headers.insert("x-forwarded-proto", scheme.parse().unwrap());
            }
            site(&headers)
        };
        let local = site_of("127.0.0.1:8080", None);
        assert_eq!(local.as_deref(), Some("http://127.0.0.1:8080"));
        let behind = site_of("jx.example", Some("https"));
        assert_eq!(behind.as_deref(), Some("https://jx.example"));
        assert_eq!(site_of("a b\" onclick", None), None);
        assert_eq!(site(&HeaderMap::new()), None);
    }
}
