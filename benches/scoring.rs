//! Scores with sealed receipts against the bare arithmetic of the same indicators.
//!
//! The throughput is in indicators: on one core at least 500,000 a second are asked for.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::indicator::Operator;
use domain::number::{Centi, Decimal, Fen, round_to};
use domain::rulepack::default_pack;
use domain::scoring::{Attainment, BudgetExecution, IndicatorInput, ObjectKind, ScoreInput, score};

const INDICATORS: i64 = 10;

/// A project with ten indicators, half of them missed.
fn input() -> ScoreInput {
    let indicators = (0..INDICATORS).map(|number| IndicatorInput {
        name: Arc::from(format!("完成改造道路里程{number}")),
        target_text: Arc::from("≥500公里"),
        actual_text: Arc::from("487公里"),
        weight: Centi(900),
        attainment: Attainment::Quantity {
            operator: Operator::AtLeast,
            direction: None,
            target: Decimal::from(500),
            actual: Decimal::from(480 + 5 * number),
        },
        is_satisfaction: false,
        target_too_low: false,
        manual_deduction: None,
    });
    ScoreInput {
        kind: ObjectKind::Project,
        name: Arc::from("农村公路改造"),
        budget: vec![BudgetExecution {
            adjusted_fen: Fen(45_000_000),
            executed_fen: Fen(38_250_000),
        }],
        execution_weight: Centi(1000),
        indicators: indicators.collect(),
        deductions: Vec::new(),
    }
}

/// The same points without a receipt: what the arithmetic alone costs.
fn bare(input: &ScoreInput) -> Decimal {
    let mut sum = Decimal::ZERO;
    for indicator in &input.indicators {
        if let Attainment::Quantity { target, actual, .. } = indicator.attainment {
            let share =
                (actual * indicator.weight.decimal() / target).min(indicator.weight.decimal());
            sum += round_to(share, 2);
        }
    }
    sum
}

fn scoring(criterion: &mut Criterion) {
    let (pack, input) = (default_pack(), input());
    let mut group = criterion.benchmark_group("ten indicators");
    group.throughput(Throughput::Elements(INDICATORS.unsigned_abs()));
    group.bench_function("bare arithmetic", |bencher| {
        bencher.iter(|| bare(black_box(&input)));
    });
    group.bench_function("score with receipt", |bencher| {
        bencher.iter(|| score(pack, black_box(&input)));
    });
    group.bench_function("score with sealed receipt", |bencher| {
        bencher.iter(|| score(pack, black_box(&input)).map(|scored| scored.receipt("自评表.xlsx")));
    });
    group.finish();
}

criterion_group!(benches, scoring);
criterion_main!(benches);
