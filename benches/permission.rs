//! "May I?" as every request asks it. The goal is less than a microsecond.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use domain::permission::{Action, Actor, Role, Subject, UnitId, covers, decide, may};

/// Somebody with two roles of a department, the most that people have.
fn actor() -> Actor {
    Actor {
        id: domain::permission::PersonId("ac-101b".to_owned()),
        roles: vec![Role::UnitHead, Role::DepartmentReviewer],
        unit: Some(UnitId("u-001".to_owned())),
        section: None,
        region: "510683".to_owned(),
        tasks: Vec::new(),
    }
}

/// A record of a unit two levels below `unit`.
fn record(unit: &str) -> Subject {
    Subject {
        unit: Some("u-001-01-02".into()),
        superiors: vec!["u-001-01".into(), unit.into()],
        section: Some("g-1".into()),
        record: Some("t-001-01-2020-1".into()),
        ..Subject::of_region("510683")
    }
}

fn permission(criterion: &mut Criterion) {
    let (actor, own, other) = (actor(), record("u-001"), record("u-002"));
    let mut group = criterion.benchmark_group("permission");
    group.bench_function("bare comparison of the scope", |bencher| {
        bencher.iter(|| {
            covers(
                domain::permission::Scope::SubordinateUnits,
                black_box(&actor),
                black_box(&own),
            )
        });
    });
    group.bench_function("a record that one may see", |bencher| {
        bencher.iter(|| decide(black_box(&actor), Action::View, black_box(&own)));
    });
    group.bench_function("a record that is hidden", |bencher| {
        bencher.iter(|| decide(black_box(&actor), Action::View, black_box(&other)));
    });
    group.bench_function("a refusal in words", |bencher| {
        bencher.iter(|| decide(black_box(&actor), Action::Conclude, black_box(&own)));
    });
    group.bench_function("a page that one may open", |bencher| {
        bencher.iter(|| may(black_box(&actor), Action::View));
    });
    group.finish();
}

criterion_group!(benches, permission);
criterion_main!(benches);
