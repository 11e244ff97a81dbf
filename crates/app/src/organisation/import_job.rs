//! Long lists of units: their preview and their import as jobs.

use db::Tx;
use domain::permission::Action;
use serde::{Deserialize, Serialize};

use super::import::{self, counts};
use super::import_page::Preview;
use super::store::write::{self, Waiting};
use crate::job::{Kind, New, Product, Stop, Task, finish};

/// What a job needs to know.
#[derive(Debug, Serialize, Deserialize)]
struct Parameters {
    /// The filed list.
    import: String,
    region_code: String,
}

/// The job that compares the filed list, or that writes it.
///
/// # Errors
/// The parameters cannot be written.
pub(super) fn new(
    kind: Kind,
    (import, region): (&str, &str),
    file_name: &str,
) -> Result<New, web::Error> {
    let parameters = Parameters {
        import: import.to_owned(),
        region_code: region.to_owned(),
    };
    Ok(New {
        kind,
        title: file_name.to_owned(),
        parameters: serde_json::to_string(&parameters)?,
    })
}

fn waiting(tx: &mut Tx<'_>, task: &Task, id: &str) -> Result<Waiting, Stop> {
    let found = write::find_import(tx, id, &task.owner.actor.id.0)?;
    found.ok_or_else(|| Stop::Told("这份导入已经办完或已过期，请重新上传".to_owned()))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Says what becomes of each row, and keeps that for the confirmation.
pub(crate) async fn preview_job(task: Task) -> Result<Product, Stop> {
    task.owner.demand(Action::ManageUnits)?;
    let Parameters {
        import: id,
        region_code: region,
    } = task.asked()?;
    let (asked, key) = (task.clone(), id.clone());
    let compared = task.db.read(move |tx| {
        let waiting = waiting(tx, &asked, &key)?;
        let filed = import::from_json(&waiting.filed).unwrap_or_default();
        asked.progress.step("逐行核对", number(filed.len()))?;
        let lines = import::look_watched(tx, &region, waiting.year, filed, |done| {
            asked.progress.at(number(done))
        })?;
        let preview = Preview::new(key.clone(), waiting.file_name, &lines);
        Ok::<_, Stop>((waiting.year, preview, import::digest(&lines)))
    });
    let (year, preview, digest) = compared.await?;
    let preview = serde_json::to_string(&preview).map_err(|cause| Stop::Inside(cause.into()))?;
    let done = task.clone();
    task.db
        .write(move |tx| {
            write::set_preview(tx, &id, &digest, &preview)?;
            finish(tx, &done, &format!("/units/import/{id}?year={year}"))
        })
        .await?;
    Ok(Product::Finished)
}

/// Writes what the preview showed, if it would still show the same: all of it or nothing.
pub(crate) async fn import_job(task: Task) -> Result<Product, Stop> {
    task.owner.demand(Action::ManageUnits)?;
    let Parameters {
        import: id,
        region_code: region,
    } = task.asked()?;
    let asked = task.clone();
    let write = task.db.write(move |tx| {
        let progress = &asked.progress;
        let waiting = waiting(tx, &asked, &id)?;
        let filed = import::from_json(&waiting.filed).unwrap_or_default();
        let rows = number(filed.len());
        // Each row is compared once more and written once at most.
        progress.step("逐行核对", rows.saturating_mul(2))?;
        let lines = import::look_watched(tx, &region, waiting.year, filed, |done| {
            progress.at(number(done))
        })?;
        if import::digest(&lines) != waiting.plan_digest {
            return Err(Stop::Told(
                "预览之后单位又有变动，请重新上传，核对新的差异后再确认".to_owned(),
            ));
        }
        let [new, changed, ..] = counts(&lines);
        progress.step("写入单位", rows.saturating_add(number(new + changed)))?;
        let who = (&*region, &*asked.owner.login, &*asked.now);
        import::write_watched(tx, who, waiting.year, &lines, |done| {
            progress.at(rows.saturating_add(number(done)))
        })?;
        write::drop_import(tx, &id)?;
        finish(tx, &asked, &format!("/units?year={}", waiting.year))
    });
    write.await?;
    Ok(Product::Finished)
}
