//! The statement as JSON: every figure with its metric, value and position.

use domain::statement::{Part, Run};
use serde_json::{Value, json};

use super::Composed;
use super::paper::computed;

/// `{"year","title","final","missing","sections":[…],"figures":[…]}`, a section being
/// `{"level","heading","paragraphs"}`.
///
/// A figure is `{"metric","figure","part","text","value","missing","position"}`; its position is
/// `{"section","paragraph","offset"}`: the section's and the paragraph's number from 0, and the
/// number of characters that stand before it in its paragraph.
pub fn statement_json(composed: &Composed) -> Value {
    let statement = &composed.statement;
    let mut figures = Vec::new();
    let mut sections = Vec::new();
    for (section, part) in statement.parts.iter().enumerate() {
        for (paragraph, runs) in part.paragraphs.iter().enumerate() {
            add_figures(composed, (section, paragraph), runs, &mut figures);
        }
        sections.push(json!({
            "level": part.level,
            "heading": part.heading,
            "paragraphs": texts(part),
        }));
    }
    json!({
        "year": composed.year,
        "title": statement.title,
        "final": statement.is_final(),
        "missing": statement.missing,
        "sections": sections,
        "figures": figures,
    })
}

fn texts(part: &Part) -> Vec<String> {
    part.paragraphs
        .iter()
        .map(|runs| runs.iter().map(text).collect())
        .collect()
}

fn text(run: &Run) -> &str {
    match run {
        Run::Text(text) => text,
        Run::Figure(figure) => &figure.text,
    }
}

fn add_figures(
    composed: &Composed,
    (section, paragraph): (usize, usize),
    runs: &[Run],
    figures: &mut Vec<Value>,
) {
    let mut offset = 0;
    for run in runs {
        if let Run::Figure(figure) = run {
            let value = computed(composed, &figure.key).and_then(|it| it.value.as_ref());
            let metric = figure.key.split('/').next().unwrap_or(&figure.key);
            figures.push(json!({
                "metric": metric,
                "figure": figure.key,
                "part": figure.part,
                "text": figure.text,
                "value": value,
                "missing": figure.missing,
                "position": {
                    "section": section,
                    "paragraph": paragraph,
                    "offset": offset,
                },
            }));
        }
        offset += text(run).chars().count();
    }
}
