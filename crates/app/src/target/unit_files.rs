//! 单位目标表: all targets of a unit in one workbook to take away, and the same file filled and
//! brought back: first every difference, then the confirmation.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::permission::{Action, may};
use office::workbook::{self, Limits};
use serde::Deserialize;
use web::{Error, Shell};

use super::import::{self, Asked, ByPerson, Library, Line, Plan};
use super::store::many::{self, UnitWithTargets};
use super::store::waiting::{self, Waiting};
use super::{Stop, export};
use crate::budget::import::Outcome;
use crate::organisation::import_page::Sent;
use crate::permission::{Reach, Refused};
use crate::serve::{App, Frame, Person, Signed, WORKBOOK, file, now_text, text_after};
use crate::workflow;

/// The address of the page.
const PATH: &str = "/targets/files";

/// How long a preview waits for its confirmation.
const WAITS_SECONDS: i64 = 24 * 60 * 60;

/// Rows that a preview shows.
const MOST_SHOWN: usize = 500;

/// Units that the page offers.
const MOST_UNITS: i64 = 2_000;

/// Most bytes of what a file says. House rule: a unit of a hundred targets has a tenth of it.
const MOST_FILED_BYTES: usize = 4 << 20;

/// A form that carries its token alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// What a preview shows.
struct Preview {
    id: String,
    file_name: String,
    counts: [usize; 4],
    targets: usize,
    /// Rejected rows first, then changed and new ones.
    lines: Vec<Line>,
    is_cut: bool,
}

impl Preview {
    fn new(id: String, file_name: String, plan: &Plan) -> Self {
        let lines = plan.lines.iter();
        let told = lines.filter(|line| line.outcome != Outcome::Unchanged);
        let mut lines: Vec<Line> = told.cloned().collect();
        lines.sort_by_key(|line| line.outcome != Outcome::Rejected);
        let is_cut = lines.len() > MOST_SHOWN;
        lines.truncate(MOST_SHOWN);
        Self {
            id,
            file_name,
            counts: plan.counts(),
            targets: plan.targets(),
            lines,
            is_cut,
        }
    }

    fn rejected(&self) -> usize {
        self.counts[3]
    }

    /// Whether there is something to confirm.
    fn can_confirm(&self) -> bool {
        self.rejected() == 0 && self.targets > 0
    }
}

#[derive(Template)]
#[template(path = "target/unit_files.html")]
struct FilesPage {
    shell: Shell,
    /// The units whose targets may be taken away, with how many there are.
    units: Vec<UnitWithTargets>,
    /// The unit that the person fills for; none for who fills for none.
    own: Option<UnitWithTargets>,
    problem: Option<String>,
    preview: Option<Preview>,
    /// How many targets were written just now.
    done: Option<usize>,
}

impl FilesPage {
    fn is_cut(&self) -> bool {
        i64::try_from(self.units.len()).is_ok_and(|count| count >= MOST_UNITS)
    }
}

#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<usize>,
}

async fn page(
    app: &App,
    frame: Frame,
    (problem, preview, done): (Option<String>, Option<Preview>, Option<usize>),
) -> Result<Response, Error> {
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let (actor, region, year) = (frame.actor, frame.region_code, frame.shell.year);
    let (units, own) = app
        .db
        .read(move |tx| {
            let reach = Reach::of(&actor, Action::Export);
            let units = many::units(tx, (&region, year), &reach, MOST_UNITS)?;
            let fills = may(&actor, Action::Fill).is_allowed();
            let own = match actor.unit.as_ref().filter(|_| fills) {
                Some(unit) => many::unit(tx, &unit.0, year)?,
                None => None,
            };
            Ok::<_, db::Error>((units, own))
        })
        .await?;
    let page = web::page(&FilesPage {
        shell: frame.shell.at("/targets/progress"),
        units,
        own,
        problem,
        preview,
        done,
    })?;
    Ok((status, page).into_response())
}

/// `GET /targets/files`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Error> {
    page(&app, frame, (None, None, done)).await
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    unit: String,
}

/// `GET /targets/files/workbook?unit=…`
pub(super) async fn download(
    State(app): State<App>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let (actor, region, year) = (frame.actor, frame.region_code, frame.shell.year);
    let code = wanted.unit.clone();
    let exported = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let reach = Reach::of(&actor, Action::Export);
            if !many::reaches(tx, (&region, year), &reach, &wanted.unit)? {
                return Err(Refused::NotFound.into());
            }
            export::of_unit(tx, &region, &wanted.unit, year)
        })
        .await?;
    let Some(exported) = exported else {
        return Err(Error::Refused(format!(
            "这个单位没有 {year} 年的绩效目标：请换一个年度，或先编制目标。"
        )));
    };
    let name = format!("{code} {} {year}年绩效目标.xlsx", exported.unit);
    file(exported.bytes, WORKBOOK, &name)
}

