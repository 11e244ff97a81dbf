//! The statement as a file in one of its formats: at once, or where pages are set, as a job.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use domain::permission::Action;
use serde::{Deserialize, Serialize};
use web::Error;

use super::Format;
use crate::job::{self, Kind, New, Product, Stop, Task};
use crate::serve::{App, Frame, Person, Signed, file};

/// What the address chooses, or the form.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    format: String,
}

impl Chosen {
    fn format(&self) -> Option<Format> {
        let mut all = Format::ALL.into_iter();
        all.find(|format| format.ending() == self.format)
    }
}

/// `GET /statement/export?format=md`: the file, whoever waits for it.
pub(super) async fn save(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let format = chosen.format().ok_or(Error::NotFound)?;
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
    file(bytes, format.media_type(), &name(year, format))
}

fn name(year: i32, format: Format) -> String {
    format!("statement-{year}.{}", format.ending())
}

/// What a job needs to know.
#[derive(Debug, Serialize, Deserialize)]
struct Parameters {
    format: String,
    region_code: String,
    year: i32,
    /// Where the figures lead.
    site: Option<String>,
}

/// `POST /statement/files`: the file, made as a job.
pub(super) async fn begin(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    headers: HeaderMap,
    Signed(chosen): Signed<Chosen>,
) -> Result<Response, Error> {
    let format = chosen.format().ok_or(Error::Unreadable)?;
    if frame.region_code.is_empty() {
        return Err(Error::NotFound);
    }
    let year = i32::try_from(frame.shell.year)?;
    let parameters = Parameters {
        format: format.ending().to_owned(),
        region_code: frame.region_code,
        year,
        site: site(&headers),
    };
    let new = New {
        kind: Kind::Statement,
        title: name(year, format),
        parameters: serde_json::to_string(&parameters)?,
    };
    job::ask(&app, &person, new).await
}

/// Reads the year's records, composes the statement and sets it on paper.
pub(crate) async fn job(task: Task) -> Result<Product, Stop> {
    task.owner.demand(Action::ReadStatistics)?;
    let Parameters {
        format,
        region_code,
        year,
        site,
    } = task.asked()?;
    let chosen = Chosen { format };
    let gone = || Stop::Told("没有这种格式，请从年度说明重新导出".to_owned());
    let format = chosen.format().ok_or_else(gone)?;
    task.progress.step("统计各项数字", 2)?;
    let composed = task
        .db
        .read(move |tx| super::load(tx, &region_code, year))
        .await?;
    task.progress.at(1)?;
    task.progress.step("排版", 2)?;
    let links = format.links(site.as_deref());
    let written = tokio::task::spawn_blocking(move || super::write(&composed, format, &links));
    let written = written.await.map_err(|cause| Stop::Inside(cause.into()))?;
    task.progress.at(2)?;
    Ok(Product::File {
        name: name(year, format),
        media_type: format.media_type(),
        bytes: written.map_err(|error| Stop::Told(error.to_string()))?,
    })
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