/// `POST /targets/files/import`: the differences of a file.
pub(super) async fn preview(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    sent: Sent,
) -> Result<Response, Error> {
    let pack = app.db.read(workflow::place_pack).await?;
    let (bytes, name) = (sent.bytes, sent.name);
    let permit = app.checking.acquire().await?;
    let read = tokio::task::spawn_blocking(move || {
        let book = workbook::open(&bytes, &Limits::default()).map_err(|cause| cause.to_string())?;
        import::read(&book, &pack.target_forms)
    });
    let read = read.await?;
    drop(permit);
    let filed = match read {
        Ok(filed) => filed,
        Err(cause) => {
            let problem = format!("「{name}」：{cause}");
            return page(&app, frame, (Some(problem), None, None)).await;
        }
    };
    let text = import::to_text(&filed)?;
    if text.len() > MOST_FILED_BYTES {
        let problem = format!("「{name}」里的目标太多，请分成几个文件，一次传几十份");
        return page(&app, frame, (Some(problem), None, None)).await;
    }
    let (id, year) = (web::token::secret()?, frame.shell.year);
    let (now, too_old) = (now_text(), text_after(-WAITS_SECONDS));
    let key = id.clone();
    let shown = app
        .db
        .write(move |tx| -> Result<_, Stop> {
            let unit = own_unit(tx, &person, year)?;
            let plan = look(tx, &person, (&unit, year), &filed, &now)?;
            let shown = Preview::new(key.clone(), name.clone(), &plan);
            // What cannot be confirmed is not kept.
            if shown.can_confirm() {
                let waiting = Waiting {
                    unit: unit.id,
                    year,
                    filed: text.clone(),
                    digest: plan.digest(),
                };
                let owner = (&*key, &*person.actor.region, &*person.account);
                waiting::keep(tx, owner, (&name, &waiting), (&now, &too_old))?;
            }
            Ok(shown)
        })
        .await?;
    page(&app, frame, (None, Some(shown), None)).await
}

/// The unit that the person fills for.
fn own_unit(tx: &mut Tx<'_>, person: &Person, year: i64) -> Result<UnitWithTargets, Stop> {
    let unit = match &person.actor.unit {
        Some(unit) => many::unit(tx, &unit.0, year)?,
        None => None,
    };
    Ok(unit.ok_or_else(|| {
        Refused::Forbidden("您的账号不属于任何单位，不能填报绩效目标。".to_owned())
    })?)
}

/// What becomes of the file of a person, who fills for this unit alone.
fn look(
    tx: &mut Tx<'_>,
    person: &Person,
    (unit, year): (&UnitWithTargets, i64),
    filed: &[import::FiledTarget],
    now: &str,
) -> Result<Plan, Stop> {
    let region = &person.actor.region;
    let asked = Asked {
        region,
        year,
        unit: Some(&unit.code),
    };
    // Of other units' projects the person learns nothing, not even that there are any.
    let library = Library::of_unit(tx, region, &unit.id)?;
    let mut plan = import::look(tx, asked, &library, filed)?;
    import::refuse_unfit(tx, &mut plan, &person.actor, now)?;
    Ok(plan)
}

/// `POST /targets/files/import/{id}`: writes what the preview showed, if it would still show the
/// same.
pub(super) async fn confirm(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let now = now_text();
    let (year, count) = app
        .db
        .write(move |tx| confirmed(tx, &person, &id, &now))
        .await?;
    Ok(Redirect::to(&format!("{PATH}?year={year}&done={count}")).into_response())
}

/// The year, and how many targets were begun or changed.
fn confirmed(tx: &mut Tx<'_>, person: &Person, id: &str, now: &str) -> Result<(i64, usize), Stop> {
    let told = |sentence: &str| Stop::Told(Error::Refused(sentence.to_owned()));
    let waiting = waiting::find(tx, id, &person.account)?
        .ok_or_else(|| told("这份导入已经办完或已过期，请重新上传。"))?;
    let unit = own_unit(tx, person, waiting.year)?;
    if unit.id != waiting.unit {
        return Err(told("上传之后您换了单位，请重新上传。"));
    }
    let filed = import::of_text(&waiting.filed).map_err(Stop::Told)?;
    let plan = look(tx, person, (&unit, waiting.year), &filed, now)?;
    if plan.digest() != waiting.digest {
        return Err(told(
            "预览之后目标又有变动，请重新上传，核对新的差异后再确认。",
        ));
    }
    waiting::forget(tx, id)?;
    let asked = Asked {
        region: &person.actor.region,
        year: waiting.year,
        unit: Some(&unit.code),
    };
    let by = ByPerson {
        actor: &person.actor,
        account: &person.account,
    };
    import::write_by(tx, asked, (&person.login, now), (&plan, Some(by)))?;
    Ok((waiting.year, plan.targets()))
}
